"""The folder of the course and what stands in its lock file."""

from __future__ import annotations

import re
from pathlib import Path

from course.errors import CourseError

LOCK = "requirements.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def root(start: Path | None = None) -> Path:
    """The nearest folder, from `start` upwards, that holds the course's table of contents.

    Args:
        start: where to begin; the current folder when not given.

    Raises:
        CourseError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "_toc.yml").is_file() and (folder / "pyproject.toml").is_file():
            return folder
    raise CourseError(f"{here} is not inside the course. Change to the folder you cloned.")


def canonical(name: str) -> str:
    """A distribution's name in the form of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(folder: Path) -> dict[str, str]:
    """Distribution to version, as the lock file pins them.

    Raises:
        CourseError: there is no lock file.
    """
    path = folder / LOCK
    if not path.is_file():
        raise CourseError(f"{path} is missing; `course lock` writes it from pyproject.toml.")
    pins = (PIN.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {canonical(pin[1]): pin[2] for pin in pins if pin}


def minor(version: str) -> str:
    """`2.21.0` to `2.21`: two releases with the same major and minor number count as one."""
    return ".".join(version.split(".")[:2])
