"""Files that are there whole or not at all, whatever stops the program."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from autograder.errors import GraderError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader finds the old content or the new one, nothing between.

    Args:
        path: the file; missing folders are made.
        content: text is written as UTF-8 with the line ends it has.

    Raises:
        GraderError: the disk is full or the folder cannot be written; the old file stays.
    """
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        try:
            with open(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp gives the file to its owner alone; results are as open as their folder.
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise GraderError(
            f"{path} could not be written ({error.strerror}). Check the folder and its free space, "
            "then repeat the command: what is graded already is kept."
        ) from error
