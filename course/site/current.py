"""Whether the built site still belongs to everything it was made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from course import profiles
from course.storage import write_text

STAMP = "_build/site.stamp"
PAGE = "_build/html/index.html"
# Everything that a page can depend on. The lock stands for the libraries that build it.
FILES = (
    "_config.yml",
    "_toc.yml",
    "index.md",
    "requirements.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "web/package-lock.json",
)
FOLDERS = (
    "autograder",
    "book",
    "exercises",
    "outputs",
    "models",
    "web/static",
    "web/templates",
    "course",
    "exercises",
    "solutions",
)
PASSING = {"__pycache__", ".ipynb_checkpoints"}


def inputs(root: Path) -> Iterator[Path]:
    """The files that the site is made from, in a fixed order."""
    for name in FILES:
        yield root / name
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if not PASSING & set(path.parts):
                yield path


def digest(root: Path) -> str:
    """Digest over names, sizes and times of change of all inputs, the profile and this Python."""
    content = hashlib.sha256(f"{profiles.current()} {sys.version} {sys.prefix}".encode())
    for path in inputs(root):
        if path.is_file():
            status = path.stat()
            line = f"{path.relative_to(root)} {status.st_size} {status.st_mtime_ns}\n"
            content.update(line.encode())
    return content.hexdigest()


def is_noted(root: Path) -> bool:
    """Whether the last build found every chapter fresh."""
    return (root / STAMP).is_file()


def is_current(root: Path, now: str) -> bool:
    """Whether the last build had these inputs, no stale chapter, and its pages are there."""
    stamp = root / STAMP
    if not stamp.is_file() or not (root / PAGE).is_file():
        return False
    return stamp.read_text(encoding="utf-8") == now


def forget(root: Path) -> None:
    """Let the next build look at everything, whatever becomes of this one."""
    (root / STAMP).unlink(missing_ok=True)


def remember(root: Path, built: str) -> None:
    """Note that the pages belong to these inputs."""
    write_text(root / STAMP, built)
