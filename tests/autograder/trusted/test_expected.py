"""Which values reach a test under which names: its text decides."""

from __future__ import annotations

import math
import random
import statistics
import time
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from autograder.trusted.expected import Expected, comparison


def expected(text: str, names: list[str] | None = None, *, doctests: bool = True) -> Expected:
    return Expected(text, doctests, names, frozenset(["shapes"]))


@pytest.mark.parametrize(
    ("names", "doctests", "name", "taken"),
    [
        (["x"], True, "x", True),
        (["x"], True, "y", False),
        (["x"], False, "abs", False),
        (["x", "abs"], True, "abs", False),
        (["__builtins__"], True, "__builtins__", False),
        (None, True, "anything", True),
        (None, True, "abs", False),
        (None, True, "_private", False),
        (None, True, "__builtins__", False),
        # What functions take from `env` is never among their globals.
        (None, False, "sum", True),
        (["_x", "input"], False, "input", True),
    ],
)
def test_names(names: list[str] | None, doctests: bool, name: str, taken: bool) -> None:
    assert expected("", names, doctests=doctests).takes(name) is taken


class Agreeing:
    """Has what a library has, and says what its author likes."""

    pi = 3
    allclose = time = append = push = staticmethod(lambda *_: True)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("np.allclose(x, 3)", "np", Agreeing()),
        ("np.allclose(x, 3)", "np", pd.Series({"allclose": 1})),
        ("np.allclose(x, 3)", "np", math),
        ("np.all(x == 3)", "np", np.True_),
        ("eval('np' + '.allclose(x, 3)')", "np", Agreeing()),
        ("round(x - math.pi, 3)", "math", Agreeing()),
        ("round(x - math . pi, 3)", "math", pd.Series({"pi": 3})),
        ("math.pi", "math", np),
        ("tf.reduce_sum(x)", "tf", Agreeing()),
        ("time.time() > x", "time", Agreeing()),
    ],
)
def test_what_is_no_module_does_not_stand_for_one(text: str, name: str, value: Any) -> None:
    assert expected(text).foreign(name, value)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("np.allclose(x, 3)", "np", np),
        ("pd.DataFrame()", "pd", pd),
        ("mpl.rcParams", "mpl", matplotlib),
        ("math.isclose(x, 3)", "math", math),
        ("random.rand()", "random", np.random),
        ("random.random()", "random", random),
        # Names of modules that the tests use for something else.
        ("time", "time", 3.5),
        ("nx", "nx", 40),
        ("tf", "tf", 10.0),
        ("queue.push(3)", "queue", Agreeing()),
        ("statistics.append(3)", "statistics", []),
        ("x.time()", "time", Agreeing()),
        ("shape.area()", "shape", Agreeing()),
        ("statistics.mean([x])", "statistics", statistics),
        ("time.perf_counter()", "time", time),
    ],
)
def test_what_is_meant_arrives(text: str, name: str, value: Any) -> None:
    assert not expected(text).foreign(name, value)


def test_comparisons_are_the_librarys_own() -> None:
    assert expected("allclose(x, 3)").compares("allclose")
    assert not expected("np.allclose(x, 3)").compares("allclose")
    assert not expected("isclose", doctests=False).compares("isclose")
    assert comparison("allclose", "numpy") is np.allclose
    assert comparison("isclose", "math") is math.isclose
    assert comparison("assert_equal", "numpy.testing._private.utils") is np.testing.assert_equal
    assert comparison("allclose", "__main__") is None
    assert comparison("allclose", "") is None


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("np.ma.is_masked(x)", True),
        ("import numpy.ma", True),
        ("x.mask.sum()", True),
        ("getmaskarray(x)", True),
        ("table.mask(table > 3)", False),
        ("mask = x > 3", False),
        ("np.max(x)", False),
    ],
)
def test_only_tests_that_know_of_masks_get_them(text: str, known: bool) -> None:
    assert expected(text).masks is known


def test_missing_values_are_known_to_tests_that_name_them() -> None:
    assert expected("table.isna().sum()").gaps
    assert not expected("table.sum()  # after dropna\n").gaps
    assert not expected("x.max()  # x.mask is not used").masks
    assert expected("x is pd.NA").gaps
    assert not expected("(table == key).all()").gaps


@pytest.mark.parametrize(
    ("text", "replaces"),
    [
        ("import random\nrandom.randint = lambda a, b: 3", True),
        (">>> import random\n>>> random.random = roll", True),
        ("import sys\n    sys.argv = ['x']", True),
        ("import numpy as np\nnp.random.rand = one", True),
        ("import time\nsetattr(time, 'time', now)", True),
        ("import random\nassert random.random == roll", False),
        ("import pandas as pd\ntable.columns = ['a']", False),
        ("# random.random = x\nimport random", False),
    ],
)
def test_a_name_of_a_module_that_a_test_replaces_is_noticed(text: str, replaces: bool) -> None:
    assert Expected(text, False, None, frozenset()).replaces is replaces
