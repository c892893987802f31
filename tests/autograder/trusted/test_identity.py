"""Which tests ask that two values are one object."""

from __future__ import annotations

from pathlib import Path

import pytest
from otter.test_files.exception_test import ExceptionTestFile

from autograder.trusted import identity


@pytest.mark.parametrize(
    ("source", "same", "apart"),
    [
        ("assert a is b", True, False),
        ("assert f(a) is not a", False, True),
        ("assert a[0] is a[1] and b is not a", True, True),
        ("assert id(a) == id(b)", True, False),
        ("assert id(a) != id(b)", False, True),
        ("case.assertIs(a, b)", True, False),
        ("case.assertIsNot(a, b)", False, True),
        ("assert a is None and b is not None", False, False),
        ("assert f() is True and type(a) is list", False, False),
        ("assert a.dtype is float and a.__class__ is C", False, False),
        ("case.assertIs(a, None)", False, False),
        ("assert a == b and id(a) == 3", False, False),
        ("assert any(a) is (len(b) > 0) and f(a) is not isinstance(b, C)", False, False),
        ("assert f(a) is (not b) and f(a) is (a in b)", False, False),
        ("assert not np.shares_memory(a, b)", True, True),
        ("assert may_share_memory(a, b)", True, True),
        ("assert a.base is None and b == c", True, True),
        ("assert a.base == 3 and log(a, base=2) is None", False, False),
        ("no Python", False, False),
    ],
)
def test_it_is_seen(source: str, same: bool, apart: bool) -> None:
    assert identity.asked([source]) == (same, apart)


@pytest.mark.parametrize(
    ("source", "same", "apart"),
    [
        ("assert type(a) is C", True, False),
        ("assert a.__class__ is not module.C", False, True),
        ("assert type(a) is type(b)", True, False),
        ("case.assertIs(type(a), C)", True, False),
        ("case.assertIsNot(C, type(a))", False, True),
        ("assert issubclass(type(a), C)", True, True),
        ("assert type(a) is int and type(a) is not np.ndarray", False, False),
        ("assert type(a) is pd.DataFrame or type(a) is np.float64", False, False),
        ("assert type(a) is type([]) and type(a) is not type('')", False, False),
        ("assert type(a) is type(None) and issubclass(type(a), dict)", False, False),
        ("assert a is C and type(a, b, c) is C and type(a) is None", False, False),
        ("no Python", False, False),
    ],
)
def test_it_is_seen_that_a_class_is_asked_for(source: str, same: bool, apart: bool) -> None:
    assert identity.kinds([source]) == (same, apart)


def test_the_examples_of_a_doctest_are_looked_at() -> None:
    text = ">>> x = [1]\n>>> for y in (x,):\n...     print(x is y)\nTrue\n"
    assert identity.asked(identity.of_doctest(text)) == (True, False)
    assert identity.of_doctest(">>> x\n  1\n 2\n>>>x\n") == []


def test_each_function_is_looked_at_alone(tmp_path: Path) -> None:
    text = (
        "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q'\n"
        "@test_case(\n    points=1,\n)\ndef look(a, b):\n    assert a is b\n"
        "@test_case(points=1)\ndef see(a, b):\n    assert a == b\n"
    )
    path = tmp_path / "q.py"
    path.write_text(text)
    cases = ExceptionTestFile.from_file(str(path)).test_cases
    found = [identity.of_function(case.body.test_func, text) for case in cases]
    assert [identity.asked([source]) for source in found] == [(True, False), (False, False)]
