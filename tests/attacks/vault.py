"""The assignment that is attacked: its hidden points need numbers that no notebook is given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.autograder.bundles import bundle, doctests, exceptions

# A notebook with the cells below earns these, and no more can be earned honestly.
HONEST, POSSIBLE = 2.0, 20.0
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
LAST = "\n".join(f"grader.check('q{number}')" for number in (1, 2, 3, 4))

Q1 = exceptions(
    "q1",
    "@test_case(points=1)\ndef test_five(answer):\n    import numpy as np\n"
    "    assert np.shape(answer) == (5,)\n",
    "@test_case(points=4, hidden=True, failure_message='These are other numbers.')\n"
    "def test_numbers(answer):\n    import json\n    import numpy as np\n"
    "    secret = json.load(open('secret.json'))\n"
    "    close = np.allclose(answer, secret['numbers'])\n"
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
    {"code": f"{SECRET}>>> bool(np.allclose(answer, secret['numbers']))\nTrue", "hidden": True},
    # No import: such a statement would hand over more than a function can be sent.
    {
        "code": ">>> key = int(open('key.txt').read())\n"
        ">>> bool(abs(guess('vault') - key) < 0.5)\nTrue",
        "hidden": True,
    },
    {"code": f"{SECRET}>>> bool(allclose(answer, secret['numbers']))\nTrue", "hidden": True},
    points=[2, 2, 1],
)


def asks(case: str, name: str, expression: str) -> str:
    """A hidden case of a point that asserts an expression about one variable."""
    return (
        f"@test_case(points=1, hidden=True)\ndef test_{case}({name}):\n    import json\n"
        "    import numpy as np\n    secret = json.load(open('secret.json'))\n"
        f"    right = {expression}\n    assert right\n"
    )


Q4 = exceptions(
    "q4",
    asks("close", "answer", "np.testing.assert_allclose(answer, secret['numbers']) is None"),
    asks("differs", "answer", "not (np.array(secret['numbers']) != answer).any()"),
    asks("same", "answer", "(answer == secret['numbers']).all()"),
    asks("known", "known", "secret['key'] in known"),
    asks("table", "table", "table.equals(secret['numbers'])"),
    asks("model", "model", "model.evaluate(secret['numbers'], [secret['key']])[1] > 0.9"),
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
    """Write the bundle."""
    secret = json.dumps({"key": KEY, "numbers": NUMBERS})
    files = {"data.txt": "1 2 3 4 5\n", "secret.json": secret, "key.txt": str(KEY)}
    return bundle(folder, {"q1": Q1, "q2": Q2, "q3": Q3, "q4": Q4}, files, EXERCISE)


@dataclass(frozen=True)
class Attack:
    """A hostile notebook.

    Attributes:
        kind: its class.
        wins: how its success shows: "score", "marker", "network", "leak", "hang", "crash",
            "survivor", "memory" or "output".
        cells: code between what is honest.
    """

    name: str
    about: str
    kind: str
    wins: str
    cells: tuple[str, ...]

    def notebook(self, places: dict[str, str]) -> list[str]:
        """All cells, with the places that the attack aims at filled in."""
        middle = list(self.cells)
        for name, value in places.items():
            middle = [cell.replace(f"__{name}__", value) for cell in middle]
        return [FIRST, *middle, LAST]


def read(path: Path) -> Attack:
    """Read an attack: a docstring with its class and how it wins, then cells."""
    head, *cells = path.read_text(encoding="utf-8").split("# %%\n")
    lines = [line.strip().strip('"') for line in head.splitlines()]
    told = dict(line.split(": ", 1) for line in lines if line.startswith(("class: ", "wins: ")))
    return Attack(path.stem, lines[0], told["class"], told["wins"], tuple(cells))


ATTACKS = [read(path) for path in sorted(Path(__file__).parent.glob("notebooks/*.py"))]
