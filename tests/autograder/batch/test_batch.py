"""A class is graded whatever its submissions do, and nothing is graded twice."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from standin import BEGUN, LOG, grade, more, upload

from autograder import scores
from autograder.batch import Batch, Store, compare, grade_all
from autograder.batch.work import Task, work
from autograder.errors import GraderError
from autograder.intake import Submission, Upload
from autograder.intake.entries import Entry
from autograder.records import Grade
from autograder.reports import page_name
from autograder.storage import BEGUN as UNFINISHED

CLASS = [upload(f"{name}.ipynb", f"x = {name!r}", name) for name in ("ada", "ben", "cy")]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in notes what it grades."""
    path = tmp_path / "log"
    path.touch()
    monkeypatch.setenv(LOG, str(path))
    return path


def run(uploads: list[Upload], out: Path, **more: object) -> list[Grade]:
    values: dict[str, object] = {"bundle": "b", "settings": "s", "quiet": True, **more}
    return grade_all(uploads, values.pop("grade", grade), out, **values)  # type: ignore[arg-type]


def test_a_batch_leaves_a_table_a_summary_and_pages_for_each(tmp_path: Path) -> None:
    grades = run(CLASS, tmp_path)
    assert [one.submission for one in grades] == ["ada.ipynb", "ben.ipynb", "cy.ipynb"]
    rows = scores.read(tmp_path / "scores.csv")
    assert [row["student"] for row in rows] == ["ada", "ben", "cy"]
    assert [float(row["score"]) for row in rows] == [one.score for one in grades]
    assert (tmp_path / "summary.html").is_file()
    for one in grades:
        name = page_name(one.submission)
        assert "the test saw" not in (tmp_path / "reports" / f"{name}.html").read_text()
        assert "the test saw" in (tmp_path / "teacher" / f"{name}.html").read_text()
        assert Store(tmp_path).standing(one.submission) is not None


def test_a_second_run_grades_nothing_and_changes_nothing(tmp_path: Path, log: Path) -> None:
    first = run(CLASS, tmp_path / "out")
    table = (tmp_path / "out" / "scores.csv").read_bytes()
    assert run(CLASS, tmp_path / "out") == first
    assert len(log.read_text().splitlines()) == 3
    assert (tmp_path / "out" / "scores.csv").read_bytes() == table


@pytest.mark.parametrize("changed", ["bundle", "settings"])
def test_another_bundle_or_other_settings_are_graded_anew(
    changed: str, tmp_path: Path, log: Path
) -> None:
    run(CLASS, tmp_path / "out")
    run(CLASS, tmp_path / "out", **{changed: "other"})
    assert len(log.read_text().splitlines()) == 6


def test_a_changed_submission_is_graded_and_the_others_are_not(tmp_path: Path, log: Path) -> None:
    run(CLASS, tmp_path / "out")
    run([upload("ada.ipynb", "changed", "ada"), *CLASS[1:]], tmp_path / "out")
    assert log.read_text().splitlines()[3:] == ["ada.ipynb"]


def test_equal_submissions_are_graded_once_and_keep_their_names(tmp_path: Path, log: Path) -> None:
    same = [upload("a.ipynb", student="A", identifier="1"), upload("b.ipynb", student="B")]
    grades = run(same, tmp_path / "out")
    assert len(log.read_text().splitlines()) == 1
    assert [(one.submission, one.student) for one in grades] == [("a.ipynb", "A"), ("b.ipynb", "B")]
    assert [one.provenance.get(scores.IDENTIFIER) for one in grades] == ["1", None]
    assert grades[0].score == grades[1].score


def test_a_damaged_cache_is_as_good_as_none(tmp_path: Path, log: Path) -> None:
    first = run(CLASS, tmp_path / "out")
    for place, path in enumerate(sorted((tmp_path / "out" / "cache").iterdir())):
        path.write_text(("", "[]", '{"questions": 3}')[place])
    again = run(CLASS, tmp_path / "out")
    assert [one.score for one in again] == [one.score for one in first]
    assert len(log.read_text().splitlines()) == 6


@pytest.mark.parametrize("bad", ["raise", "leave"])
def test_a_submission_that_makes_the_grader_fail_stops_no_other(bad: str, tmp_path: Path) -> None:
    grades = run([CLASS[0], upload("bad.ipynb", bad), CLASS[1]], tmp_path)
    assert [one.status for one in grades] == ["graded", "failed", "graded"]
    assert "Traceback" in grades[1].warnings[0]
    assert "Traceback" not in grades[1].reason


def unreadable(most: int) -> bytes:
    raise ValueError("nobody has foreseen this")


def test_a_submission_that_makes_the_intake_fail_stops_no_other(tmp_path: Path, log: Path) -> None:
    bad = replace(upload("bad.ipynb"), entries=(Entry("bad.ipynb", 9, "", unreadable),))
    worse = Upload("worse.zip", error=ZeroDivisionError("nor this"))
    grades = run([CLASS[0], bad, worse, CLASS[1]], tmp_path / "out")
    assert [one.status for one in grades] == ["graded", "failed", "failed", "graded"]
    for one, told in zip(grades[1:3], ("nobody has foreseen this", "nor this"), strict=True):
        assert "could not be read" in one.reason
        assert told in one.warnings[0]
    table = scores.read(tmp_path / "out" / "scores.csv")
    assert {row["submission"]: row["status"] for row in table} == {
        one.submission: one.status for one in grades
    }
    assert log.read_text().splitlines() == ["ada.ipynb", "ben.ipynb"]


def test_a_machine_without_a_sandbox_stops_the_batch_before_it_marks_anybody(
    tmp_path: Path,
) -> None:
    with pytest.raises(GraderError, match="Install bubblewrap"):
        run([upload("bad.ipynb", "no sandbox"), CLASS[0]], tmp_path)
    assert not (tmp_path / "scores.csv").exists()


def test_a_sandbox_that_fails_for_one_submission_stops_no_other(tmp_path: Path) -> None:
    grades = run([CLASS[0], upload("bad.ipynb", "no sandbox"), CLASS[1]], tmp_path)
    assert [one.status for one in grades] == ["graded", "failed", "graded"]
    assert "Install bubblewrap" in grades[1].warnings[0]


def test_a_failure_is_tried_again(tmp_path: Path, log: Path) -> None:
    for _ in range(2):
        run([upload("bad.ipynb", "raise")], tmp_path / "out")
    assert len(log.read_text().splitlines()) == 2


def test_refusals_of_intake_and_grader_have_a_row_and_a_page(tmp_path: Path) -> None:
    refused = [replace(CLASS[0], fault="Hand in one notebook."), upload("b.ipynb", "refuse")]
    grades = run(refused, tmp_path)
    assert [one.status for one in grades] == ["rejected", "rejected"]
    page = (tmp_path / "reports" / f"{page_name('ada.ipynb')}.html").read_text()
    assert "Hand in one notebook." in page


def test_data_files_lie_beside_the_notebook(tmp_path: Path) -> None:
    whole = upload("hw.ipynb", "files")
    extra = [replace(whole.entries[0], name=name) for name in ("a.csv", "more/b.csv", "c.txt")]
    (one,) = run([replace(whole, entries=(*whole.entries, *extra), wanted=("*.csv",))], tmp_path)
    assert one.reason == "a.csv,more/b.csv"


def test_a_folder_with_the_name_of_the_notebook_is_refused() -> None:
    submission = Submission("hw.ipynb", "", "", b"{}", (("hw.ipynb/a.csv", b"1"),))
    found = Grade.from_json(work(lambda _: Grade("", "", "graded"), Task("key", submission)))
    assert found.status == "rejected"
    assert found.reason.startswith("You handed in a folder hw.ipynb")


@pytest.mark.parametrize("name", ["../../x", "a/b/ü ? *.ipynb", "…", "hw.ipynb.txt", "C:\\x"])
def test_whatever_a_submission_is_called_its_results_stay_in_the_folder(
    name: str, tmp_path: Path
) -> None:
    one = replace(CLASS[0], name=name)
    run([one], tmp_path / "in" / "out")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["out"]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert scores.read(tmp_path / "in" / "out" / "scores.csv")[0]["status"] == "graded"


def test_two_batches_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with Store(tmp_path).alone(), pytest.raises(GraderError, match="Another grading"):
        run(CLASS, tmp_path)


def test_hidden_files_of_the_user_stay_where_results_are_written(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "teacher").mkdir()
    mine = [tmp_path / name for name in (".env", ".lock", ".gitignore", "teacher/.keep")]
    for path in mine:
        path.write_text("mine")
    begun = tmp_path / "teacher" / f".ada.html.0123{UNFINISHED}"
    begun.touch()
    run(CLASS, tmp_path)
    assert [path.read_text() for path in mine] == ["mine"] * len(mine)
    assert not begun.exists()


def test_what_hidden_tests_saw_is_for_whoever_graded_alone(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        run(CLASS, tmp_path)
    finally:
        os.umask(before)
    for name in ("teacher", "grades", "cache"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "reports").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "scores.csv").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "summary.html").stat().st_mode & 0o777 == 0o600


def test_an_error_of_the_grading_is_not_told_as_one_of_its_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="elsewhere"), Store(tmp_path).alone():
        raise OSError(13, "elsewhere")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GraderError, match="file/out cannot be written"):
        run(CLASS, tmp_path / "file" / "out")


def test_an_import_is_written_beside_the_table(tmp_path: Path) -> None:
    run([upload("a.ipynb", identifier="7"), CLASS[1]], tmp_path, layout="moodle")
    assert [row["Identifier"] for row in scores.read(tmp_path / "moodle.csv")] == ["Participant 7"]
    assert len(scores.read(tmp_path / "scores.csv")) == 2


def test_no_jobs_are_an_error_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="at least one"):
        run(CLASS, tmp_path, jobs=0)


def test_grading_anew_says_who_gains_before_anything_changes(tmp_path: Path) -> None:
    before = run(CLASS, tmp_path)
    table = (tmp_path / "scores.csv").read_bytes()
    late = upload("late.ipynb")
    batch = Batch([*CLASS, late], more, Store(tmp_path), "mended", "s", quiet=True)
    changes = compare(Store(tmp_path), batch.run())
    assert [change.submission for change in changes[:3]] == ["ada.ipynb", "ben.ipynb", "cy.ipynb"]
    assert [change.difference for change in changes[:3]] == [1, 1, 1]
    assert changes[0].questions == (f"q1: {before[0].score:g} → {before[0].score + 1:g}",)
    assert changes[3].status == "not graded → graded"
    assert (tmp_path / "scores.csv").read_bytes() == table

    batch.publish("Photos")
    assert not compare(Store(tmp_path), batch.run())
    assert (tmp_path / "scores.csv").read_bytes() != table


@pytest.mark.slow
def test_workers_of_this_machine_give_the_same_grades(tmp_path: Path) -> None:
    several = [upload(f"{number}.ipynb", f"x = {number}") for number in range(12)]
    alone = run(several, tmp_path / "1")
    assert [one.score for one in run(several, tmp_path / "2", jobs=2)] == [
        one.score for one in alone
    ]


@pytest.mark.slow
def test_a_submission_that_kills_its_worker_stops_no_other(tmp_path: Path) -> None:
    several = [*CLASS, upload("bad.ipynb", "die")]
    grades = run(several, tmp_path, jobs=2)
    assert [one.status for one in grades] == ["graded"] * 3 + ["failed"]
    assert "worker was lost" in grades[3].warnings[0]


@pytest.mark.slow
def test_what_a_worker_had_to_do_beside_it_is_graded_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BEGUN, str(tmp_path / "begun"))
    both = [upload("good.ipynb", "beside"), upload("bad.ipynb", "die")]
    grades = run(both, tmp_path / "out", jobs=2)
    assert [one.status for one in grades] == ["graded", "failed"]


@pytest.mark.slow
def test_a_cluster_is_reached_by_its_address(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        grades = run(CLASS, tmp_path, scheduler=cluster.scheduler_address)
    assert [one.status for one in grades] == ["graded"] * 3
    assert len(list((tmp_path / "cache").iterdir())) == 3


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(GraderError, match="nowhere"):
        run(CLASS, tmp_path, scheduler="nowhere://1")
