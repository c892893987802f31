"""The exact environment that an exercise's notebook runs in, taken from the lock of the course."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from course import project
from course.errors import CourseError

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
VIA = re.compile(r"^\s+#(?: via)?\s+([A-Za-z0-9._-]+)(?: \(.*\))?$")
# What running a notebook for Otter takes.
ALWAYS = ("ipykernel", "otter-grader")


def requirements(root: Path, packages: Sequence[str]) -> str:
    """The lines of the lock for some packages and all that they need, sorted.

    The lock says below each line which packages asked for it, so nothing has to be resolved, and
    the result is the same on every machine.

    Args:
        root: the folder of the course.
        packages: names of distributions.

    Raises:
        CourseError: there is no lock, or a package is not in it.
    """
    path = root / project.LOCK
    if not path.is_file():
        raise CourseError(f"{path} is missing; `course lock` writes it from pyproject.toml.")
    lines: dict[str, str] = {}
    asked_by: dict[str, set[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        pin, via = PIN.match(line), VIA.match(line)
        if pin:
            name = project.canonical(pin[1])
            lines[name] = line
            asked_by[name] = set()
        elif via and name:
            asked_by[name].add(project.canonical(via[1]))
    wanted = {project.canonical(package) for package in (*packages, *ALWAYS)}
    missing = sorted(wanted - lines.keys())
    if missing:
        raise CourseError(
            f"{', '.join(missing)}: not in {project.LOCK}. Add it to an extra of pyproject.toml, "
            "then `course lock`; or take it out of `packages` in exercise.toml."
        )
    grown = True
    while grown:
        more = {n for n, parents in asked_by.items() if n not in wanted and parents & wanted}
        wanted |= more
        grown = bool(more)
    return "".join(f"{lines[n]}\n" for n in sorted(wanted))
