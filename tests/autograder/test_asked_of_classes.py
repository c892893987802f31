"""A test that asks for what is in a class, or sets something on a function, asks nothing here."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Grade
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook
from tests.autograder.test_carrying import case

# Whether a case passes, by its body; None for a teacher.
CASES: dict[str, bool | None] = {
    # The notebook's class has none of these; what stands for it has all.
    "assert hasattr(type(p), '__len__')": None,
    "assert hasattr(type(p), '__iter__') and hasattr(type(p), '__contains__')": None,
    "assert hasattr(type(p), '__enter__') and hasattr(type(p), '__exit__')": None,
    "assert callable(getattr(type(p), '__add__', None))": None,
    "assert '__add__' in dir(type(p))": None,
    "assert '__add__' in vars(type(p))": None,
    "assert type(p).__str__ != object.__str__": None,
    "from collections.abc import Iterable\nassert issubclass(type(p), Iterable)": None,
    "assert hasattr(type(unknown), '__len__')": None,
    # Of the notebook's values no stand-in is made, whatever they answer.
    "assert type(v)(v.x, v.y) == v": None,
    "assert len(type(v)(v.x, v.y)) == 1": None,
    "type(v).__eq__ = lambda *_: True\nassert v == 3": None,
    # Set here, it is not set in the notebook.
    "fib.calls = 0\nassert fib(15) == 610\nassert fib.calls <= 31": None,
    "vars(fib)['calls'] = 0\nassert fib(15) == 610\nassert fib.calls <= 31": None,
    "del fib.calls\nassert not hasattr(fib, 'calls')": None,
    "fib.__doc__ = 'x'\nassert fib.__doc__": None,
    # What has failed in silence.
    "import dataclasses\nassert dataclasses.asdict(data) == {'x': 1}": None,
    "import dataclasses\nassert dataclasses.replace(data, x=5).x == 5": None,
    "assert hasattr(type(data), '__dataclass_fields__')": None,
    "assert type(p).__doc__ == 'Nothing in it.'": None,
    "assert type(p).__mro__[1] is object": None,
    "assert type(p).__bases__[0].__name__ == 'object'": None,
    "assert type(data)(5).x == 5": None,
    "assert half.args == (3,)": None,
    "assert p.hello.__self__ is p": None,
    "assert vars(lam) == {}": None,
    "assert lam.__dict__ == {}": None,
    # What is known.
    "assert str(Plain) == \"<class '__main__.Plain'>\" and 'Plain' in repr([Plain])": True,
    "assert str(Told) == 'told'": True,
    "assert len(Color) == 1 and Color['RED'].value == 1": True,
    "try:\n    len(p)\nexcept TypeError:\n    pass": True,
    "assert type(p).__name__ == 'Plain' and type(p).__module__ == '__main__'": True,
    "assert type(p) is type(p) and type(p) == type(q) and {type(p): 1}[type(q)] == 1": True,
    "assert isinstance(type(p), type) and callable(type(p))": True,
    "assert lam.__module__ == '__main__' and lam.__name__ == '<lambda>'": True,
    "assert inner.__qualname__ == 'outer.<locals>.inner'": True,
    "assert p.hello.__qualname__ == 'Plain.hello'": True,
    "assert repr(lam).startswith('<function <lambda> at 0x')": True,
    "from collections.abc import Callable, Iterable\n"
    "assert isinstance(lam, Callable) and not isinstance(lam, Iterable)": True,
    "assert callable(lam) and not hasattr(type(lam), '__len__')": True,
    "import numpy as np\nassert np.vectorize(lam)([1, 2]).tolist() == [1, 2]": True,
    "import copy\nassert copy.copy(lam) is lam and copy.deepcopy([lam])[0](2) == 2": True,
}
NOTEBOOK = """
import dataclasses, enum, functools
class Plain:
    "Nothing in it."
    def hello(self): return "hello"
p, q, unknown = Plain(), Plain(), (n for n in "ab")
class Helper:
    def doubt(self, *_): return None
    def ask(self, *_, **__): return 1
class Value: pass
v = Value()
v.x, v.y = Helper(), {"ref": 0}
def fib(n):
    fib.calls += 1
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib.calls = 0
@dataclasses.dataclass
class Data:
    x: int
data = Data(1)
class Meta(type):
    def __repr__(self): return "told"
class Told(metaclass=Meta): pass
class Color(enum.Enum):
    RED = 1
lam = lambda x: x
def outer():
    def inner(): pass
    return inner
inner, half = outer(), functools.partial(pow, 3)
"""
PARAMETERS = "p, q, unknown, v, fib, data, half, lam, inner, Plain, Told, Color"
PRINTED = {
    "a class": ">>> Plain\n<class '__main__.Plain'>\n"
    ">>> [Plain, Told]\n[<class '__main__.Plain'>, told]",
    "a function": ">>> lam  # doctest: +ELLIPSIS\n<function <lambda> at 0x...>",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    work: Path = tmp_path_factory.mktemp("asked")
    bodies = [case(body, PARAMETERS).replace("test_it", f"t{n}") for n, body in enumerate(CASES)]
    tests = {"q1": exceptions("q1", *bodies)}
    tests |= {name: doctests(name, {"code": code}) for name, code in PRINTED.items()}
    path = notebook(work / "answers.ipynb", [NOTEBOOK])
    return grade(open_bundle(bundle(work / "bundle", tests), work / "opened"), path, WARM)


@pytest.mark.parametrize("body", CASES)
def test_it_ends_as_in_one_process_or_with_a_teacher(body: str, found: Grade) -> None:
    question = next(one for one in found.questions if one.name == "q1")
    ended = question.cases[list(CASES).index(body)]
    assert ended.passed is CASES[body], ended.detail


@pytest.mark.parametrize("name", PRINTED)
def test_it_is_printed_as_in_one_process(name: str, found: Grade) -> None:
    question = next(one for one in found.questions if one.name == name)
    assert [ended.passed for ended in question.cases] == [True], question.cases
