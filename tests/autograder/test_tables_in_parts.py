"""What a table is made of, and something else holds too: what a copy cannot follow is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.student.shared import sharing
from autograder.trusted.shared import Shared
from autograder.trusted.views import Views
from autograder.values import tables
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

SOURCE = """
import numpy as np
import pandas as pd
class Model:
    def fit(self, table):
        self.ages = table['age'].values
    def first(self):
        return int(self.ages[0])
class Tags:
    def __init__(self, table):
        self.tags = table.loc[0, 'who']
    def number(self):
        return len(self.tags)
def table():
    return pd.DataFrame({'age': [1, 2], 'n': [3, 4]})
def lists():
    return pd.DataFrame({'who': [['a'], ['b']], 'n': [1, 2]})
T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11 = (table() for _ in range(11))
A1, A2, A3, A4, A5, A6, A7, A8, A9, A10 = (
    t['age'].values for t in (T1, T2, T3, T4, T5, T6, T7, T8, T9, T10)
)
apart = T11['age'].values.copy()
col = T11['age']
column = pd.Series([1, 2])
inside = column.to_numpy()
rows = np.array([[1, 2], [3, 4]])
whole = pd.DataFrame(rows, copy=False)
L1, L2, L3, L4, L5, L6, L7, L8, L9, L10, L11, L12 = (lists() for _ in range(12))
shown = L12.loc[0, 'who']
def show():
    return shown
W1, W2, W3, W4, W5 = (t.loc[0, 'who'] for t in (L1, L2, L3, L4, L5))
same = pd.DataFrame({'who': [[]] * 2})
some = L8[L8.n > 0]
texts = np.array(['a', 'b', 'c'], object)
rest = texts[1:]
quiet = np.array(['a', 'b', 'c'], object)
hush = quiet[1:]
items = np.array([['a'], ['b'], None], object)[:2]
part = items[:1]
T12 = pd.DataFrame({'age': [1, 2], 'kind': np.array(['a', 'b'], object)})
K12 = T12['kind'].values
T13, T14, T15, L13 = table(), table(), table(), lists()
A14 = T14['age'].values
D1 = {'t': T13, 'a': T13['age'].values}
D2 = {'t': T14}
D3 = {'t': T15, 'a': T15['age'].values.copy()}
D4 = {'t': L13, 'w': L13.loc[0, 'who']}
def kinds():
    return K12[0]
def older(t):
    t.loc[0, 'age'] = 9
def count(t):
    t.loc[0, 'n'] = 7
def put(t):
    t.loc[0, 'who'].append('c')
def put_last(s):
    s.iloc[-1].append('y')
def put_first(words):
    words.append('c')
def mean4():
    return float(A4.mean())
def size(x):
    return len(x)
def ages6():
    return T6['age'].values
def clean(t):
    return t[t.n > 0]
def who(t):
    return t.loc[0, 'who']
def words3():
    return len(W3)
def fill(array):
    array[0] = 'z'
def behind(a):
    return a[1:]
"""
OWN = "import pandas as pd\nx = ['a']\nmine = pd.DataFrame({'who': [x], 'n': [1]})\n"
# Body and parameters of a test; whether it is passed, None for a teacher.
CASES = {
    "a table": ("T1.loc[0, 'age'] = 9\nassert A1[0] == 9", "T1, A1", None),
    "a function": ("older(T2)\nassert A2[0] == 9", "T2, A2, older", None),
    "another column": ("T3['n'] = 5\nT3['m'] = 1\nassert A3[0] == 9", "T3, A3", False),
    "a new column": ("T3['age'] = [9, 9]\nassert A3[0] == 9", "T3, A3", False),
    "only looked at": ("assert size(T3) == 9", "T3, A3, size", False),
    "beside": ("T4.loc[0, 'age'] = 9\nassert mean4() == 5.5", "T4, mean4", None),
    "beside, another column": ("T5.loc[0, 'n'] = 9\nassert size(T5) == 5", "T5, size", False),
    "beside, and passed": ("T5.loc[0, 'age'] = 9\nassert size(T5) == 2", "T5, size", True),
    "no array": ("T11.loc[0, 'age'] = 9\nassert apart[0] == 9", "T11, apart, col", False),
    "texts beside": ("T12.loc[0, 'age'] = 9\nassert kinds() == 2", "T12, kinds", False),
    "an answer": (
        "numbers = ages6()\nT6.loc[0, 'age'] = 9\nassert numbers[0] == 9",
        "T6, ages6",
        None,
    ),
    "an answer, nothing changed": ("assert ages6()[0] == 5", "T7, ages6", False),
    "a column": ("column[0] = 9\nassert inside[0] == 9", "column, inside", None),
    "an array": ("rows[0, 0] = 9\nassert whole.loc[0, 0] == 9", "rows, whole", None),
    "kept": (
        "import pandas as pd\nmine = pd.DataFrame({'age': [1, 2]})\nm = Model()\nm.fit(mine)\n"
        "mine.loc[0, 'age'] = 9\nassert m.first() == 9",
        "Model",
        None,
    ),
    "kept, nothing changed": (
        "import pandas as pd\nmine = pd.DataFrame({'age': [1, 2]})\nm = Model()\nm.fit(mine)\n"
        "mine['new'] = 9\nassert m.first() == 9",
        "Model",
        False,
    ),
    "a list": ("W1.append('c')\nassert L1.loc[0, 'who'] == ['a', 'c']", "L1, W1", None),
    "a cell": ("L2.loc[0, 'who'].append('c')\nassert W2 == ['a', 'c']", "L2, W2", None),
    "a cell, and called": (
        "L3.loc[0, 'who'].append('c')\nassert words3() == 2",
        "L3, words3",
        None,
    ),
    "another cell": ("L4.at[0, 'n'] = 5\nassert size(L4) == 5 or W4 == []", "L4, W4, size", False),
    "by a function": (
        "put_first(W5)\nassert L5.loc[0, 'who'] == ['a', 'c']",
        "L5, W5, put_first",
        True,
    ),
    "twice": ("same.loc[0, 'who'].append(1)\nassert same.loc[1, 'who'] == [1]", "same", None),
    "two tables": (
        "L8.loc[0, 'who'].append('c')\nassert some.loc[0, 'who'] == ['a', 'c']",
        "L8, some",
        None,
    ),
    "a cell that the test has": (
        "cell = L6.loc[0, 'who']\nput(L6)\nassert cell == ['a', 'c']",
        "L6, put",
        None,
    ),
    "a cell that stays": (
        "cell = L10.loc[0, 'who']\ncount(L10)\ncell.append('c')\n"
        "assert L10.loc[0, 'who'] == ['a', 'c'] and L10.loc[0, 'n'] == 7",
        "L10, count",
        True,
    ),
    "a cell that stays at first": (
        "cell = L11.loc[0, 'who']\ncount(L11)\nput(L11)\nassert cell == ['a', 'c']",
        "L11, count, put",
        None,
    ),
    "a cell that stays in the notebook": (
        "L12.loc[0, 'n'] = 5\nput(L12)\nassert show() == ['a', 'c']",
        "L12, put, show",
        True,
    ),
    "a column's own": (
        "import pandas as pd\ns = pd.Series([['a'], ['b']], index=[5, 6], name='k')\nx = s[5]\n"
        "put_last(s)\nx.append('z')\nassert s[5] == ['a', 'z'] and s[6] == ['b', 'y']\n"
        "assert s.name == 'k'",
        "put_last",
        True,
    ),
    "a cell that it has not": ("put(L9)\nassert L9.loc[0, 'who'] == []", "L9, put", False),
    "a test's own": (f"{OWN}put(mine)\nassert x == ['a', 'c']", "put", None),
    "a test's own, given": (f"{OWN}assert size(mine) == 2", "size", False),
    "a test's own, and another": (
        f"{OWN}put_first(x)\nassert size(mine) == 2",
        "size, put_first",
        False,
    ),
    "a test's own, kept": (
        f"{OWN}t = Tags(mine)\nx.append('c')\nassert t.number() == 2",
        "Tags",
        None,
    ),
    "a cell as an answer": (
        f"{OWN}found = who(mine)\nfound.append('c')\nassert mine.loc[0, 'who'] == ['a', 'c']",
        "who",
        None,
    ),
    "cells of an answer": (
        f"{OWN}found = clean(mine)\nx.append('c')\nassert found.loc[0, 'who'] == ['a', 'c']",
        "clean",
        None,
    ),
    "a cell as an answer, as it is": ("assert who(L7) == ['b']", "L7, who", False),
    "in a dictionary": ("D1['t'].loc[0, 'age'] = 9\nassert D1['a'][0] == 9", "D1", None),
    "in another variable": ("D2['t'].loc[0, 'age'] = 9\nassert A14[0] == 9", "D2, A14", None),
    "beside it in a dictionary": ("D3['t'].loc[0, 'age'] = 9\nassert D3['a'][0] == 9", "D3", False),
    "a cell in a dictionary": (
        "D4['t'].loc[0, 'who'].append('c')\nassert D4['w'] == ['a', 'c']",
        "D4",
        None,
    ),
    "objects": ("texts[1] = 'z'\nassert rest[0] == 'z'", "texts, rest", None),
    "objects, only looked at": ("assert size(quiet) == 9", "quiet, hush, size", False),
    "objects by a function": ("fill(hush)\nassert quiet[1] == 'z'", "quiet, hush, fill", True),
    "a list in both": ("part[0].append(1)\nassert items[0] == ['a', 1]", "items, part", True),
    "objects of an answer": (
        "import numpy as np\na = np.array(['a', 'b'], object)\nb = behind(a)\na[1] = 'z'\n"
        "assert b[0] == 'z'",
        "behind",
        None,
    ),
}


def graded(folder: Path, tests: dict[str, str]) -> dict[str, Any]:
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", [SOURCE]), WARM)
    return {question.name: [one.passed for one in question.cases] for question in found.questions}


def truth(body: str) -> bool:
    """Whether the case is passed in the notebook's own process."""
    names: dict[str, Any] = {}
    exec(SOURCE, names)
    try:
        exec(body, names)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("name", CASES)
def test_what_is_left_to_a_teacher_is_passed_in_one_process(name: str) -> None:
    assert truth(CASES[name][0]) is (CASES[name][2] is not False)


def test_what_a_table_is_made_of(tmp_path: Path) -> None:
    tests = {name: exceptions(name, case(*asked[:2])) for name, asked in CASES.items()}
    assert graded(tmp_path, tests) == {name: [CASES[name][2]] for name in CASES}


def made_up() -> dict[str, Any]:
    return {"a": np.arange(3), "t": pd.DataFrame({"n": [1, 2], "l": [[1], [2]]}), "x": [[1]]}


@pytest.mark.parametrize("views", [7, "a", [7], [["a"]], [["a", "b"]], [[{}, 1]], [["z", 0]]])
@pytest.mark.parametrize("joint", [7, "a", [7], [["a"]], ["z"], {"a": 1}])
def test_what_is_said_of_variables_can_be_anything(views: Any, joint: Any) -> None:
    shared, watch = Shared(), Views()
    values = shared.environment(made_up(), {"views": views, "joint": joint})
    watch.note_variables(values, shared.views, shared.joint)
    values["a"][0] = 7
    values["x"][0].append(2)
    assert not watch.changed()


@pytest.mark.parametrize("place", [0, -1, 5, 10**30])
def test_a_column_that_is_none_is_not_watched(place: int) -> None:
    shared, watch = Shared(), Views()
    values = shared.environment(made_up(), {"views": [["t", place]], "joint": ["x"]})
    watch.note_variables(values, shared.views, shared.joint)
    assert not watch.changed()
    values["t"].loc[0, "n"] = 5
    assert watch.changed() is (place in (0, -1))
    watch.renew()
    values["x"][0].append(2)
    assert watch.changed()


def test_two_tables_share_numbers_where_pandas_does_not_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    values = {"table": table, "column": table["b"], "other": table.copy()}
    assert sharing(values) == []
    monkeypatch.setattr(tables, "copies_on_write", lambda: False)
    assert sharing(values) == [["table", 1], ["column", 0]]


def test_an_array_of_an_index() -> None:
    rows = pd.Index(np.array([1, 2]))
    assert sharing({"rows": rows, "numbers": rows.to_numpy()}) == [["rows", 0], ["numbers", 0]]


def test_objects_of_an_array_are_asked_for_nothing() -> None:
    class Asked:
        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = None  # type: ignore[assignment]

    array = np.array([Asked(), Asked()], object)
    watch = Views()
    watch.note([array])
    assert not watch.changed()
    array[0] = Asked()
    assert watch.changed()
