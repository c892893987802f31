"""A small course with one exercise, the one that `course new exercise` writes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from course.exercises import build, plan, scaffold, secret
from course.exercises.faults import ExerciseError

ROOT = Path(__file__).parents[3]
NAME = "t1-mean"
SECRET = "the secret of the tests"


def write_root(root: Path) -> Path:
    """Write a course that holds nothing but the exercise of the scaffold."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copyfile(ROOT / name, root / name)
    (root / plan.SOLUTIONS).mkdir()
    scaffold.new(root, NAME)
    return root


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small course, as the current folder."""
    made = write_root(tmp_path / "course")
    monkeypatch.chdir(made)
    monkeypatch.setenv(secret.VARIABLE, SECRET)
    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with its exercise made; for all tests, whichever process runs them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "small-exercise"
    with filelock.FileLock(shared / "small-exercise.lock"):
        if not (folder / "made").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            write_root(folder)
            planned = plan.read(folder / plan.SOLUTIONS / NAME)
            build.install(folder, [build.build(folder, planned, SECRET)])
            (folder / "made").touch()
    return folder


@pytest.fixture
def edit(root: Path) -> Callable[..., None]:
    """Changes a file of the exercise: every `old` is replaced by `new`."""

    def change(old: str, new: str, file: str = plan.MASTER) -> None:
        path = root / plan.SOLUTIONS / NAME / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def complaint(root: Path, tmp_path: Path) -> Callable[[], str]:
    """What is said about the exercise before a notebook is run; "" when nothing is wrong."""

    def check() -> str:
        work = tmp_path / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            planned = plan.read(root / plan.SOLUTIONS / NAME)
            build.assigned(root, planned, SECRET, work)
        except ExerciseError as error:
            return str(error)
        return ""

    return check


def line_of(root: Path, text: str, file: str = plan.MASTER) -> int:
    """The first line of a file of the exercise that holds a text."""
    lines = (root / plan.SOLUTIONS / NAME / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
