"""The files of an upload, from a folder or an archive, as one kind of thing."""

from __future__ import annotations

import functools
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import Rejected
from autograder.intake.limits import Limits, size

# Made by systems and editors, never by a student.
NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", ".git")
# Otter pickles its log; none of these may be opened, whatever an assignment lists.
NEVER_OPENED = (".otter_log", ".pkl", ".pickle", ".joblib", ".dill")
# Stands for what is in a folder that cannot be read. No file can have this name.
UNREAD = "."


@dataclass(frozen=True)
class Entry:
    """A file in an upload.

    Attributes:
        name: path inside the upload, parts joined by `/`.
        size: bytes, unpacked, as the archive or the disk says.
        fault: why the file is refused, for the student, or "".
        load: gives the bytes, at most as many as asked for and one more; raises `Rejected`.
        unread: whether it stands for a folder that cannot be read.
    """

    name: str
    size: int
    fault: str
    load: Callable[[int], bytes]
    unread: bool = False

    @property
    def base(self) -> str:
        """The last part of the path."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def is_notebook(self) -> bool:
        """By its name; browsers append `.txt` or `.json` to notebooks that they save."""
        return self.base.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json"))

    @property
    def is_archive(self) -> bool:
        """By its name."""
        return self.base.lower().endswith(".zip")

    @property
    def carries(self) -> bool:
        """Whether a submission can be in it."""
        return self.is_notebook or self.is_archive

    @property
    def is_noise(self) -> bool:
        """Whether systems or editors made it."""
        parts = self.name.split("/")
        return any(part in NOISE for part in parts) or parts[-1].startswith("._")

    @property
    def is_never_opened(self) -> bool:
        """Whether reading it could run code."""
        return self.base.lower().endswith(NEVER_OPENED)

    def read(self, most: int) -> bytes:
        """The bytes of the file.

        Raises:
            Rejected: the file has more than `most` bytes, or cannot or must not be read.
        """
        if self.fault:
            raise Rejected(self.fault)
        if self.is_never_opened:
            raise Rejected(f"{shown(self.base)} is of a kind that is never opened. Leave it out.")
        data = self.load(most) if self.size <= most else None
        if data is None or len(data) > most:
            raise Rejected(f"{shown(self.base)} is larger than the {size(most)} that are allowed.")
        return data

    def below(self, folder: str) -> Entry:
        """The same file with a path that starts in `folder`, which it lies in."""
        return replace(self, name=self.name[len(folder) :]) if folder else self


def shown(name: str) -> str:
    """A name from an upload as a message may show it: short, and printable."""
    printable = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in name[:80])
    return "".join(printable)


def path_fault(name: str, limits: Limits) -> str:
    """Why a path is refused, or "": it must stay inside the upload and be printable."""
    parts = name.split("/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":") or ".." in parts:
        return f"Your upload holds the path {shown(name)}, which leads out of it. Pack it again."
    if any(part in ("", ".") for part in parts[:-1]) or parts[-1] == ".":
        return f"Your upload holds the odd path {shown(name)}. Pack the files again."
    if len(name) > limits.path or any(len(part.encode("utf-8", "replace")) > 200 for part in parts):
        return f"Your upload holds a path that is too long: {shown(name)}… Shorten its names."
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return f"Your upload holds a name that cannot be shown: {shown(name)}. Rename the file."
    return ""


def same_names(entries: list[Entry]) -> str:
    """Why files cannot lie side by side on every system, or "": names that differ by case only."""
    seen: dict[str, str] = {}
    for entry in entries:
        key = unicodedata.normalize("NFC", entry.name).casefold()
        if key in seen:
            return (
                f"Your upload holds {shown(seen[key])} and {shown(entry.name)}: "
                "two files of one name. Rename or remove one."
            )
        seen[key] = entry.name
    for key, name in seen.items():
        folders = key.split("/")[:-1]
        if any("/".join(folders[:depth]) in seen for depth in range(1, len(folders) + 1)):
            return (
                f"In your upload, a folder on the way to {shown(name)} is also a file. Remove one."
            )
    return ""


def of_folder(folder: Path, limits: Limits) -> Iterator[Entry]:
    """The files below a folder; links, devices and folders that cannot be read are listed with
    their fault, never followed.

    Raises:
        Rejected: there are more files than a class's download may have, or it cannot be read.
    """
    waiting = [folder]
    count = 0
    while waiting:
        for item in _listed(waiting.pop(), folder):
            count += 1
            if count > limits.bulk_entries:
                raise Rejected(f"{shown(folder.name)} holds more than {limits.bulk_entries} files.")
            if isinstance(item, Entry):
                yield item
                continue
            path = Path(item.path)
            if item.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield _of_file(item, PurePosixPath(path.relative_to(folder)).as_posix(), limits)


def _listed(folder: Path, top: Path) -> list[os.DirEntry[str] | Entry]:
    """What lies in a folder, sorted; if it cannot be read, one entry below it that says so.

    Raises:
        Rejected: it is the top one.
    """
    try:
        with os.scandir(folder) as found:
            return [*sorted(found, key=lambda item: item.name)]
    except OSError as error:
        fault = f"The folder {shown(folder.name)} cannot be read here ({error.strerror})."
    if folder == top:
        raise Rejected(fault)
    name = PurePosixPath(folder.relative_to(top)).as_posix()
    entry = Entry(f"{name}/{UNREAD}", 0, fault, functools.partial(load, folder), unread=True)
    return [] if entry.is_noise else [entry]


def _of_file(item: os.DirEntry[str], name: str, limits: Limits) -> Entry:
    """The entry of a file; a link, a device, or what is gone meanwhile has its fault."""
    fault = path_fault(name, limits)
    length = 0
    try:
        found = item.stat(follow_symlinks=False)
    except OSError as error:
        fault = f"{shown(item.name)} cannot be read here ({error.strerror})."
    else:
        length = found.st_size
        if not stat.S_ISREG(found.st_mode):
            fault = f"{shown(item.name)} is a link or a device. Hand in the file itself."
    return Entry(name, length, fault, functools.partial(load, Path(item.path)))


def load(path: Path, most: int) -> bytes:
    """At most `most` bytes and one more of a file that is no link, no device and no pipe.

    Raises:
        Rejected: it is one, or it cannot be read.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for a writer that never comes.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Rejected(f"{shown(path.name)} is a link or a device, not a file.")
            return file.read(most + 1)
    except OSError as error:
        raise Rejected(f"{shown(path.name)} cannot be read ({error.strerror}).") from None
