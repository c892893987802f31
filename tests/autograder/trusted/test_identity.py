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
        ("assert a is int and b is not np.float64 and c is pd.Series", False, False),
        ("assert a is object and b is not np.ndarray", True, True),
        ("assert a is ValueError and b is not NotImplemented", True, True),
        ("assert f() is True and type(a) is list", False, False),
        ("assert a.dtype is float and a.__class__ is C", False, False),
        ("case.assertIs(a, None)", False, False),
        ("assert a == b and id(a) == 3", True, True),
        ("assert len({id(r) for r in a}) == 3", True, True),
        ("assert len(set(map(id, a))) == 3", True, True),
        ("for id in ids:\n    assert id == 3", False, False),
        ("assert not a is b and not (c is not b)", True, True),
        ("assert not a is b", False, True),
        ("same = a is b", True, True),
        ("def same(a, b):\n    return a is not b", True, True),
        ("def same(a, b):\n    assert a is b", True, False),
        ("assert operator.is_(a, b)", True, True),
        ("assert a is not pd.NaT and b is np.nan and c is pd.NA", False, False),
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
        ("assert type(type(a)) == type", True, False),
        ("assert a.__class__.__class__ != type and type(a) == C", False, True),
        ("no Python", False, False),
    ],
)
def test_it_is_seen_that_a_class_is_asked_for(source: str, same: bool, apart: bool) -> None:
    assert identity.kinds([source]) == (same, apart)


def test_the_examples_of_a_doctest_are_looked_at() -> None:
    text = ">>> x = [1]\n>>> for y in (x,):\n...     print(x is y)\nTrue\n"
    assert identity.asked(identity.of_doctest(text)) == (True, False)
    assert identity.of_doctest(">>> x\n  1\n 2\n>>>x\n") == []


@pytest.mark.parametrize(
    ("source", "same", "apart"),
    [
        ("assert type(f) is types.FunctionType", True, False),
        ("assert FunctionType is not type(f)", False, True),
        ("assert type(f) is type(lambda: 0)", True, False),
        ("case.assertIs(type(f), functools.partial)", True, False),
        ("assert type(f(3)) is float and type(f) is C", False, False),
        ("assert isinstance(f, functools.partial)", True, False),
        ("case.assertNotIsInstance(f, (str, MethodType))", False, True),
        ("assert isinstance(f, types.FunctionType) and isinstance(f, str)", False, False),
    ],
)
def test_it_is_seen_that_the_class_of_a_function_is_asked_for(
    source: str, same: bool, apart: bool
) -> None:
    assert identity.functions([source]) == (same, apart)


def test_what_a_doctest_expects_to_be_false_is_wanted_the_other_way_round() -> None:
    assert identity.asked(identity.of_doctest(">>> a is b\nFalse\n")) == (False, True)
    assert identity.asked(identity.of_doctest(">>> a is not b\nFalse\n")) == (True, False)
    assert identity.asked(identity.of_doctest(">>> if a is b: b\nFalse\n")) == (True, False)


def test_the_functions_that_a_test_calls_are_looked_at(tmp_path: Path) -> None:
    text = (
        "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q'\n"
        "def same(a, b):\n    return a is b\ndef apart(a, b):\n    return not same(a, b)\n"
        "key = id\n"
        "@test_case(points=1)\ndef look(a, b):\n    assert apart(a, b)\n"
        "@test_case(points=1)\ndef see(a, b):\n    assert a == b\n"
        "@test_case(points=1)\ndef sort(a, b):\n    assert sorted(a, key=key)\n"
    )
    path = tmp_path / "q.py"
    path.write_text(text)
    cases = ExceptionTestFile.from_file(str(path)).test_cases
    found = [identity.of_function(case.body.test_func, text) for case in cases]
    asked = [(True, True), (False, False), (True, True)]
    assert [identity.asked(sources) for sources in found] == asked


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
    assert [identity.asked(sources) for sources in found] == [(True, False), (False, False)]
