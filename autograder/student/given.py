"""Which of the assignment's files the notebook has changed: tests find them as they were given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# Files that are looked at, after each call of a test's.
MOST = 1_000


class Given:
    """The assignment's files, as the notebook found them.

    Args:
        paths: of the files, from the folder in which it runs.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        # The notebook can go to another folder.
        folder = Path.cwd()
        self.found = {path: (folder / path, state(folder / path)) for path in list(paths)[:MOST]}

    def changed(self) -> list[str]:
        """Those that were written, replaced or removed since, as they were named."""
        return [path for path, (file, before) in self.found.items() if state(file) != before]


def state(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written or replaced, or None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
