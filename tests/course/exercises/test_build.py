"""What `course exercises` writes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from small_course import Command

from course.errors import CourseError
from course.exercises import build, grading, normal, plan, scaffold, secret

from .conftest import NAME, SECRET


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_a_student_receives_notebook_public_tests_data_and_readme(built: Path) -> None:
    files = contents(built / "exercises" / NAME)

    assert set(files) == {
        f"{NAME}.ipynb", "README.md", "data/measured.csv", "tests/q1.py", "tests/exercise.txt",
    }  # fmt: skip
    assert b"test_two_numbers" in files["tests/q1.py"]
    assert b"| q1: Compute the mean | 3 | tests, some of them hidden |" in files["README.md"]
    everything = b"".join(files.values())
    for secret_text in (b"numbers.size", b"shared equally", b"test_hidden_numbers", b"hidden.npz"):
        assert secret_text not in everything


def test_the_bundle_is_otters_zip_with_the_plan_and_the_environment(built: Path) -> None:
    with zipfile.ZipFile(built / "_build/bundles" / f"{NAME}.zip") as archive:
        names = set(archive.namelist())
        test = archive.read("tests/q1.py").decode()
        told = archive.read(plan.FILE)
        versions = archive.read("requirements.txt").decode()

    assert names >= {"run_autograder", "setup.sh", "otter_config.json", "files/hidden.npz"}
    assert "test_hidden_numbers" in test
    assert told == (built / plan.SOLUTIONS / NAME / plan.FILE).read_bytes()
    assert "\nnumpy==" in versions
    assert "\ntensorflow==" not in versions


def test_a_test_reads_as_its_author_wrote_it(built: Path) -> None:
    text = (built / "exercises" / NAME / "tests/q1.py").read_text()

    # Otter's own print of it has '…' where the author wrote "…".
    assert 'assert callable(mean), "mean is still missing; write def mean(numbers):"\n' in text


@pytest.mark.slow
def test_a_second_time_gives_the_same_bytes_and_counts_no_memory_of_others(
    built: Path, root: Path
) -> None:
    planned = plan.read(root / plan.SOLUTIONS / NAME)
    more = planned.limits.memory_mb * 1_500_000
    subprocess.run([sys.executable, "-c", f"b'x' * {more}"], check=True)
    again = build.build(root, planned, SECRET)
    build.install(root, [again])

    # What another process used before is no part of it.
    assert 0 < again.solution.memory_mb < planned.limits.memory_mb
    assert build.differences(built, again) == []
    assert contents(root / "exercises") == contents(built / "exercises")
    bundle = Path("_build/bundles") / f"{NAME}.zip"
    assert (root / bundle).read_bytes() == (built / bundle).read_bytes()


def test_another_secret_changes_the_held_out_data_and_nothing_else(
    built: Path, root: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    _, made = build.assigned(root, plan.read(root / plan.SOLUTIONS / NAME), "another", work)

    with zipfile.ZipFile(built / "_build/bundles" / f"{NAME}.zip") as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    assert {n for n in before if before[n] != made.bundle[n]} == {"files/hidden.npz"}
    assert made.student == contents(built / "exercises" / NAME)


def test_a_renamed_notebook_keeps_its_points(built: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(built / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("def mean"):
            cell.source = "def mean(numbers):\n    return np.mean(numbers)"
    renamed = tmp_path / "Copy of homework (3) – Zoë.ipynb"
    nbformat.write(notebook, renamed)

    graded = grading.run(built / "_build/bundles" / f"{NAME}.zip", renamed, 60)

    assert graded.failure == ""
    assert graded.scores() == {"q1": 3}
    assert graded.possible == 3


def test_a_notebook_that_never_ends_is_stopped(built: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(built / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    notebook.cells = [nbformat.v4.new_code_cell("while True: pass")]
    path = tmp_path / "endless.ipynb"
    nbformat.write(notebook, path)

    graded = grading.run(built / "_build/bundles" / f"{NAME}.zip", path, 4)

    assert graded.failure == "did not end within 4 seconds"
    assert graded.score == 0


def test_check_names_what_differs_and_writes_nothing(
    built: Path, root: Path, course: Command
) -> None:
    shutil.copytree(built / "exercises", root / "exercises")
    notebook = root / "exercises" / NAME / f"{NAME}.ipynb"
    notebook.write_text(notebook.read_text().replace("every", "each"))
    (root / "exercises" / NAME / "tests" / "q2.py").write_text("")
    (root / "exercises" / NAME / ".OTTER_LOG").write_text("left by working with the notebook")
    before = contents(root / "exercises")

    result = course("exercises", "t1", "--check")

    assert result.status == 1
    assert f"exercises/{NAME}/{NAME}.ipynb: differs" in result.err
    assert f"exercises/{NAME}/tests/q2.py: not made by the master" in result.err
    assert "OTTER_LOG" not in result.err
    assert contents(root / "exercises") == before


def test_a_name_that_is_unknown_is_refused(root: Path, course: Command) -> None:
    assert f"Did you mean {NAME}?" in course("exercises", "t1-maen").err


def test_the_secret_is_made_once_and_belongs_to_its_owner(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(secret.VARIABLE)

    first = secret.read(root)

    assert len(first) == 64
    assert secret.read(root) == first
    assert (root / secret.FILE).stat().st_mode & 0o077 == 0
    assert secret.seed(first, "e1") != secret.seed(first, "e2") != secret.seed("x", "e2")
    (root / secret.FILE).write_text("\n")
    with pytest.raises(CourseError, match="is empty"):
        secret.read(root)


def test_git_ignores_the_secret() -> None:
    lines = (Path(__file__).parents[3] / ".gitignore").read_text().splitlines()
    assert secret.FILE in lines


def test_a_new_exercise_needs_a_name_that_is_free(root: Path, course: Command) -> None:
    assert course("new", "exercise", "e7-sounds").status == 0
    assert 'label = "E7"' in (root / plan.SOLUTIONS / "e7-sounds" / plan.FILE).read_text()
    assert "is there already" in course("new", "exercise", "e7-sounds").err
    assert "is no name" in course("new", "exercise", "E7 sounds").err


def test_a_folder_is_replaced_as_a_whole(built: Path, root: Path) -> None:
    made = build.Built(
        plan.read(root / plan.SOLUTIONS / NAME),
        {"README.md": b"new"},
        {"exercise.toml": b""},
        grading.Graded({}, 0, (), "", 0, 0),
        grading.Graded({}, 0, (), "", 0, 0),
    )
    old = root / "exercises" / NAME / "old.txt"
    old.parent.mkdir(parents=True)
    old.write_text("old")

    build.install(root, [made])

    assert contents(root / "exercises") == {f"{NAME}/README.md": b"new"}


def test_a_zip_depends_on_names_and_contents_alone(tmp_path: Path) -> None:
    normal.write_zip(tmp_path / "a.zip", {"x": b"1", "a/b": b"2"})
    normal.write_zip(tmp_path / "b.zip", {"a/b": b"2", "x": b"1"})

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_template_comes_with_the_package() -> None:
    assert {p.name for p in scaffold.TEMPLATE.iterdir()} >= {plan.FILE, plan.MASTER, "data"}
