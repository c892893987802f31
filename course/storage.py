"""Where the course keeps what it must not lose and what it can make again."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from course.errors import CourseError


def cache_folder() -> Path:
    """The folder of downloaded data and finished runs: `CNN_COURSE_CACHE`, or the user's cache."""
    chosen = os.environ.get("CNN_COURSE_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("cnn-course", appauthor=False)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Gives a temporary file beside `path`, which takes its place only when all went well.

    Raises:
        CourseError: the disk is full or the folder cannot be written; `path` is as it was.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            reason = f"The disk is full: {path} could not be written. Free some space and repeat."
        else:
            reason = f"{path} could not be written ({error.strerror}). Check the folder and repeat."
        raise CourseError(f"{reason} What was there before is unchanged.") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file so that a reader finds the old text or the new one, nothing between.

    Raises:
        CourseError: see `written_whole`.
    """
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
