"""Some classes are themselves in a test; what others are is left to a teacher."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Grade
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

LIBRARIES = "import numpy as np\nimport pandas as pd\n"
# Whether a case passes, by its body; None for a teacher.
CASES: dict[str, bool | None] = {
    "assert kind is str and kind == str and kind is not int": True,
    "assert kind is int": False,
    "assert kind in (int, str) and {str: 's'}[kind] == 's'": True,
    "assert kinds == [int, str] and names == {'a': float, int: 'n'}": True,
    "assert nothing is type(None)": True,
    LIBRARIES + "assert scalar is np.float64 and table is pd.DataFrame": True,
    LIBRARIES + "assert scalar is np.float32": False,
    LIBRARIES + "assert dtype == np.float64 and dtypes['a'] == 'int64'": True,
    LIBRARIES + "assert dtypes['a'] == 'float64'": False,
    "assert of('q') is str and of(None) is type(None) and of([1]) is not str": True,
    "assert of('q') is int": False,
    "assert cast('3', int) == 3 and cast([3], tuple) == (3,)": True,
    "assert str(kind) == \"<class 'str'>\" and kind.__name__ == 'str'": True,
    "assert isinstance('q', kind) and issubclass(bool, kinds[0])": True,
    # Of another class, nobody here knows whether it is one of the test's.
    LIBRARIES + "assert array is np.ndarray": None,
    LIBRARIES + "assert array == np.ndarray": None,
    LIBRARIES + "assert array is type(np.zeros(2))": None,
    LIBRARIES + "assert array is np.zeros(2).__class__": None,
    "assert thing is object": None,
    "assert isinstance(3, thing)": None,
    "assert error is ValueError": None,
    "assert own is not fake": None,
    # What the notebook says of its own classes.
    "assert fake is int": False,
    "assert fake == int": None,
    "assert same is int": False,
    "assert same == int": None,
}
NOTEBOOK = """
import numpy as np
import pandas as pd
kind, kinds, names, nothing = type("a"), [int, str], {"a": float, int: "n"}, type(None)
scalar, table, array, thing, error = np.float64, pd.DataFrame, np.ndarray, object, ValueError
dtype, dtypes = np.zeros(1).dtype, pd.DataFrame({"a": [1]}).dtypes
def of(x): return type(x)
def cast(x, kind): return kind(x)
class Own: pass
own = Own
class fake(int): pass
fake.__name__ = fake.__qualname__ = "int"
fake.__module__ = "builtins"
class Same(type):
    def __eq__(self, other): return True
    def __hash__(self): return hash(int)
same = Same("int", (), {"__module__": "builtins"})
"""
PARAMETERS = (
    "kind, kinds, names, nothing, scalar, table, array, thing, error, dtype, dtypes, of, cast, "
    "own, fake, same"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    work: Path = tmp_path_factory.mktemp("classes")
    bodies = [case(body, PARAMETERS).replace("test_it", f"t{n}") for n, body in enumerate(CASES)]
    folder = bundle(work / "bundle", {"q1": exceptions("q1", *bodies)})
    path = notebook(work / "answers.ipynb", [NOTEBOOK])
    return grade(open_bundle(folder, work / "opened"), path, WARM)


@pytest.mark.parametrize("body", CASES)
def test_it_ends_as_in_one_process_or_with_a_teacher(body: str, found: Grade) -> None:
    (question,) = found.questions
    ended = question.cases[list(CASES).index(body)]
    assert ended.passed is CASES[body], ended.detail


def test_the_record_names_them(found: Grade) -> None:
    (question,) = found.questions
    assert "class str" in str(question.values), question.values
