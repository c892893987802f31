"""The lock files answer to pyproject.toml."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from small_course import REPOSITORY, Command

from course import lock
from course.errors import CourseError

PROJECT = """\
[project]
requires-python = ">=3.11"
dependencies = ["numpy>=2"]

[project.optional-dependencies]
site = ["sphinx"]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose dependencies a pretended uv resolves."""

    def run(command: list[str], cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        written = Path(command[command.index("--output-file") + 1])
        kept = written.read_text().splitlines()[-1:] if written.exists() else []
        text = "" if "--constraint" in command else "numpy==2.4.6"
        written.write_text("".join(f"{line}\n" for line in kept or [text or "sphinx==7.4.7"]))
        return subprocess.CompletedProcess(command, 0, "", "")

    asked: list[list[str]] = []
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "_toc.yml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    lock.write(tmp_path)
    assert len(asked) == len(lock.FILES)
    return tmp_path


def test_lock_files_that_were_just_written_are_up_to_date(root: Path, course: Command) -> None:
    assert lock.outdated(root) == []
    assert course("lock", "--check").status == 0
    assert "numpy==2.4.6" in (root / "requirements.txt").read_text()
    assert (root / "requirements-site.txt").is_file()


def test_a_version_in_the_lock_stays_until_an_upgrade_is_asked_for(
    root: Path, course: Command
) -> None:
    path = root / "requirements.txt"
    path.write_text(path.read_text().replace("2.4.6", "2.4.1"))
    assert course("lock").status == 0
    assert "numpy==2.4.1" in path.read_text()
    assert course("lock", "--upgrade").status == 0
    assert "numpy==2.4.6" in path.read_text()


@pytest.mark.parametrize(
    ("old", "new"),
    [("numpy>=2", "numpy>=2.1"), (">=3.11", ">=3.12"), ('["sphinx"]', '["sphinx", "docutils"]')],
)
def test_changed_dependencies_make_every_lock_file_outdated(
    root: Path, course: Command, old: str, new: str
) -> None:
    (root / "pyproject.toml").write_text(PROJECT.replace(old, new))
    assert lock.outdated(root) == list(lock.FILES)
    result = course("lock", "--check")
    assert result.status == 1
    assert "requirements-gpu.txt do not match pyproject.toml; run `course lock`." in result.err


def test_other_parts_of_pyproject_leave_the_lock_files_alone(root: Path) -> None:
    text = PROJECT.replace("[project]\n", '[project]\ndescription = "Another"\n')
    (root / "pyproject.toml").write_text(text + "\n[tool.ruff]\nline-length = 90\n")
    assert lock.outdated(root) == []


def test_a_missing_lock_file_is_outdated(root: Path) -> None:
    (root / "requirements-site.txt").unlink()
    assert lock.outdated(root) == ["requirements-site.txt"]


def test_dependencies_without_a_solution_leave_the_lock_files_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "numpy 2 against numpy 1\n")

    before = (root / "requirements.txt").read_text()
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CourseError, match="numpy 2 against numpy 1"):
        lock.write(root)
    assert (root / "requirements.txt").read_text() == before


def test_without_uv_the_next_step_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(CourseError, match="uv is not installed; `make test` installs"):
        lock.write(root)


def test_the_lock_files_of_this_repository_name_no_folder_of_a_machine() -> None:
    for name in lock.FILES:
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        assert str(REPOSITORY) not in text
        assert "file://" not in text
