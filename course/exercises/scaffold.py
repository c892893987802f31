"""Begins a new exercise: a small one that works, to be changed step by step."""

from __future__ import annotations

import shutil
from pathlib import Path

from course.errors import CourseError
from course.exercises.plan import FILE, NAME, SOLUTIONS

TEMPLATE = Path(__file__).parent / "template"


def new(root: Path, name: str) -> Path:
    """Write `solutions/NAME` with one question for tests and one for a teacher.

    Args:
        root: the folder of the course.
        name: small letters, digits and hyphens; what stands before the first hyphen is its label.

    Returns:
        The folder.

    Raises:
        CourseError: the name is no name, or is taken.
    """
    if not NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} is no name for an exercise. Take small letters, digits, hyphens: e4-sounds."
        )
    folder = root / SOLUTIONS / name
    if folder.exists():
        raise CourseError(f"{SOLUTIONS}/{name} is there already. Choose another name.")
    passing = folder.with_name(f".{name}.new")
    shutil.rmtree(passing, ignore_errors=True)
    shutil.copytree(TEMPLATE, passing, ignore=shutil.ignore_patterns("__pycache__"))
    text = (passing / FILE).read_text(encoding="utf-8")
    label = name.partition("-")[0].upper()
    (passing / FILE).write_text(text.replace("LABEL", label), encoding="utf-8")
    passing.rename(folder)
    return folder
