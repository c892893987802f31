"""The commands around grading, with a stand-in for the grading itself."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner, Result

from autograder import doctor, scores
from autograder.batch import bundle
from autograder.commands import doctor as doctor_command
from autograder.commands import grade as batch
from autograder.commands import regrade, similar
from autograder.doctor import Finding
from autograder.errors import BundleError, GraderError
from autograder.records import Case, Grade, Question, Scale
from autograder.sandbox.limits import Limits
from autograder.settings import Settings
from tests.autograder.intake import uploaded

POINTS = {"value": 1.0}
GRADER = {"version": "1"}
SCALE = {"points": 0.0}


@dataclass(frozen=True)
class Assignment:
    digest: str
    name: str = "Photos of mugs"
    unfollowed: str = ""
    wanted: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def opened(bundle: Path, work: Path) -> Assignment:
    return Assignment(bundle.read_bytes().hex())


def graded(
    assignment: Assignment, notebook: Path, settings: object, beside: Path | None = None
) -> Grade:
    text = notebook.read_text()
    points = POINTS["value"] if "'ada'" in text else 1.0
    case = Case("q1 - 1", True, False, 2, "")
    made = {"bundle": assignment.digest, "submission": text, "grader": GRADER["version"]}
    scale = Scale(SCALE["points"]) if SCALE["points"] else None
    questions = (Question("q1", points, 2, (case,)),)
    return Grade("", "", "graded", questions, provenance=made, scale=scale)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core of the grader, as far as the commands see it."""
    monkeypatch.setattr(bundle, "open_bundle", opened)
    monkeypatch.setattr(bundle, "grade", graded)
    monkeypatch.setitem(POINTS, "value", 1.0)
    monkeypatch.setitem(GRADER, "version", "1")
    monkeypatch.setitem(SCALE, "points", 0.0)
    monkeypatch.setattr(bundle, "grader_versions", lambda environment: GRADER["version"])


@pytest.fixture
def run(tmp_path: Path, stand_in: None) -> Callable[..., Result]:
    """Runs a command on a class of two, into `out`."""
    handed = tmp_path / "in"
    handed.mkdir()
    for name in ("ada", "ben"):
        write(handed / f"{name}.ipynb", name)
    (tmp_path / "photos.zip").write_bytes(b"bundle 1")

    def invoke(command: Command, *more: str, answer: str = "", folder: str = "in") -> Result:
        options = ["--assignment", str(tmp_path / "photos.zip"), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(command, [str(tmp_path / folder), *options, *more], input=answer)

    return invoke


def write(path: Path, who: str) -> None:
    """A notebook of somebody's."""
    cell = {"cell_type": "code", "source": f"who = '{who}'", "metadata": {}, "outputs": []}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def rows(out: Path) -> dict[str, str]:
    """The points of each submission in the table."""
    return {row["submission"]: row["score"] for row in scores.read(out / "scores.csv")}


def test_a_class_is_graded_and_the_results_are_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    done = run(batch.command)
    assert done.exit_code == 0, done.output
    assert "2 graded" in done.output
    assert "scores.csv" in done.output
    assert list(rows(tmp_path / "out")) == ["ada.ipynb", "ben.ipynb"]
    assert "Photos of mugs" in (tmp_path / "out" / "summary.html").read_text()


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
    unanswered = run(regrade.command, answer="")
    assert isinstance(unanswered.exception, GraderError)
    assert "--yes" in str(unanswered.exception)
    assert (tmp_path / "out" / "scores.csv").read_bytes() == before

    assert run(regrade.command, answer="y\n").exit_code == 0
    assert scores.read(tmp_path / "out" / "scores.csv")[0]["score"] == "2"


def test_late_submissions_are_added_to_the_class(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    run(batch.command)
    write(tmp_path / "late" / "Cy.ipynb", "cy")
    write(tmp_path / "late" / "ada.ipynb", "somebody else")
    done = run(batch.command, folder="late")
    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "out") == {"ada.ipynb": "1", "ben.ipynb": "1", "Cy.ipynb": "1"}
    assert "replaced:      +0       1 → 1       ada.ipynb  handed in anew" in done.stderr
    assert "not in PATHS, and kept in the tables: 1." in done.stderr
    assert "3 submissions" in (tmp_path / "out" / "summary.html").read_text()
    assert len(list((tmp_path / "out" / "reports").iterdir())) == 3
    # A class that is graded again as a whole is told nothing.
    again = run(batch.command)
    assert list(rows(tmp_path / "out")) == ["ada.ipynb", "ben.ipynb", "Cy.ipynb"]
    assert "kept in the tables: 1." in again.stderr


def test_a_student_who_hands_in_under_another_name_is_there_once(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    for name, folder in (("hw.ipynb", "early"), ("hw-2.ipynb", "late")):
        write(tmp_path / folder / f"Ada Lee_101_assignsubmission_file_/{name}", name)
        (tmp_path / folder / "Ben_102_assignsubmission_file_").mkdir()
    # Ben's is refused first: no notebook.
    (tmp_path / "early" / "Ben_102_assignsubmission_file_" / "notes.txt").write_text("none")
    write(tmp_path / "late" / "Ben_102_assignsubmission_file_" / "x.ipynb", "ben")
    assert "1 rejected" in run(batch.command, folder="early").output
    done = run(batch.command, "--format", "moodle", folder="late")
    assert done.exit_code == 0, done.output
    found = scores.read(tmp_path / "out" / "moodle.csv")
    assert [row["Identifier"] for row in found] == ["Participant 101", "Participant 102"]
    assert "anew under another name: Ada Lee_101_assignsubmission_file_/hw.ipynb" in done.stderr
    assert len(rows(tmp_path / "out")) == len(list((tmp_path / "out" / "teacher").iterdir())) == 2


def test_two_submissions_of_one_student_in_one_command_are_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    name = "Anna Berg_101_assignsubmission_file_"
    for folder in ("early", "late"):
        write(tmp_path / folder / name / "hw.ipynb", folder)
        write(tmp_path / folder / f"Ben_{folder[0]}_assignsubmission_file_.ipynb", folder)
    done = run(batch.command, str(tmp_path / "late"), folder="early")
    both = f"{name}/hw.ipynb, {tmp_path.name}/{name}/hw.ipynb"
    said = f"2 submissions of Anna Berg: {both}; scores.csv has a row for each."
    assert said in done.stderr
    assert done.stderr.count("submissions of") == 1
    assert "one after the other with the same --out" in done.stderr
    page = (tmp_path / "out" / "summary.html").read_text()
    assert said in page.replace("</bdi>", "")
    assert "one after the other with the same --out" in page
    # As the hint says.
    for folder in ("early", "late"):
        done = run(batch.command, folder=folder)
    assert "submissions of" not in done.stderr
    assert [row for row in rows(tmp_path / "out") if "Anna" in row] == [f"{name}/hw.ipynb"]


def test_a_student_who_hands_in_with_anothers_number_takes_no_grade_away(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    # As submissions of Moodle's flat download are called, and the files of these.
    of_ben, of_x = "Ben Hur_99_assignsubmission_file", "X_99_assignsubmission_file"
    ben, made_up = f"{of_ben}_hw.ipynb", f"{of_x}_hw.ipynb"
    write(tmp_path / "early" / ben, "ben")
    write(tmp_path / "late" / f"Ada Lee_11_assignsubmission_file_{made_up}", "ada")
    run(batch.command, folder="early")
    done = run(batch.command, "--format", "moodle", folder="late")
    assert done.exit_code == 0, done.output
    found = scores.read(tmp_path / "out" / "moodle.csv")
    assert [row["Identifier"] for row in found] == ["Participant 11", "Participant 99"]
    # Under a number that somebody made up, such as in a zip with folders of others.
    write(tmp_path / "forged" / made_up, "ada")
    forged = run(batch.command, "--format", "moodle", folder="forged")
    assert "another name" not in forged.stderr
    assert f"kept, look whose it is: Ben Hur ({of_ben}/hw.ipynb) and X ({of_x}/" in forged.stderr
    assert f"not in moodle.csv: {of_ben}/hw.ipynb: its student's number 99" in forged.stderr
    found = scores.read(tmp_path / "out" / "moodle.csv")
    assert [row["Identifier"] for row in found] == ["Participant 11"]
    assert len(rows(tmp_path / "out")) == 3


def test_a_line_says_in_which_layout_each_path_was_read(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    assert f"Layout of {tmp_path / 'in'}: 2 plain." in run(batch.command).stderr
    write(tmp_path / "class" / "Ada Lee_11_assignsubmission_file_" / "hw.ipynb", "ada")
    write(tmp_path / "class" / "late by mail.ipynb", "cy")
    more = [str(path) for path in sorted((tmp_path / "in").iterdir())]
    said = run(batch.command, *more, folder="class").stderr
    assert f"Layout of {tmp_path / 'class'}: 1 Moodle, 1 plain." in said
    assert "Layout of 2 paths: 2 plain." in said
    assert "Layout of" in run(regrade.command, folder="in").stderr


def test_grades_of_another_bundle_are_left_alone(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    run(batch.command)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    (tmp_path / "photos.zip").write_bytes(b"bundle 2")
    POINTS["value"] = 0.0
    refused = run(batch.command)
    assert isinstance(refused.exception, GraderError)
    assert "another bundle: 2 of 2" in str(refused.exception)
    assert "autograder regrade" in str(refused.exception)
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert before == after
    # Nor is a part of the class graded by one bundle and the rest by the other.
    for name in ("ada", "cy"):
        write(tmp_path / "late" / f"{name}.ipynb", name)
    part = run(regrade.command, "--yes", folder="late")
    assert "ben.ipynb" in str(part.exception)
    assert rows(tmp_path / "out") == {"ada.ipynb": "1", "ben.ipynb": "1"}


def test_a_bundle_that_changes_no_points_is_taken_over_by_regrading(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    run(batch.command)
    (tmp_path / "photos.zip").write_bytes(b"bundle 2")
    assert "0 differ" in run(regrade.command).output
    assert run(batch.command).exit_code == 0


def test_points_that_only_another_grader_would_change_are_left_alone(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    run(batch.command)
    GRADER["version"] = "2"
    assert run(batch.command).exit_code == 0
    GRADER["version"] = "3"
    POINTS["value"] = 0.5
    refused = run(batch.command)
    assert "ada.ipynb" in str(refused.exception)
    assert "autograder regrade" in str(refused.exception)
    assert rows(tmp_path / "out")["ada.ipynb"] == "1"
    run(regrade.command, "--yes")
    assert rows(tmp_path / "out")["ada.ipynb"] == "0.5"


def test_points_of_the_whole_do_not_change_in_silence_either(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(batch.command)
    monkeypatch.setitem(GRADER, "version", "2")
    monkeypatch.setitem(SCALE, "points", 100.0)
    assert "the points of 2 would change" in str(run(batch.command).exception)
    assert "2 differ" in run(regrade.command, answer="n\n").output


def test_settings_that_are_not_followed_are_named_once(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bundle, "open_bundle", lambda path, _: Assignment("1", unfollowed="not followed: debug")
    )
    assert run(batch.command).stderr.count("not followed: debug") == 1


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


def test_files_that_are_not_the_graders_are_not_written_over(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    for name in ("scores.csv", "canvas.csv"):
        own = tmp_path / "out" / name
        own.write_text("mine")
        refused = run(batch.command, "--format", "canvas")
        assert isinstance(refused.exception, GraderError)
        assert name in str(refused.exception)
        assert "another --out" in str(refused.exception)
        assert [(path, path.read_text()) for path in own.parent.iterdir()] == [(own, "mine")]
        own.unlink()


def test_a_bundle_that_is_none_is_named_as_it_was_given(tmp_path: Path) -> None:
    from autograder.batch.bundle import read_bundle

    given = tmp_path / "bad.zip"
    given.write_bytes(b"no zip")
    with pytest.raises(BundleError) as refused:
        read_bundle(given, Path(sys.executable), "none").assignment()
    assert str(refused.value).startswith(f"{given} is no bundle")


def test_rejected_submissions_are_named_with_the_reason(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    for number in range(12):
        folder = tmp_path / "class" / f"s{number:02}_{number}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "notes.txt").write_text("none")
        (folder / "more.txt").write_text("none")
    write(tmp_path / "class" / "z_99_assignsubmission_file_" / "hw.ipynb", "zoe")
    done = run(batch.command, folder="class")
    assert done.exit_code == 0
    said = done.stderr
    assert said.count("rejected: s") == 10
    assert "rejected: s00" in said
    assert "There is no notebook in your upload." in said
    assert f"and 2 more: see {tmp_path / 'out' / 'summary.html'}" in said


@pytest.mark.parametrize(
    "files", [[], ["notes.txt", "data.csv"], ["ada/.DS_Store", "ben/a/b", "c"]]
)
def test_a_folder_without_submissions_is_no_student(
    files: list[str], run: Callable[..., Result], tmp_path: Path
) -> None:
    mistyped = tmp_path / "inn"
    mistyped.mkdir()
    for name in files:
        (mistyped / name).parent.mkdir(parents=True, exist_ok=True)
        (mistyped / name).write_text("none")
    refused = run(batch.command, folder="inn")
    assert isinstance(refused.exception, GraderError)
    assert f"no submissions in {mistyped}" in str(refused.exception)
    assert "Check the path" in str(refused.exception)
    assert not (tmp_path / "out").exists()
    # Beside others' it is the folder of somebody who handed nothing in.
    done = run(batch.command, str(mistyped))
    assert done.exit_code == 0, done.output
    assert "2 graded, 1 rejected" in done.output


@pytest.mark.parametrize("command", [batch.command, regrade.command])
def test_a_class_in_which_all_are_rejected_does_not_look_done(
    command: Command, run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "in" / "ada.ipynb").unlink()
    assert run(batch.command).exit_code == 0
    (tmp_path / "notes.txt").write_text("none")
    whole = [str(tmp_path / "notes.txt"), "--json"] if command is batch.command else ["--yes"]
    (tmp_path / "in" / "ben.ipynb").write_text("none")
    done = run(command, *whole, folder="in/ben.ipynb")
    assert isinstance(done.exception, GraderError)
    assert "rejected, and nothing was graded" in str(done.exception)
    assert ("All 2 submissions" if "--json" in whole else "The only") in str(done.exception)
    assert rows(tmp_path / "out")["ben.ipynb"] == ""
    assert "Exit status:" in CliRunner().invoke(command, ["--help"]).output


def test_without_grades_there_is_nothing_to_grade_again(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    refused = run(regrade.command, "--yes")
    assert isinstance(refused.exception, GraderError)
    assert f"{tmp_path / 'out'} holds no grades" in str(refused.exception)
    assert "autograder grade" in str(refused.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["in", "in/out"])
def test_results_do_not_lie_among_the_submissions(
    place: str, run: Callable[..., Result], tmp_path: Path
) -> None:
    for command in (batch.command, regrade.command):
        refused = run(command, "--out", str(tmp_path / place))
        assert isinstance(refused.exception, GraderError)
        assert f"{tmp_path / place} lies in {tmp_path / 'in'}" in str(refused.exception)
    assert len(list((tmp_path / "in").iterdir())) == 2


def test_jobs_and_a_scheduler_do_not_go_together(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    for command in (batch.command, regrade.command):
        refused = run(command, "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1")
        assert isinstance(refused.exception, GraderError)
        assert "--jobs" in str(refused.exception)
        assert "--scheduler" in str(refused.exception)
    assert not (tmp_path / "out").exists()


def test_who_stops_a_batch_is_told_that_it_can_go_on(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(
        assignment: Assignment, notebook: Path, settings: object, beside: Path | None = None
    ) -> Grade:
        if "'ben'" in notebook.read_text():
            raise KeyboardInterrupt
        return graded(assignment, notebook, settings, beside)

    monkeypatch.setattr(bundle, "grade", stopped)
    told = run(batch.command)
    assert isinstance(told.exception, GraderError)
    assert "what is graded already is kept" in str(told.exception)
    assert len(list((tmp_path / "out" / "cache").iterdir())) == 1
    monkeypatch.setattr(bundle, "grade", graded)
    assert run(batch.command).exit_code == 0


def test_without_submissions_no_pairs_are_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    options = [str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    refused = CliRunner().invoke(similar.command, options)
    assert isinstance(refused.exception, GraderError)
    assert "no submissions" in str(refused.exception)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_named_twice_counts_once(run: Callable[..., Result], tmp_path: Path) -> None:
    ada = tmp_path / "in" / "ada.ipynb"
    said = run(batch.command, str(ada.parent / ".." / "in" / "ada.ipynb"), folder="in/ada.ipynb")
    assert list(rows(tmp_path / "out")) == ["ada.ipynb"]
    assert f"Named more than once, counted once: {ada}" in said.stderr


@pytest.mark.parametrize("content", [b"{", b"", b"PK\x03\x04", b'{"cells": 3}', b"%PDF"])
def test_a_template_that_is_no_notebook_is_told_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(uploaded.notebook())
    template = tmp_path / "given.ipynb"
    template.write_bytes(content)
    out = tmp_path / "out"
    options = [str(tmp_path / "in"), "--template", str(template), "--out", str(out)]
    refused = CliRunner().invoke(similar.command, options)
    assert isinstance(refused.exception, GraderError)
    assert f"--template {template} cannot be read as a notebook: " in str(refused.exception)
    assert not out.exists()


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


def test_what_makes_the_intake_fail_stops_no_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(self: object) -> None:
        raise ValueError("nobody has foreseen this")

    write(tmp_path / "in" / "ada.ipynb", "ada")
    monkeypatch.setattr("autograder.intake.Upload.read", stumble)
    done = CliRunner().invoke(
        similar.command, [str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    )
    assert isinstance(done.exception, GraderError)
    assert "left out: in: it cannot be read (ValueError" in done.stderr


@pytest.mark.parametrize(
    "names",
    [
        ("Ada Li_12_assignsubmission_file_/hw.ipynb", "Ben Oz_13_assignsubmission_file_/hw.ipynb"),
        ("Ada Li_12_assignsubmission_file_a.zip",),
        ("ada.ipynb", "ben.ipynb"),
    ],
)
def test_a_folder_with_the_zip_of_a_class_is_told_to_be_named_by_the_zip(
    names: tuple[str, ...], run: Callable[..., Result], tmp_path: Path
) -> None:
    data = (tmp_path / "in" / "ada.ipynb").read_bytes()
    inner = {name: uploaded.packed({"a": b""}) if name[-3:] == "zip" else data for name in names}
    handed = {"course hw.zip": uploaded.packed(inner), "readme.txt": b"", ".DS_Store": b""}
    uploaded.laid(tmp_path / "download", handed)
    hint = f"name the zip itself, not its folder: autograder grade '{tmp_path}/download/course hw"
    alone = run(batch.command, folder="download")
    assert isinstance(alone.exception, GraderError)
    assert hint in str(alone.exception)
    # Among others it may be a student's, who makes up whose files are in it.
    among = run(batch.command, str(tmp_path / "in"), folder="download")
    assert "2 graded" in among.stdout
    assert "name the zip itself" not in among.stderr


@pytest.mark.parametrize(
    "files",
    [
        {"hw.zip": uploaded.packed({"notes.txt": b"", "more.txt": b""})},
        {"hw.zip": b"PK\x03\x04"},
        {"a.zip": uploaded.packed({}), "b.zip": uploaded.packed({})},
    ],
)
def test_a_rejected_zip_that_holds_no_class_has_no_such_hint(
    files: dict[str, bytes], run: Callable[..., Result], tmp_path: Path
) -> None:
    uploaded.laid(tmp_path / "download", files)
    done = run(batch.command, folder="download")
    assert isinstance(done.exception, GraderError)
    assert "name the zip itself" not in str(done.exception)
