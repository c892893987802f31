"""Checksums of files, of arrays and of folders of pictures, all SHA-256 in hexadecimal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

HIDDEN_NAMES = {"thumbs.db", "desktop.ini"}


def of_file(path: Path) -> str:
    """Checksum of a file's bytes, as `sha256sum` prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_arrays(arrays: Iterable[NDArray[Any]]) -> str:
    """Checksum over dtype, shape and bytes (in C order) of each array in turn."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str} {array.shape}\n".encode())
        digest.update((array if array.flags.c_contiguous else array.copy(order="C")).data)
    return digest.hexdigest()


def of_folder(folder: Path) -> str:
    """Checksum of the pictures in a folder: of the list of their checksums, sorted by path.

    Hidden files are left out: a file manager adds them as soon as somebody looks.
    """
    digest = hashlib.sha256()
    for name in pictures(folder):
        digest.update(f"{of_file(folder / name)}  {name}\n".encode())
    return digest.hexdigest()


def pictures(folder: Path) -> list[str]:
    """Relative POSIX paths of all files in a folder that are not hidden, sorted by byte value."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()]
    return sorted(name.as_posix() for name in names if not is_hidden(name.as_posix()))


def is_hidden(name: str) -> bool:
    """Whether a path belongs to what macOS and Windows leave behind: `.x`, `._x`, `Thumbs.db`."""
    parts = name.split("/")
    return parts[-1].lower() in HIDDEN_NAMES or any(
        part == "__MACOSX" or part.removeprefix(".") not in {part, "", "."} for part in parts
    )


def listed(folder: Path) -> dict[str, str]:
    """What a folder's SHA256SUMS says: checksum by file name; empty where there is none."""
    path = folder / "SHA256SUMS"
    if not path.is_file():
        return {}
    lines = [line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line[1].lstrip("*"): line[0].lower() for line in lines if len(line) == 2}
