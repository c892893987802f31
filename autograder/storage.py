"""Files that are there whole or not at all, whatever stops the program."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from autograder.errors import GraderError

# How the names of files end that are not whole yet. Nobody else's end so: a folder of results may
# be one in which its owner has hidden files, too.
BEGUN = ".autograder-tmp"
# Rights of a folder, and of a file, for its owner alone.
PRIVATE, PRIVATE_FILE = 0o700, 0o600


def write_whole(
    path: Path, content: str | bytes, *, folder: int = 0o777, rights: int = 0o666
) -> None:
    """Write a file so that a reader finds the old content or the new one, nothing between.

    Of the rights of file and folder, the user's umask takes some.

    Args:
        path: the file; missing folders are made.
        content: text is written as UTF-8 with the line ends it has.
        folder: rights of the file's folder where it is made, less the umask.
        rights: of the file, less the umask.

    Raises:
        GraderError: the disk is full or the folder cannot be written; the old file stays.
    """
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    begun = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}{BEGUN}")
    try:
        path.parent.mkdir(mode=folder, parents=True, exist_ok=True)
        # The system takes those rights that the umask names.
        number = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, rights)
        try:
            with open(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            begun.replace(path)
        except BaseException:
            begun.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise GraderError(
            f"{path} could not be written ({error.strerror}). Check the folder and its free space, "
            "then repeat the command: what is graded already is kept."
        ) from error


def remove(path: Path) -> None:
    """Remove a file if it is there.

    Raises:
        GraderError: the folder cannot be written.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise GraderError(f"{path} could not be removed ({error.strerror}).") from error


def clear_begun(folder: Path) -> None:
    """Remove what a killed `write_whole` has left in a folder, and nothing else.

    Raises:
        OSError: the folder is not the user's to change.
    """
    for path in folder.glob(f".*{BEGUN}"):
        if path.is_file():
            path.unlink()
