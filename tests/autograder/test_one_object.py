"""What is one object in a test is one in what a function answers, and in what it changes."""

from __future__ import annotations

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

NP = "import numpy as np\n"
# The points of a notebook in whose own process the tests run, or None for a teacher.
CASES: dict[str, tuple[str, str, int | None]] = {
    "step": (
        NP + "w, b = np.ones(2), np.zeros(1)\nsgd([w, b], [np.ones(2), np.ones(1)], 0.1)\n"
        "assert np.allclose(w, 0.9) and np.allclose(b, -0.1)",
        "sgd",
        1,
    ),
    "in a dictionary": (
        NP + "w = np.zeros(2)\nupdate({'w': w})\nassert w.tolist() == [1, 1]",
        "update",
        1,
    ),
    "must not": ("inner = [1, 2]\nbump([inner])\nassert inner == [1, 2]", "bump", 0),
    "in a tuple": ("inner = [1, 2]\nbump((inner,))\nassert inner == [1, 2, 9]", "bump", 1),
    "by its name": ("inner = [1]\nbump(rows=[inner])\nassert inner == [1, 9]", "bump", 1),
    "in an array": (
        NP + "a = np.empty(1, object)\na[0] = inner = [1]\nbump(a)\nassert inner == [1, 9]",
        "bump",
        1,
    ),
    "a set": ("seen = {1}\nadd({'seen': seen}, 2)\nassert seen == {1, 2}", "add", 1),
    "a frame": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\nwider([df])\n"
        "assert df.columns.tolist() == ['a', 'b']",
        "wider",
        1,
    ),
    "bytes": ("b = bytearray(b'ab')\nclear([b])\nassert b == b''", "clear", 1),
    "swapped": (
        "a, b = [1], [2]\nrows = [a, b]\nturn(rows)\n"
        "assert a == [1] and rows[0] is b and rows[1] is a",
        "turn",
        1,
    ),
    "taken out": ("a = [1]\nrows = [a]\ntake(rows)\nassert rows == [] and a == [1, 9]", "take", 1),
    "put in": (
        "a, rows = [1], []\nput(rows, a)\na.append(2)\nassert rows == [([1, 2],)]",
        "put",
        1,
    ),
    "an array of pandas": (
        "import pandas as pd\ntexts = pd.array(['b', 'a'], dtype='str')\n"
        "assert same(texts) is texts and pair(texts)[1] == 2",
        "same, pair",
        1,
    ),
    "an array of pandas that is changed": (
        "import pandas as pd\ntexts = pd.array(['b', 'a'], dtype='str')\nfirst([texts])\n"
        "assert texts[0] == 'z'",
        "first",
        None,
    ),
    "in itself": ("rows = []\nput(rows, rows)\nassert rows[0][0] is rows", "put", 1),
    "twice": (
        "row = [1]\nrows = [row, row]\nbump(rows)\nassert rows == [[1, 9], [1, 9]]",
        "bump",
        1,
    ),
    "its own": (
        "xs = [1, 2]\nys = same(xs)\nys.append(7)\nassert xs == [1, 2]",
        "same",
        0,
    ),
    "is its own": ("xs = [1, 2]\nassert same(xs) is xs", "same", 1),
    "is not its own": ("xs = [1]\nassert same(xs) is not xs", "same", 0),
    "its own in a pair": ("xs = [1]\nassert pair(xs)[0] is xs", "pair", 1),
    "a part": ("xs = [[1], [2]]\nlast(xs).append(3)\nassert xs == [[1], [2, 3]]", "last", 1),
    "a new one": ("xs = [1]\nys = fresh(xs)\nys.append(2)\nassert xs == [1]", "fresh", 1),
    "a view that is read": (
        NP + "m = np.ones((2, 3))\nassert turned(m).shape == (3, 2)",
        "turned",
        1,
    ),
    "a view that is changed": (
        NP + "m = np.ones((2, 3))\nturned(m)[0, 0] = 5\nassert m[0, 0] == 5",
        "turned",
        None,
    ),
    "arrays in one memory": (
        NP + "a = np.zeros(3)\nupdate({'w': a, 'v': a[1:]})\nassert a[0] == 1",
        "update",
        None,
    ),
    "another shape": (NP + "a = np.zeros((2, 3))\nflat([a])\nassert a.shape == (6,)", "flat", None),
    "closed for writing": (
        NP + "a = np.arange(3.0)\na.setflags(write=False)\ntry:\n    update({'w': a})\n"
        "except ValueError:\n    pass\nassert a.tolist() == [0, 1, 2]",
        "update",
        1,
    ),
    "is closed": ("assert not closed.flags.writeable and data.flags.writeable", "closed, data", 1),
    "closes": (NP + "a = np.zeros(3)\nclose(a)\nassert not a.flags.writeable", "close", None),
    "opens": (
        NP + "a = np.zeros(3)\na.setflags(write=False)\nopens(a)\nassert a[0] == 1",
        "opens",
        None,
    ),
    "masks": (NP + "m = np.ma.array([1.0, -2])\nhide(m)\nassert m.count() == 1", "hide", None),
    "must not mask": (
        "from numpy import ma\nm = ma.array([1.0, -2])\nhide(m)\nassert m.count() == 2",
        "hide",
        None,
    ),
    "the same mask": (
        NP + "m = np.ma.array([1.0, -2])\nassert same(m) is m and m.count() == 2",
        "same",
        1,
    ),
    "with a function": ("xs = [1]\nassert helped(xs)[0] == [1]", "helped", 1),
    "shared memory": (NP + "assert np.shares_memory(data, window)", "data, window", None),
    "no shared memory": (
        NP + "assert not np.may_share_memory(data, same(data))",
        "data, same",
        None,
    ),
    "a base": ("assert window.base is not None", "window", None),
    "no base": ("assert window.base is None", "window", None),
}
CELLS = [
    "import numpy as np\ndata = np.arange(10)\nwindow = data[2:5]",
    "closed = data.copy()\nclosed.flags.writeable = False\n"
    "def close(x):\n    x.setflags(write=False)\n"
    "def opens(x):\n    x.setflags(write=True)\n    x += 1\n"
    "def hide(m):\n    m[m < 0] = np.ma.masked",
    "def sgd(params, grads, lr):\n    for p, g in zip(params, grads):\n        p -= lr * g",
    "def update(params):\n    params['w'] += 1",
    "def bump(rows):\n    rows[0].append(9)\ndef turn(rows):\n    rows.reverse()",
    "def add(found, x):\n    found['seen'].add(x)\ndef clear(found):\n    found[0].clear()",
    "def wider(frames):\n    frames[0]['b'] = 1\ndef take(rows):\n    rows.pop().append(9)",
    "def first(rows):\n    rows[0][0] = 'z'",
    "def put(rows, row):\n    rows.append((row,))\ndef same(x):\n    return x",
    "def pair(x):\n    return x, len(x)\ndef last(x):\n    return x[-1]\n"
    "def fresh(x):\n    return list(x)\ndef turned(m):\n    return m.T\n"
    "def flat(arrays):\n    arrays[0].shape = 6\ndef helped(x):\n    return x, lambda: 1",
]


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Question]:
    """All questions, of one notebook."""
    folder = tmp_path_factory.mktemp("one-object")
    tests = {name: exceptions(name, case(*asked[:2])) for name, asked in CASES.items()}
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", CELLS), WARM)
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("name", CASES)
def test_one_object_stays_one(name: str, questions: dict[str, Question]) -> None:
    wanted = CASES[name][2]
    passed = [found.passed for found in questions[name].cases]
    assert passed == [None if wanted is None else bool(wanted)], questions[name]
