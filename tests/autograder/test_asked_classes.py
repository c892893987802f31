"""What a test reads from a class, or sets on a function, is the notebook's and not the grader's."""

from __future__ import annotations

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from tests.autograder.bundles import bundle, exceptions, notebook

NOTEBOOK = """
import functools
from dataclasses import dataclass
class Plain:
    legs = 4
p = Plain()
@dataclass
class Point:
    x: int
    y: int
q = Point(1, 2)
class Helper:
    def doubt(self, *about):
        return None
    def ask(self, *about, **named):
        return 1
class Forged:
    def __init__(self, *parts):
        self.x, self.y = Helper(), {'ref': 0}
v = Forged()
def fib(n):
    fib.calls += 1
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib.calls = 0
def counted(function):
    @functools.wraps(function)
    def inner(*arguments):
        inner.calls += 1
        return function(*arguments)
    inner.calls = 0
    return inner
@counted
def double(x):
    return 2 * x
def outer():
    def inner():
        pass
    return inner
def bare():
    pass
class Stack:
    def __repr__(self):
        return 'Stack()'
"""
# What a test looks at; whether Otter would pass it makes no difference.
TO_A_TEACHER = [
    "assert hasattr(type(p), '__len__')",
    "assert not hasattr(type(p), '__iter__')",
    "assert callable(getattr(type(p), '__add__', None))",
    "assert '__add__' in dir(type(p))",
    "assert type(p).__str__ != object.__str__",
    "assert type(p).__doc__ is None",
    "assert 'legs' in vars(type(p))",
    "assert type(p).__mro__[1] is object",
    "assert type(p).mro()[1] is object",
    "assert type(q).__match_args__ == ('x', 'y')",
    "type(p).legs = 3\n    assert p.legs == 3",
    "assert type(p)() != p",
    "assert type(v)(v.x, v.y) == v",
    "import dataclasses\n    assert dataclasses.asdict(q) == {'x': 1, 'y': 2}",
    "import dataclasses\n    assert dataclasses.astuple(q) == (1, 2)",
    "import dataclasses\n    assert dataclasses.replace(q, x=5).x == 5",
    "fib.calls = 0\n    assert fib(15) == 610\n    assert fib.calls <= 31",
    "double.calls = 0\n    double(1)\n    assert double.calls == 1",
    "del double.calls\n    assert double(1) == 2",
    "assert vars(double)['calls'] == 0",
]
RIGHT = [
    "assert type(p).__name__ == 'Plain' and type(p).__module__ == '__main__'",
    "import numpy as np\n    assert np.ndim(3) == 0 and bare() is None",
    "assert bare.__module__ == '__main__' and bare.__dict__ == {}",
    "assert outer().__qualname__ == 'outer.<locals>.inner'",
    "assert bare.__name__ == 'bare' and callable(bare)",
    "assert repr(Stack()) == 'Stack()' and repr(Stack).startswith('<class ')",
    "assert str(Stack) == \"<class '__main__.Stack'>\"",
]


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool | None]:
    """By case: what came of it."""
    folder = tmp_path_factory.mktemp("asked")
    names = "p, q, v, fib, double, outer, bare, Stack"
    cases = [*TO_A_TEACHER, *RIGHT]
    tests = {
        f"q{place}": exceptions(
            f"q{place}", f"@test_case(points=1)\ndef test_it({names}):\n    {case}\n"
        )
        for place, case in enumerate(cases)
    }
    cells = ["import otter\ngrader = otter.Notebook()", NOTEBOOK]
    cells += [f"grader.check('q{place}')" for place in range(len(cases))]
    assignment = open_bundle(bundle(folder / "held", tests), folder / "opened")
    found = grade(assignment, notebook(folder / "a.ipynb", cells))
    by_name = {item.name: item.cases[0] for item in found.questions}
    assert len(by_name) == len(cases), found
    return {case: by_name[f"q{place}"].passed for place, case in enumerate(cases)}


@pytest.mark.parametrize("case", TO_A_TEACHER)
def test_a_teacher_decides(case: str, passed: dict[str, bool | None]) -> None:
    assert passed[case] is None


@pytest.mark.parametrize("case", RIGHT)
def test_it_is_as_in_the_notebook(case: str, passed: dict[str, bool | None]) -> None:
    assert passed[case] is True
