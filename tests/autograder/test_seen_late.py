"""Changes that arrive by no message: the failed cases that may turn on one go to a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.values.changes import Unlike, change
from autograder.values.sets import Maker
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

SOURCE = """
import random
from functools import partial
import numpy as np
import pandas as pd
class Label(str):
    pass
name = Label('a')
words = pd.DataFrame({'who': [['a'], ['b']]})
ages = pd.DataFrame({'age': [1, 2]})
more, most = ages.copy(), ages.copy()
rows = pd.Index([1, 2])
data = np.arange(6)
tail = data[2:]
apart = np.arange(3)
pairs = np.arange(6).reshape(3, 2)
left, right = pairs[:, :1], pairs[:, 1]
wide = np.arange(4)
thin = wide[:2]
def same(value):
    return value
def get():
    return name
def put(table):
    return table.loc[0, 'who'].append('c') if hasattr(table, 'loc') else 0
def call(index):
    index.name = 'id'
def older(table):
    table.loc[0, 'age'] = 9
def fill(array):
    array[:] = 7
def count():
    count.calls = getattr(count, 'calls', 0) + 1
def throw():
    return random.random()
def roll():
    return np.random.rand()
taken = {1, 2, 3}
taken.discard(2)
def listed(items):
    return list(items)
def few():
    return {1, 2}
def more_of(items):
    items.add(8)
def end():
    raise StopIteration
class Over(StopIteration):
    pass
def over():
    raise Over
half = partial(same, 1)
"""
TWICE = "import random\nrandom.seed(1)\ntwo = [random.random(), random.random()]\nrandom.seed(1)\n"
NUMPY = "import numpy as np\nnp.random.seed(1)\n"
WAIT = "try:\n    {}()\nexcept {}:\n    pass"
# Body and parameters of a test; whether it is passed, None for a teacher.
CASES = {
    "a list in a cell": ("put(words)\nassert words.loc[0, 'who'][-1] == 'c'", "put, words", True),
    "a name of an index": (
        "import pandas as pd\nmine = pd.Index([1, 2])\ncall(mine)\nassert mine.name == 'id'",
        "call",
        True,
    ),
    "a name of the notebook's": ("call(rows)\nassert rows.name == 'id'", "call, rows", True),
    "values": (
        "numbers = ages['age'].values\nolder(ages)\nassert numbers[0] == 5",
        "older, ages",
        None,
    ),
    "no array": ("older(more)\nassert more.loc[0, 'age'] == 5", "older, more", False),
    "an array afterwards": (
        "older(most)\nnumbers = most['age'].values\nassert numbers[0] == 5",
        "older, most",
        False,
    ),
    "an attribute": ("count()\nassert hasattr(count, 'calls')", "count", None),
    "asked by a library": (
        "import pandas as pd\nassert same(2) == 2\nassert list(pd.Series([1]).apply(put)) == [1]",
        "same, put",
        False,
    ),
    "no attribute": ("assert not hasattr(same, 'calls')", "same", True),
    "no call before it": ("assert same(1) == 1 and not hasattr(put, 'calls')", "same, put", None),
    "a class of a class": ("assert type(type(name)) == type", "name", None),
    "another class": ("assert type(type(name)) != type or total == 5", "name, total", None),
    "a partial": ("from functools import partial\nassert isinstance(half, partial)", "half", None),
    "a method": ("import types\nassert isinstance(get, (types.MethodType, str))", "get", None),
    "a function": (
        "import types\nassert isinstance(get, types.FunctionType) and same(1) == 2",
        "get, same",
        False,
    ),
    "draws in turns": (TWICE + "assert [throw(), random.random()] == two", "throw", None),
    "the other way round": (
        TWICE + "same(1)\nmine = random.random()\nassert [mine, throw()] == two",
        "same, throw",
        None,
    ),
    "seeded anew": (
        TWICE + "throw()\nrandom.random()\nrandom.seed(2)\nassert throw() == 5",
        "throw",
        None,
    ),
    "a test draws": (TWICE + "mine = random.random()\nassert same(mine) == 5", "same", False),
    "a function draws": (TWICE + "assert throw() == 5", "throw", False),
    "as seeded": (TWICE + "assert [throw(), throw()] == two", "throw", True),
    "before the call": (TWICE + "assert [random.random(), throw()] == two", "throw", True),
    "NumPy's": (NUMPY + "roll()\nassert np.random.rand() == 5", "roll", None),
    "NumPy's by a function": (NUMPY + "assert roll() == 5", "roll", False),
    "an end": (WAIT.format("end", "StopIteration"), "end", None),
    "an end of its own": (WAIT.format("over", "StopIteration"), "over", None),
    "another error": (WAIT.format("end", "ValueError"), "end", False),
    "shared numbers": ("data[2] = 99\nassert tail[0] == 99", "data, tail", None),
    "nothing changed": ("assert same(tail[0]) == 99", "data, tail, same", False),
    "changed and called": ("wide[0] = 9\nassert same(thin[0]) == 9", "wide, thin, same", None),
    "a function changes": ("fill(left)\nassert left[0, 0] == 7", "fill, left, right", True),
    "a function changes both": ("fill(wide)\nassert thin[0] == 7", "fill, wide, thin", True),
    "beside each other": ("left[0, 0] = 5\nassert right[0] == 5", "left, right", False),
    "added to a set": ("taken.add(10)\nassert list(taken) == [9]", "taken", None),
    "taken from an answer": ("mine = few()\nmine.pop()\nassert str(mine) == ''", "few", None),
    "no order": ("taken.add(10)\nassert taken == {9}", "taken", False),
    "a set as it came": ("assert list(taken) == [9]", "taken", False),
    "added by a function": ("more_of(taken)\nassert list(taken) == [9]", "taken, more_of", False),
    "added before a function": (
        "taken.add(7)\nmore_of(taken)\nassert list(taken) == [9]",
        "taken, more_of",
        None,
    ),
    "shown by a function": ("taken.add(10)\nassert listed(taken) == [9]", "taken, listed", None),
    "an array of its own": ("apart[0] = 7\nassert apart[0] == 8", "apart, same", False),
}
KEPT = """
KEPT = []
@test_case(points=1)
def test_first(get):
    KEPT.append(get())
@test_case(points=1)
def test_second(same):
    assert ','.join(KEPT) == 'a'
"""


def graded(folder: Path, tests: dict[str, str]) -> dict[str, Any]:
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", [SOURCE]), WARM)
    return {question.name: [one.passed for one in question.cases] for question in found.questions}


def test_what_does_not_arrive_is_left_to_a_teacher(tmp_path: Path) -> None:
    tests = {name: exceptions(name, case(*asked[:2])) for name, asked in CASES.items()}
    assert graded(tmp_path, tests) == {name: [CASES[name][2]] for name in CASES}


def test_an_object_that_an_earlier_case_has_kept(tmp_path: Path) -> None:
    assert graded(tmp_path, {"kept": exceptions("kept", KEPT)}) == {"kept": [True, None]}


def test_a_set_that_an_earlier_case_has_changed(tmp_path: Path) -> None:
    one = case("taken.add(10)\nassert list(taken) == [9]", "taken").replace("test_it", "test_first")
    two = case("assert [n for n in (1, 2)] == [3]", "same")
    assert graded(tmp_path, {"q": exceptions("q", one, two)}) == {"q": [None, False]}


@pytest.mark.parametrize("seed", ["import random", ""])
def test_draws_of_a_notebook_that_nothing_has_seeded(tmp_path: Path, seed: str) -> None:
    body = f"{seed}\nassert throw() + throw() == 5".strip()
    assert graded(tmp_path, {"q": exceptions("q", case(body, "throw"))}) == {"q": [False]}


DRAWS = "assert throw() == 5"


def test_a_case_that_draws_nothing_fails_whatever_was_drawn_before(tmp_path: Path) -> None:
    turns = case(
        "import random\nrandom.seed(1)\nthrow()\nassert random.random() < 1", "throw"
    ).replace("test_it", "test_first")
    still, again = case("assert same(1) == 2", "same"), case(DRAWS, "throw")
    cases = [turns, still.replace("test_it", "test_then"), again]
    tests = {"q": exceptions("q", *cases)}
    assert graded(tmp_path, tests) == {"q": [True, False, None]}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (WAIT.format("end", "StopIteration"), False),
        # A name of a module that the tests replace leaves all to a teacher, and ends nothing.
        ("import random\nrandom.seed(1)\nthrow()\nrandom.getstate = None", None),
    ],
)
def test_after_a_case_that_is_left_to_a_teacher(
    tmp_path: Path, first: str, then: bool | None
) -> None:
    one, two = case(first, "end, throw"), case("assert same(1) == 2", "same")
    tests = {"q": exceptions("q", one.replace("test_it", "test_first"), two)}
    assert graded(tmp_path, tests) == {"q": [None, then]}


@pytest.mark.parametrize(
    "other",
    [
        pd.Index([1, 3], name="id"),
        pd.Index([1], name="id"),
        pd.MultiIndex.from_arrays([[1, 2], [1, 2]], names=["id", "of"]),
    ],
)
def test_an_index_of_other_values_is_no_renamed_one(other: Any) -> None:
    rows = pd.Index([1, 2], name="before")
    with pytest.raises(Unlike, match="Index"):
        change(rows, other, Maker())
    assert rows.name == "before"
    change(rows, pd.Index([1, 2], name="id"), Maker())
    assert rows.name == "id"
