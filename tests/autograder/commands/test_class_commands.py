"""The commands around grading, with a stand-in for the grading itself."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder import doctor, scores
from autograder.batch import bundle
from autograder.commands import doctor as doctor_command
from autograder.commands import grade as batch
from autograder.commands import regrade, similar
from autograder.doctor import Finding
from autograder.errors import BundleError
from autograder.records import Case, Grade, Question
from autograder.sandbox.limits import Limits
from autograder.settings import Settings

POINTS = {"value": 1.0}


@dataclass(frozen=True)
class Assignment:
    digest: str
    wanted: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def opened(bundle: Path, work: Path) -> Assignment:
    return Assignment(bundle.read_bytes().hex())


def graded(
    assignment: Assignment, notebook: Path, settings: object, beside: Path | None = None
) -> Grade:
    points = POINTS["value"] if "'ada'" in notebook.read_text() else 1.0
    case = Case("q1 - 1", True, False, 2, "")
    return Grade("", "", "graded", (Question("q1", points, 2, (case,)),))


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core of the grader, as far as the commands see it."""
    monkeypatch.setattr(bundle, "open_bundle", opened)
    monkeypatch.setattr(bundle, "grade", graded)
    monkeypatch.setitem(POINTS, "value", 1.0)


@pytest.fixture
def run(tmp_path: Path, stand_in: None) -> Callable[..., Result]:
    """Runs a command on a class of two, into `out`."""
    handed = tmp_path / "in"
    handed.mkdir()
    for name in ("ada", "ben"):
        cell = {"cell_type": "code", "source": f"who = '{name}'", "metadata": {}, "outputs": []}
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (handed / f"{name}.ipynb").write_text(json.dumps(content))
    (tmp_path / "photos.zip").write_bytes(b"bundle 1")

    def invoke(command: object, *more: str, answer: str = "") -> Result:
        options = ["--assignment", str(tmp_path / "photos.zip"), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(command, [str(handed), *options, *more], input=answer)  # type: ignore[arg-type]

    return invoke


def test_a_class_is_graded_and_the_results_are_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    done = run(batch.command)
    assert done.exit_code == 0, done.output
    assert "2 graded" in done.output
    assert "scores.csv" in done.output
    rows = scores.read(tmp_path / "out" / "scores.csv")
    assert [row["submission"] for row in rows] == ["ada.ipynb", "ben.ipynb"]
    assert "photos" in (tmp_path / "out" / "summary.html").read_text()


def test_grades_can_be_had_as_json(run: Callable[..., Result]) -> None:
    done = run(batch.command, "--json")
    assert [grade["submission"] for grade in json.loads(done.stdout)] == ["ada.ipynb", "ben.ipynb"]


def test_an_import_says_whom_it_leaves_out(run: Callable[..., Result]) -> None:
    done = run(batch.command, "--format", "moodle")
    assert "not in moodle.csv: ada.ipynb" in done.stderr


def test_without_a_sandbox_the_command_says_so(run: Callable[..., Result]) -> None:
    assert "WITHOUT a sandbox" in run(batch.command, "--sandbox", "none").stderr


def test_grading_anew_shows_the_differences_and_asks(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    run(batch.command)
    before = (tmp_path / "out" / "scores.csv").read_bytes()
    assert "0 differ" in run(regrade.command).output

    (tmp_path / "photos.zip").write_bytes(b"bundle 2")
    POINTS["value"] = 2.0
    refused = run(regrade.command, answer="n\n")
    assert "+1       1 → 2" in refused.output
    assert "1 gain, 0 lose, 1 differ, 2 in all." in refused.output
    assert "Nothing is written." in refused.output
    assert (tmp_path / "out" / "scores.csv").read_bytes() == before

    assert run(regrade.command, answer="y\n").exit_code == 0
    assert scores.read(tmp_path / "out" / "scores.csv")[0]["score"] == "2"


def test_a_bundle_that_is_a_folder_is_the_same_each_time(tmp_path: Path) -> None:
    from autograder.batch.bundle import read_bundle

    (tmp_path / "hw" / "tests").mkdir(parents=True)
    (tmp_path / "hw" / "tests" / "q1.py").write_text("x")
    first = read_bundle(tmp_path / "hw", Path(sys.executable), "none")
    (tmp_path / "hw" / "tests" / "q1.py").touch()
    assert read_bundle(tmp_path / "hw", Path(sys.executable), "none") == first
    assert first.settings_digest() == first.settings_digest()
    with pytest.raises(BundleError, match="nothing"):
        read_bundle(tmp_path / "nothing", Path(sys.executable), "none")


def test_similar_pairs_are_listed_without_what_everybody_was_given(tmp_path: Path) -> None:
    shared = "def area(width, height):\n    return [w * h for w, h in zip(width, height)]\n"
    for name, source in (("a", shared), ("b", shared), ("bad", None), ("given", shared)):
        cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        folder = tmp_path / ("template" if name == "given" else "in")
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.ipynb").write_text(json.dumps(content))
    options = [str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(similar.command, options)
    assert "1 pairs to look at" in found.stdout
    assert "left out: bad.ipynb" in found.stderr
    template = ["--template", str(tmp_path / "template" / "given.ipynb")]
    assert "0 pairs" in CliRunner().invoke(similar.command, [*options, *template]).stdout


@pytest.mark.parametrize(("level", "status"), [("good", 0), ("note", 0), ("missing", 1)])
def test_the_doctor_ends_with_1_where_grading_cannot_be_trusted(
    level: doctor.Level, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding("Sandbox", level, "seen", "Do this.\nThen that.")
    monkeypatch.setattr(doctor_command, "examine", lambda machine: [finding])
    done = CliRunner().invoke(doctor_command.command)
    assert done.exit_code == status
    assert "         Then that." in done.output
    as_json = CliRunner().invoke(doctor_command.command, ["--json"])
    assert json.loads(as_json.output)[0]["level"] == level


def test_a_name_cannot_steer_the_terminal() -> None:
    from autograder.commands.options import line

    assert "\x1b" not in line("\x1b[2Ja\nb")
    assert "\n" not in line("\x1b[2Ja\nb")


@pytest.mark.parametrize(
    ("few", "works", "more", "mode"),
    [
        (5, "", (), "cold"),
        (1, "", (), "warm"),
        (1, "unshare: not here", (), "cold"),
        (1, "", ("--mode", "cold"), "cold"),
        (5, "", ("--mode", "warm"), "warm"),
        (1, "", ("--sandbox", "none"), "cold"),
    ],
)
def test_a_class_is_graded_warm_where_that_works(
    few: int,
    works: str,
    more: tuple[str, ...],
    mode: str,
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used = set()

    def noted(
        assignment: Assignment, notebook: Path, settings: Settings, beside: Path | None = None
    ) -> Grade:
        used.add(settings.mode)
        return graded(assignment, notebook, settings, beside)

    monkeypatch.setattr(bundle, "grade", noted)
    monkeypatch.setattr(batch, "HANDFUL", few)
    monkeypatch.setattr(batch, "trial", lambda: works)
    done = run(batch.command, *more)
    assert used == {mode}
    assert ("cold rooms" in done.stderr) is bool(works)
