"""The assignment that is attacked: its hidden points need numbers that no notebook is given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.autograder.bundles import bundle, exceptions

# A notebook with the cells below earns these, and no more can be earned honestly.
HONEST, POSSIBLE = 2.0, 9.0
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
LAST = "grader.check('q1')\ngrader.check('q2')"

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
    files = {"data.txt": "1 2 3 4 5\n", "secret.json": secret}
    return bundle(folder, {"q1": Q1, "q2": Q2}, files, EXERCISE)


@dataclass(frozen=True)
class Attack:
    """A hostile notebook.

    Attributes:
        kind: its class.
        wins: how its success shows: "score", "marker", "network", "leak", "time", "hang",
            "crash", "survivor", "memory" or "output".
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
