"""A second look by Otter's own grading: lost points that Otter gives are left to a teacher."""

from __future__ import annotations

from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner

from autograder import environment
from autograder.assignment import open_bundle
from autograder.batch import Store
from autograder.commands import grade as grade_command
from autograder.commands import regrade
from autograder.environment import Environment
from autograder.errors import SandboxError
from autograder.grading import grade
from autograder.records import Case, Grade, Question
from autograder.reports import student_page
from autograder.sandbox.limits import Limits
from autograder.second_look import NO_ANSWER, NOT_DONE, NOT_NEEDED, RECORD, look
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook

SEED = 42
OWN = Random(SEED)
_, SECOND = OWN.random(), OWN.random()
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
BOTH = "double 2, turns 2"


def written(folder: Path) -> Path:
    tests = {"turns": exceptions("turns", TURNS), "double": exceptions("double", *DOUBLE)}
    return bundle(folder / "bundle", tests)


def graded(folder: Path, *cells: str, settings: Settings | None = None) -> Grade:
    opened = open_bundle(written(folder), folder)
    path = notebook(
        folder / "handed in.ipynb", [START, *cells, CHECKS], kernelspec={"name": "my-env"}
    )
    settings = settings or Settings(mode="warm", second_look=True)
    return grade(opened, path, settings, beside=folder / "beside")


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
    assert (found.provenance[RECORD], found.warnings) == (BOTH, ())


@pytest.mark.slow
def test_so_it_is_without_a_sandbox(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, settings=Settings(sandbox="none", second_look=True))
    assert (cases(found), found.provenance[RECORD]) == ([True, True, None], BOTH)


def test_without_it_the_points_are_lost(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, settings=Settings(mode="warm"))
    assert (cases(found), found.status) == ([True, True, False], "graded")
    assert RECORD not in found.provenance


@pytest.mark.slow
def test_what_is_wrong_for_otter_too_stays_wrong(tmp_path: Path) -> None:
    found = graded(tmp_path, "def double(x):\n    return x\ndef throw():\n    return 0")
    assert (cases(found), found.status, found.score) == ([False, False, False], "graded", 0)
    assert (found.provenance[RECORD], found.warnings) == ("double 0, turns 0", ())


def test_where_nothing_was_lost_nobody_looks(tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, f"def throw():\n    return {SECOND}")
    assert (found.status, found.score, found.provenance[RECORD]) == ("graded", 4, NOT_NEEDED)


def test_what_a_notebook_wins_in_its_own_process_is_no_grade(tmp_path: Path) -> None:
    """It finds the hidden test on the disk, which it can only there, and answers by it."""
    cheat = (
        "from pathlib import Path\n"
        "texts = [path.read_text() for path in Path('..').rglob('*.py')]\n"
        f"there = any('{SECRET}' in text for text in texts)\n"
        "def double(x):\n    return 2 * x if there else x\n"
        "def throw():\n    return 0"
    )
    found = graded(tmp_path, cheat)
    assert (found.status, found.score) == ("needs a teacher", 0)
    assert cases(found) == [None, None, False]
    assert found.provenance[RECORD] == "double 2, turns 0"
    assert SECRET not in student_page(found, "Homework")


@pytest.mark.slow
def test_what_a_notebook_has_otter_print_is_not_passed_on(tmp_path: Path) -> None:
    """Otter unpickles in its own process what the kernel has written, and ends with it."""
    told = (
        "import glob, os\n"
        "texts = [open(path).read() for path in glob.glob('/tmp/*/autograder/source/tests/*.py')]\n"
        "print(texts, flush=True)\nos._exit(3)"
    )
    leak = (
        "import pickle\n"
        f"class Told:\n    def __reduce__(self):\n        return exec, ({told!r},)\n"
        "dump = pickle.dump\n"
        "pickle.dump = lambda found, file, *more: dump(Told(), file)"
    )
    found = graded(tmp_path, ANSWER, leak)
    assert found.provenance[RECORD] == NO_ANSWER
    assert SECRET not in "".join((*found.warnings, *found.provenance.values()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "end",
    [
        # Only there is a folder with the tests.
        "import os\nif os.listdir('tests'):\n    os._exit(3)",
        # Otter's own export uses it.
        "def open(path):\n    return path",
    ],
)
def test_one_of_which_otter_says_nothing_keeps_its_grade(end: str, tmp_path: Path) -> None:
    found = graded(tmp_path, ANSWER, end)
    assert (cases(found), found.status) == ([True, True, False], "graded")
    assert found.provenance[RECORD] == NO_ANSWER
    assert found.warnings[-1].startswith("The second look by Otter's own grading failed: ")


def test_the_grade_stays_where_otter_cannot_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SandboxError("no room to be had")

    monkeypatch.setattr(look, "ask", refuse)
    found = graded(tmp_path, ANSWER)
    assert (cases(found), found.provenance[RECORD]) == ([True, True, False], NOT_DONE)
    assert "it could not be asked (SandboxError)" in found.warnings[-1]


@pytest.mark.slow
def test_files_that_were_handed_in_are_there(tmp_path: Path) -> None:
    (tmp_path / "beside" / "data").mkdir()
    (tmp_path / "beside" / "data" / "two.txt").write_text("2")
    # Together more than one file may have.
    for number in range(3):
        (tmp_path / "beside" / "data" / f"{number}.bin").write_bytes(bytes(900_000))
    reads = "def double(x):\n    return int(open('data/two.txt').read()) * x"
    limits = Limits(file_mb=2)
    found = graded(
        tmp_path, ANSWER, reads, settings=Settings(mode="warm", limits=limits, second_look=True)
    )
    assert found.provenance[RECORD] == BOTH


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


def test_an_environment_without_a_kernel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Environment("3.12.1", dict.fromkeys(environment.TESTS_NEED, "1"), "digest")
    monkeypatch.setattr(environment, "examine", lambda _: bare)
    with pytest.raises(SandboxError, match="-m pip install ipykernel nbconvert"):
        look.possible(Settings())


class Class:
    """A class of one in a folder, graded by the command."""

    def __init__(self, folder: Path, answer: str = ANSWER) -> None:
        self.out = folder / "out"
        path = notebook(folder / "Ana.ipynb", [START, answer, CHECKS])
        self.given = [str(path), "--assignment", str(written(folder)), "--out", str(self.out)]

    def grade(self, *options: str, command: click.Command = grade_command.command) -> str:
        said = CliRunner().invoke(command, [*self.given, *options])
        return "" if said.exit_code == 0 else str(said.exception)

    def status(self) -> tuple[str, str | None]:
        (found,) = Store(self.out).all_standing().values()
        return found.status, found.provenance.get(RECORD)


@pytest.mark.slow
def test_a_class_keeps_its_second_look(tmp_path: Path) -> None:
    small = Class(tmp_path)
    assert small.grade() == ""
    assert small.status() == ("graded", None)
    assert small.grade("--second-look") == ""
    assert small.status() == ("needs a teacher", BOTH)
    assert "made with --second-look: 1 of 1. Give it again." in small.grade()
    assert small.status() == ("needs a teacher", BOTH)
    # With a look at each difference it can be left.
    assert small.grade("--yes", command=regrade.command) == ""
    assert small.status() == ("graded", None)
    assert small.grade() == ""


@pytest.mark.slow
def test_a_look_that_changed_nothing_can_be_left_too(tmp_path: Path) -> None:
    small = Class(tmp_path, f"{ANSWER}\ndef throw():\n    return {SECOND}")
    assert small.grade("--second-look") == ""
    assert small.status() == ("graded", NOT_NEEDED)
    assert "Give it again" in small.grade()
    assert small.grade(command=regrade.command) == ""
    assert small.status() == ("graded", None)
    assert small.grade() == ""


@pytest.mark.slow
def test_one_that_took_too_long_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Class(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(look, "STARTING", -1e4)
        assert small.grade("--second-look") == ""
    assert small.status() == ("graded", NOT_DONE)
    assert small.grade("--second-look") == ""
    assert small.status() == ("needs a teacher", BOTH)


def test_points_that_were_not_lost_are_not_asked_for() -> None:
    sure = Case("q - 1", passed=True, hidden=False, points=1, message="")
    undecided = Case("q - 2", passed=None, hidden=False, points=1, message="")
    for item in (Question("q", 1, 1, (sure,)), Question("q", 1, 2, (sure, undecided))):
        nowhere = (None,) * 7
        assert look.second_look(*nowhere, (item,)) == ((item,), (), {RECORD: NOT_NEEDED})  # type: ignore[arg-type]
