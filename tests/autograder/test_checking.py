"""A student's own look at the public tests: what comes along, and where it runs."""

import os
import platform
import resource
import sys
from pathlib import Path
from typing import Any

import pytest
from bundles import doctests, exceptions, notebook
from click.testing import CliRunner

from autograder import checking, commands
from autograder.commands import check as command
from autograder.errors import BundleError
from autograder.sandbox import launch, watch


@pytest.fixture
def handed_out(tmp_path: Path) -> Path:
    """A notebook in the folder that it came in, with what students have there."""
    files = (
        "data/points.csv",
        "shapes.py",
        ".venv/lib/big.py",
        "env/pyvenv.cfg",
        "env/lib/big.py",
        "conda/conda-meta/history",
        "data/.cache/big",
        "__pycache__/shapes.pyc",
        ".env",
        "other.ipynb",
    )
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("9")
    (tmp_path / "linked").symlink_to(tmp_path / ".venv")
    (tmp_path / "tests").mkdir()
    test = exceptions("q1", "@test_case(points=2)\ndef t(x):\n    assert x == 9\n")
    (tmp_path / "tests" / "q1.py").write_text(test)
    cells = ["import otter\ngrader = otter.Notebook()", "x = int(open('data/points.csv').read())"]
    return notebook(tmp_path / "hw.ipynb", [*cells, "grader.check('q1')"])


def test_environments_and_hidden_folders_stay_where_they_are(handed_out: Path) -> None:
    found = {path.relative_to(handed_out.parent) for path in checking.files(handed_out.parent)}
    assert {path.as_posix() for path in found} == {".env", "data/points.csv", "shapes.py"}


def test_a_notebook_is_checked_with_the_files_beside_it(handed_out: Path) -> None:
    found = checking.check(handed_out)
    assert (found.status, found.score, found.possible) == ("graded", 2, 2)


def test_a_notebook_that_makes_the_reader_fail_is_told_in_words(
    handed_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(content: bytes) -> None:
        raise ValueError("nobody has foreseen this")

    monkeypatch.setattr("autograder.notebook.cells", stumble)
    done = CliRunner().invoke(command.command, [str(handed_out)])
    assert done.exit_code == 0, done.output
    assert "failed. What you handed in could not be read" in done.output


def test_the_users_other_programs_do_not_count_as_the_notebooks(handed_out: Path) -> None:
    cell = "import resource\nx = 9 * (resource.getrlimit(resource.RLIMIT_NPROC)[0] != 256)"
    notebook(handed_out, ["import otter\ngrader = otter.Notebook()", cell, "grader.check('q1')"])
    assert checking.check(handed_out).score == 2


def carrying(path: Path, tests: Any) -> Path:
    """A right notebook with these tests in its metadata, as Otter puts them there by default."""
    cells = ["import otter\ngrader = otter.Notebook()", "x = 9", "grader.check('q1')"]
    return notebook(path / "hw.ipynb", cells, otter={"OK_FORMAT": True, "tests": tests})


RAISING = exceptions("q1", "@test_case(points=2)\ndef t(x):\n    assert x == 9\n")
DOCTESTS: dict[str, Any] = {}
exec(doctests("q1", {"code": ">>> x == 9\nTrue"}, points=2), DOCTESTS)


@pytest.mark.parametrize("test", [RAISING, DOCTESTS["test"]], ids=["exceptions", "doctests"])
def test_tests_in_the_notebook_itself_are_run(tmp_path: Path, test: Any) -> None:
    found = checking.check(carrying(tmp_path, {"q1": test}))
    assert (found.status, found.score, found.possible) == ("graded", 2, 2)


def test_tests_in_the_notebook_are_not_taken_where_there_is_a_folder(handed_out: Path) -> None:
    other = carrying(handed_out.parent, {"q2": RAISING})
    assert [question.name for question in checking.check(other).questions] == ["q1"]


@pytest.mark.parametrize("name", ["../q1", "/tmp/q1", "", "q" * 300, "q\0", "\ud800"])
def test_a_test_in_the_notebook_with_a_name_that_leads_elsewhere_is_refused(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "deep" / "folder").mkdir(parents=True)
    with pytest.raises(BundleError, match="cannot be read"):
        checking.carried(carrying(tmp_path, {name: RAISING}), tmp_path / "deep" / "folder" / "t")
    assert not list(tmp_path.rglob("*.py"))


@pytest.mark.parametrize("test", [None, 1, [RAISING], "\ud800"])
def test_what_is_no_test_in_the_notebook_is_refused(tmp_path: Path, test: Any) -> None:
    with pytest.raises(BundleError, match=r"test 'q1' in hw\.ipynb cannot be read"):
        checking.check(carrying(tmp_path, {"q1": test}))


@pytest.mark.parametrize("tests", [{}, None, []])
def test_a_notebook_without_tests_is_told_where_they_belong(tmp_path: Path, tests: Any) -> None:
    with pytest.raises(BundleError, match=r"no folder `tests`.*no tests are in the notebook"):
        checking.check(carrying(tmp_path, tests))


def test_what_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "hw.ipynb").write_text("no")
    with pytest.raises(BundleError, match=r"hw\.ipynb is no notebook"):
        checking.check(tmp_path / "hw.ipynb")


def test_elsewhere_than_on_linux_the_command_says_what_is_missing(
    handed_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(command.command, [str(handed_out)]).stderr == ""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    done = CliRunner().invoke(command.command, [str(handed_out)])
    assert "On Darwin this has not been tested, and memory is not limited." in done.stderr
    assert "2 of 2" in done.stdout


def test_windows_is_told_of_wsl(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 1
    assert "wsl --install" in capsys.readouterr().err


def test_a_system_without_a_list_of_processes_is_not_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(path: str) -> list[str]:
        raise FileNotFoundError(2, "No such file or directory", path)

    monkeypatch.setattr(os, "listdir", missing)
    monkeypatch.setattr(watch, "_table", watch.Table())
    assert watch.descendants(os.getpid()) == [os.getpid()]


def test_a_system_without_message_queues_is_limited_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[int, int] = {}
    monkeypatch.delattr(resource, "RLIMIT_MSGQUEUE")
    monkeypatch.setattr(resource, "setrlimit", lambda name, pair: given.update({name: 1}))
    monkeypatch.setattr(os, "umask", lambda mask: 0)
    launch.limit({"uid": 0, "data": 1 << 30, "file": 1 << 20, "cpu": 60, "processes": 64})
    assert resource.RLIMIT_FSIZE in given
