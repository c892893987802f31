"""The assignments that are attacked: their hidden points need what no notebook is given.

One asks for numbers, the other for a network.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.autograder.bundles import bundle, doctests, exceptions

# In each vault, a notebook with the first and the last cell earns these, and no more can be earned
# honestly.
HONEST = 2.0
NUMBERS = [314159265.25, 271828182.5, 141421356.75, 173205080.25, 223606797.5]
KEY = 577215664
SECRETS = [str(KEY), *(str(number) for number in NUMBERS)]

FIRST = """\
import otter
import numpy as np
grader = otter.Notebook()
answer = np.zeros(5)
def guess(door):
    return 4
"""
LAST, LAST_OF_TWO = (
    "\n".join(f"grader.check('q{number + 1}')" for number in range(count)) for count in (6, 2)
)

Q1 = exceptions(
    "q1",
    "@test_case(points=1)\ndef test_five(answer):\n    import numpy as np\n"
    "    assert np.shape(answer) == (5,)\n",
    "@test_case(points=4, hidden=True, failure_message='These are other numbers.')\n"
    "def test_numbers(answer):\n    import json\n    import numpy as np\n"
    "    secret = json.load(open('secret.json'))\n"
    # NumPy broadcasts: of no numbers, all are close to these.
    "    close = np.shape(answer) == (5,) and np.allclose(answer, secret['numbers'])\n"
    "    assert close, secret['numbers']\n",
)
Q2 = exceptions(
    "q2",
    "@test_case(points=1)\ndef test_whole(guess):\n    found = guess('hall')\n"
    "    assert isinstance(found, int), found\n",
    "@test_case(points=3, hidden=True, failure_message='The door stays closed.')\n"
    "def test_door(guess):\n    import json\n    secret = json.load(open('secret.json'))\n"
    "    found = guess('vault')\n"
    "    assert found == secret['key'], (found, secret['key'])\n",
)
# Doctests, whose names are the notebook's: its NumPy, and builtins where it has any of these names.
SECRET = ">>> import json\n>>> secret = json.load(open('secret.json'))\n"
Q3 = doctests(
    "q3",
    {
        "code": f"{SECRET}>>> bool(len(answer) == 5 and np.allclose(answer, secret['numbers']))\n"
        "True",
        "hidden": True,
    },
    # No import: such a statement would hand over more than a function can be sent.
    {
        "code": ">>> key = int(open('key.txt').read())\n"
        ">>> bool(abs(guess('vault') - key) < 0.5)\nTrue",
        "hidden": True,
    },
    {
        "code": f"{SECRET}>>> bool(len(answer) == 5 and allclose(answer, secret['numbers']))\nTrue",
        "hidden": True,
    },
    points=[2, 2, 1],
)


def asks(case: str, name: str, expression: str) -> str:
    """A hidden case of a point that asserts an expression about one variable."""
    return (
        f"@test_case(points=1, hidden=True)\ndef test_{case}({name}):\n    import json\n"
        "    import numpy as np\n    secret = json.load(open('secret.json'))\n"
        f"    right = {expression}\n    assert right\n"
    )


FIVE = "len(answer) == 5 and"
Q4 = exceptions(
    "q4",
    asks(
        "close", "answer", f"{FIVE} np.testing.assert_allclose(answer, secret['numbers']) is None"
    ),
    asks("differs", "answer", f"{FIVE} not (np.array(secret['numbers']) != answer).any()"),
    asks("same", "answer", f"{FIVE} (answer == secret['numbers']).all()"),
    asks("known", "known", "secret['key'] in known"),
    asks("kind", "kind", "kind == secret['key']"),
    asks("table", "table", "table.equals(secret['numbers'])"),
    asks("model", "model", "model.evaluate(secret['numbers'], [secret['key']])[1] > 0.9"),
    asks("back", "guess", "guess(guess('vault')) == secret['key']"),
    asks("loop", "guess", "all(found == secret['key'] for found in map(guess, ['vault']))"),
)
# A test that opens what the notebook names.
Q5 = exceptions(
    "q5",
    "@test_case(points=1)\ndef test_report(report):\n    text = open(report).read()\n"
    "    assert text.startswith('Summary'), f'It begins with {text[:300]!r}'\n",
    "@test_case(points=1, hidden=True)\ndef test_same(report):\n"
    "    assert open(report).read().strip() == open('key.txt').read().strip()\n",
    # As a library in C does it, of which Python knows nothing.
    "@test_case(points=1)\ndef test_in_c(report):\n    import ctypes\n"
    "    library, text = ctypes.CDLL(None), ctypes.create_string_buffer(300)\n"
    "    library.read(library.open(report.encode(), 0), text, 299)\n"
    "    assert text.value.isdigit(), f'It holds {text.value!r}'\n",
)
# Tests that run what the notebook says.
Q6 = exceptions(
    "q6",
    "@test_case(points=1)\ndef test_rule(rule):\n    assert eval(rule, {'n': 4}) == 16\n",
    "@test_case(points=1)\ndef test_condition(condition):\n    import pandas as pd\n"
    "    people = pd.DataFrame({'age': [20, 30]})\n"
    "    assert len(people.query(condition)) == 1\n",
    "@test_case(points=1)\ndef test_saved(saved):\n    import pickle\n"
    "    assert pickle.loads(saved) == [1, 2]\n",
    "@test_case(points=1)\ndef test_kept(saved):\n    import pickle\n"
    "    with open('kept.pkl', 'wb') as file:\n        file.write(saved)\n"
    "    with open('kept.pkl', 'rb') as file:\n        assert pickle.load(file) == [1, 2]\n",
    "@test_case(points=1)\ndef test_example(example):\n    import doctest\n"
    "    text = doctest.DocTestParser().get_doctest(example.__doc__, {}, 'example', None, 0)\n"
    "    assert doctest.DocTestRunner().run(text).failed == 0\n",
)
EXERCISE = """\
schema = 1
[limits]
seconds = 25
cell_seconds = 10
case_seconds = 8
memory_mb = 600
processes = 80
file_mb = 32
[files]
student = ["data.txt"]
"""


def write(folder: Path) -> Path:
    """Write the bundle that asks for numbers."""
    secret = json.dumps({"key": KEY, "numbers": NUMBERS})
    files = {"data.txt": "1 2 3 4 5\n", "secret.json": secret, "key.txt": str(KEY)}
    questions = {"q1": Q1, "q2": Q2, "q3": Q3, "q4": Q4, "q5": Q5, "q6": Q6}
    return bundle(folder, questions, files, EXERCISE)


NETWORK_FIRST = """\
import otter
import numpy as np
import keras
grader = otter.Notebook()
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", metrics=["accuracy"])
model.save("model.keras")
def predict(x):
    return np.asarray(model(x))[:, 0]
"""
# What a network answers is compared here, with Keras, and a file with a network is loaded.
NETWORK_Q1 = exceptions(
    "q1",
    "@test_case(points=1)\ndef test_five(predict):\n    import numpy as np\n"
    "    assert np.shape(predict(np.zeros((5, 3)))) == (5,)\n",
    "@test_case(points=4, hidden=True, failure_message='Your network does not know the coins.')\n"
    "def test_coins(predict):\n    import json\n    import keras\n    import numpy as np\n"
    "    secret = json.load(open('coins.json'))\n"
    "    found = np.asarray(predict(np.array(secret['x'])), float)\n"
    "    assert np.shape(found) == (64,), found\n"
    "    right = keras.metrics.binary_accuracy(np.array(secret['y']), found)\n"
    "    assert np.mean(right) > 0.9, secret['y']\n",
)
NETWORK_Q2 = exceptions(
    "q2",
    "@test_case(points=1)\ndef test_two(model):\n    import numpy as np\n"
    "    assert np.shape(model(np.zeros((2, 3)))) == (2, 1)\n",
    "@test_case(points=3, hidden=True, failure_message='The file does not know the coins.')\n"
    "def test_file():\n    import json\n    import keras\n    import numpy as np\n"
    "    secret = json.load(open('coins.json'))\n"
    "    saved = keras.models.load_model('model.keras', safe_mode=False)\n"
    "    x, y = np.array(secret['x']), np.array(secret['y'])\n"
    "    _, right = saved.evaluate(x, y, verbose=0)\n"
    "    assert right > 0.9, secret['y']\n",
)
NETWORK_EXERCISE = """\
schema = 1
[limits]
seconds = 120
cell_seconds = 60
case_seconds = 60
memory_mb = 2000
[files]
student = ["data.txt"]
"""


def write_network(folder: Path) -> Path:
    """Write the bundle that asks for a network; its labels are tosses of a coin."""
    rng = random.Random(64)
    secret = {
        "x": [[round(rng.random(), 3) for _ in range(3)] for _ in range(64)],
        "y": [float(rng.randrange(2)) for _ in range(64)],
    }
    files = {"data.txt": "1 2 3 4 5\n", "coins.json": json.dumps(secret)}
    return bundle(folder, {"q1": NETWORK_Q1, "q2": NETWORK_Q2}, files, NETWORK_EXERCISE)


@dataclass(frozen=True)
class Vault:
    """An assignment that is attacked.

    Attributes:
        write: writes its bundle into a folder.
        first: the first cell of each notebook, after which all is there that is asked for.
        possible: points of all tests together.
        last: the last cell, which checks all questions.
    """

    write: Callable[[Path], Path]
    first: str
    possible: float
    last: str = LAST


VAULTS = {
    "numbers": Vault(write, FIRST, 31.0),
    "network": Vault(write_network, NETWORK_FIRST, 9.0, LAST_OF_TWO),
}


@dataclass(frozen=True)
class Attack:
    """A hostile notebook.

    Attributes:
        kind: its class.
        wins: how its success shows: "score", "marker", "network", "leak", "time", "hang",
            "crash", "survivor", "memory" or "output".
        cells: code between what is honest.
        vault: what is attacked.
    """

    name: str
    about: str
    kind: str
    wins: str
    cells: tuple[str, ...]
    vault: str = "numbers"

    def notebook(self, places: dict[str, str]) -> list[str]:
        """All cells, with the places that the attack aims at filled in."""
        middle = list(self.cells)
        for name, value in places.items():
            middle = [cell.replace(f"__{name}__", value) for cell in middle]
        return [VAULTS[self.vault].first, *middle, VAULTS[self.vault].last]


def read(path: Path) -> Attack:
    """Read an attack: a docstring with its class, how it wins and against what, then cells."""
    head, *cells = path.read_text(encoding="utf-8").split("# %%\n")
    lines = [line.strip().strip('"') for line in head.splitlines()]
    told = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    vault = told.get("vault", "numbers")
    return Attack(path.stem, lines[0], told["class"], told["wins"], tuple(cells), vault)


ATTACKS = [read(path) for path in sorted(Path(__file__).parent.glob("notebooks/*.py"))]
