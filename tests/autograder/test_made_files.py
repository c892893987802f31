"""A file that a test writes is not where the notebook's functions are: a teacher decides."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from autograder.settings import MODES, Settings
from tests.autograder.bundles import WARM, bundle, exceptions, notebook

# Each with what it is about, in the order of its name: what one leaves there, the next ones have.
LEFT = {
    "b-written": "open('mine.txt', 'w').write('a\\nb\\n')\nlines = count('mine.txt')\n"
    "os.remove('mine.txt')\nassert lines == 2",
    "c-temporary": "import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
    "    path = os.path.join(folder, 'x.txt')\n    open(path, 'w').write('a\\nb\\n')\n"
    "    assert count(path) == 2",
    "d-named": "import tempfile\nwith tempfile.NamedTemporaryFile('w') as file:\n"
    "    file.write('a\\nb\\n')\n    file.flush()\n    assert count(file.name) == 2",
    "e-folder": "os.makedirs('made')\nfound = exists('made')\nos.rmdir('made')\nassert found",
    "f-by-a-library": "import pandas as pd\npd.Series([1]).to_csv('s.csv')\n"
    "found = exists('s.csv')\nos.remove('s.csv')\nassert found",
    "g-unearned": "import tempfile\nhandle, path = tempfile.mkstemp()\nfound = exists(path)\n"
    "os.remove(path)\nassert not found",
    "h-ended": "open('mine.txt', 'w').close()\ntry:\n    needs('mine.txt')\nfinally:\n"
    "    os.remove('mine.txt')",
}
# A function that misses a file may end its process; what comes after it is asked of nobody.
PASSED = {
    "a-after": "assert double(2) == 4\nopen('late.txt', 'w').close()\nos.remove('late.txt')",
    "a-memory": "import io\nassert double(len(io.StringIO('ab').read())) == 4",
    "a-gone": "import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
    "    open(os.path.join(folder, 'x'), 'w').close()\nassert double(2) == 4",
    "a-figure": "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
    "plt.plot([1, 2])\nplt.close('all')\nassert double(2) == 4",
    "a-read": "assert open('data.txt').read() == 'here' and exists('data.txt')",
    "g-clean": "assert double(2) == 4",
}
CELLS = [
    "import os, sys\ndef double(x):\n    return 2 * x\ndef exists(path):\n"
    "    return os.path.exists(path)\ndef count(path):\n    try:\n"
    "        return len(open(path).readlines())\n    except FileNotFoundError:\n"
    "        return None\ndef needs(path):\n    if not os.path.exists(path):\n        os._exit(3)"
]


def case(body: str) -> str:
    """A case of a point that may ask all functions."""
    head = "@test_case(points=1)\ndef test_it(double, exists, count, needs):\n    import os\n"
    return head + textwrap.indent(body, "    ") + "\n"


def graded(tests: dict[str, str], folder: Path, mode: str) -> dict[str, Question]:
    """The questions, each with a case of this text."""
    texts = {name: exceptions(name, case(body)) for name, body in tests.items()}
    opened = open_bundle(bundle(folder / "bundle", texts, {"data.txt": "here"}), folder)
    found = grade(opened, notebook(folder / "a.ipynb", CELLS), Settings(mode=mode))
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("mode", MODES)
def test_what_a_test_has_written_when_it_calls_is_left_to_a_teacher(
    tmp_path: Path, mode: str
) -> None:
    found = graded(LEFT | PASSED, tmp_path, mode)
    passed = {name: question.cases[0].passed for name, question in found.items()}
    assert passed == dict.fromkeys(LEFT) | dict.fromkeys(PASSED, True), found
    assert "mine.txt" in found["b-written"].reason
    assert "a temporary file" in found["c-temporary"].reason


def test_what_an_earlier_case_of_the_question_has_left_there_counts(tmp_path: Path) -> None:
    writes = case("open('kept.txt', 'w').close()").replace("test_it", "test_write")
    counts = case("assert count('kept.txt') == 0")
    texts = {"a": exceptions("a", writes, counts), "b": exceptions("b", case("double(2)"))}
    opened = open_bundle(bundle(tmp_path / "bundle", texts), tmp_path)
    found = grade(opened, notebook(tmp_path / "a.ipynb", CELLS), WARM)
    assert [[each.passed for each in question.cases] for question in found.questions] == [
        [True, None],
        [True],
    ], found
    assert "kept.txt" in found.questions[0].reason
