"""A second look by Otter's own grading: lost points that Otter gives are left to a teacher."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from autograder.assignment import open_bundle
from autograder.batch import Store
from autograder.commands.grade import command
from autograder.grading import grade
from autograder.records import Grade
from autograder.second_look import look
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook

SEED = 42
OWN = Random(SEED)
FIRST, SECOND = OWN.random(), OWN.random()
SECRET = "4711.25"
START = "import random, otter\ngrader = otter.Notebook('hw1.ipynb')"
ANSWER = f"""
random.seed({SEED})
def throw():
    return random.random()
def double(x):
    return 2 * x
"""
CHECKS = "grader.check('turns')\ngrader.check('double')"
# The one draws from a generator that only the notebook has seeded, before the function does.
TURNS = (
    "@test_case(points=2)\ndef test_turns(throw):\n    import random\n"
    f"    random.random()\n    assert throw() == {SECOND}"
)
DOUBLE = (
    "@test_case(points=1)\ndef test_double(double):\n    assert double(2) == 4",
    "@test_case(points=1, hidden=True)\ndef test_hidden(double):\n"
    f"    assert double({SECRET}) == 2 * {SECRET}",
)


def written(folder: Path) -> Path:
    tests = {"turns": exceptions("turns", TURNS), "double": exceptions("double", *DOUBLE)}
    return bundle(folder / "bundle", tests)


def graded(folder: Path, *cells: str, second_look: bool = True) -> Grade:
    opened = open_bundle(written(folder), folder)
    path = notebook(folder / "handed in.ipynb", [START, *cells, CHECKS])
    return grade(opened, path, Settings(second_look=second_look), beside=folder / "beside")


def cases(found: Grade) -> list[bool | None]:
    return [case.passed for question in found.questions for case in question.cases]


@pytest.fixture(autouse=True)
def beside(tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()


def test_what_otter_gives_more_is_left_to_a_teacher(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER)
    assert cases(found) == [True, True, None]
    assert (found.status, found.score) == ("needs a teacher", 2)
    assert found.questions[1].reason == look.REASON
    assert found.provenance["second look"] == "double 2, turns 2"


def test_without_it_the_points_are_lost(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, second_look=False)
    assert (cases(found), found.status) == ([True, True, False], "graded")
    assert "second look" not in found.provenance


@pytest.mark.slow
def test_what_is_wrong_for_otter_too_stays_wrong(tmp_path: Path) -> None:
    found = graded(tmp_path, "def double(x):\n    return x\ndef throw():\n    return 0")
    assert (cases(found), found.status, found.score) == ([False, False, False], "graded", 0)
    assert found.provenance["second look"] == "double 0, turns 0"


@pytest.mark.slow
def test_where_nothing_was_lost_nobody_looks(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, f"def throw():\n    return {SECOND}")
    assert (found.status, found.score) == ("graded", 4)
    assert "second look" not in found.provenance


def test_what_a_notebook_wins_in_its_own_process_is_no_grade(tmp_path: Path) -> None:
    """It finds the hidden test on the disk, which it can only there, and says so nowhere."""
    cheat = (
        "from pathlib import Path\n"
        "texts = [path.read_text() for path in Path('..').rglob('*.py')]\n"
        "print(texts)\n"
        "Path('found.txt').write_text(str(texts))\n"
        f"there = any('{SECRET}' in text for text in texts)\n"
        "def double(x):\n    return 2 * x if there else x\n"
        "def throw():\n    return 0"
    )
    found = graded(tmp_path, cheat)
    assert (found.status, found.score) == ("needs a teacher", 0)
    assert cases(found) == [None, None, False]
    assert found.provenance["second look"] == "double 2, turns 0"
    assert SECRET not in "".join(
        (*found.warnings, *found.provenance.values(), *(q.reason for q in found.questions))
    )


@pytest.mark.slow
def test_one_that_ends_its_process_keeps_its_grade(tmp_path: Path) -> None:
    # Only there is a folder with the tests.
    end = "import os\nif os.listdir('tests'):\n    os._exit(3)"
    found = graded(tmp_path, ANSWER, end)
    assert (cases(found), found.status) == ([True, True, False], "graded")
    assert found.provenance["second look"] == "no answer"
    assert found.warnings[-1].startswith("Otter's own grading, for a second look, gave no points: ")


@pytest.mark.slow
def test_files_that_were_handed_in_are_there(tmp_path: Path) -> None:
    (tmp_path / "beside" / "data").mkdir()
    (tmp_path / "beside" / "data" / "two.txt").write_text("2")
    (tmp_path / "beside" / "other.ipynb").write_text("{}")
    reads = "def double(x):\n    return int(open('data/two.txt').read()) * x"
    found = graded(tmp_path, ANSWER, reads)
    assert found.provenance["second look"] == "double 2, turns 2"


@pytest.mark.parametrize(
    ("told", "points"),
    [
        ({"q": 1.5, "r": 2}, {"q": 1.5}),
        ({"q": float("nan")}, {}),
        ({"q": float("inf")}, {}),
        ({"q": True}, {}),
        ({"q": "3"}, {}),
        ({"q": [1]}, {}),
        ([["q", 1]], {}),
        (None, {}),
    ],
)
def test_an_answer_is_not_believed(told: object, points: dict[str, float]) -> None:
    assert look.points(told, ["q"]) == points


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    path = notebook(tmp_path / "Ana.ipynb", [START, ANSWER, CHECKS])
    given = ["--assignment", str(written(tmp_path)), "--out", str(tmp_path / "out")]
    for options, status in (([], "graded"), (["--second-look"], "needs a teacher")):
        said = CliRunner().invoke(command, [str(path), *given, *options])
        assert said.exit_code == 0, said.output
        (found,) = Store(tmp_path / "out").all_standing().values()
        # Another setting: what is kept of the first one is not taken.
        assert found.status == status
