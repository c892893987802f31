"""Zip archives: what they list is looked at before a byte is unpacked."""

from __future__ import annotations

import contextlib
import functools
import os
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from autograder.errors import Rejected
from autograder.intake.entries import Entry, path_fault, shown
from autograder.intake.limits import Limits, size

DAMAGED = "The zip file is damaged. Pack it again and hand it in once more."
CHANGED = "The zip file changed while it was being graded. It has to be graded once more."
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
HEADER = 30  # bytes of a local header, names left aside
ENTRY = 46  # bytes of an entry of the directory, names left aside

# All that `zipfile` and `zlib` raise on damaged input, seen while mutating archives.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    ArithmeticError,
    ValueError,
    OSError,
)


def is_archive(begin: bytes) -> bool:
    """Whether a file that begins like this is a zip archive, an empty one included."""
    return begin[:4] in (b"PK\x03\x04", b"PK\x05\x06")


class Reopened:
    """A file that is open only while it is read: a class hands in more archives than a process may
    hold open.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.known = path, (-1, -1)
        self.file: IO[bytes] | None = None
        self.lock = threading.RLock()

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open it, for one reader at a time.

        Raises:
            Rejected: it is not the file that it was: what was listed then lies elsewhere now.
            OSError: it cannot be opened.
        """
        with self.lock, self.path.open("rb") as file:
            found = os.fstat(file.fileno())
            sign = (found.st_size, found.st_mtime_ns)
            if self.known not in (sign, (-1, -1)):
                raise Rejected(CHANGED)
            self.known, self.file = sign, file
            try:
                yield file
            finally:
                self.file = None

    def _open(self) -> IO[bytes]:
        if self.file is None:
            raise OSError("not open")
        return self.file

    def read(self, count: int = -1, /) -> bytes:
        """As of a file, while it is open."""
        return self._open().read(count)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As of a file, while it is open."""
        return self._open().seek(offset, whence)

    def tell(self) -> int:
        """As of a file, while it is open."""
        return self._open().tell()

    def seekable(self) -> bool:
        """Whether `seek` can be called."""
        return True


def of_archive(source: Path | IO[bytes], entries: int, limits: Limits) -> list[Entry]:
    """The files that an archive lists, with the fault of each that is refused.

    Args:
        source: the archive. A path is opened anew for each file that is read, and closed again.
        entries: how many files and folders it may list.
        limits: see `Limits`.

    Raises:
        Rejected: the archive as a whole cannot be read.
    """
    file = Reopened(source) if isinstance(source, Path) else source
    opened = file.opened if isinstance(file, Reopened) else contextlib.nullcontext
    try:
        with opened():
            # `zipfile` asks for no more of a file than there is here.
            whole: IO[bytes] = file  # type: ignore[assignment]
            listed = _directory_entries(whole)
            if listed > entries:
                raise Rejected(
                    f"The zip file lists more than the {entries} files that are allowed."
                )
            archive = zipfile.ZipFile(whole)
            infos = archive.infolist()
    except BROKEN:
        raise Rejected(DAMAGED) from None
    if len(infos) > entries:
        raise Rejected(f"The zip file lists more than the {entries} files that are allowed.")
    overlapping = _overlapping(infos, archive.start_dir)
    found = []
    for info in infos:
        name = info.filename.replace("\\", "/")
        fault = path_fault(name, limits) or _fault(info, limits)
        if id(info) in overlapping:
            fault = "Files in your zip file lie over each other. Pack it again."
        if info.is_dir() and not fault:
            continue
        load = functools.partial(_load, opened, archive, info)
        found.append(Entry(name.rstrip("/"), info.file_size, fault, load))
    return found


def _fault(info: zipfile.ZipInfo, limits: Limits) -> str:
    name = shown(info.filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"{name} is a link or a device, not a file. Pack the file itself."
    if info.flag_bits & ENCRYPTED:
        return "Your zip file is locked with a password. Pack it without one."
    if info.compress_type not in METHODS:
        return "Your zip file is packed in an unusual way. Pack it with your system's own tool."
    packed = max(info.compress_size, 1)
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * packed:
        return (
            f"{name} unpacks to {size(info.file_size)}, far more than its packed size. Remove it."
        )
    if info.file_size > limits.total:
        return f"{name} has {size(info.file_size)}; {size(limits.total)} are allowed in all."
    return ""


def _load(
    opened: Callable[[], contextlib.AbstractContextManager[object]],
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    most: int,
) -> bytes:
    try:
        with opened(), archive.open(info) as file:
            # `read` unpacks no more than it is asked for, whatever the entry says of its size.
            return file.read(most + 1)
    except BROKEN:
        raise Rejected(DAMAGED) from None


def _overlapping(infos: list[zipfile.ZipInfo], directory: int) -> set[int]:
    """Entries whose packed bytes reach into the next one's: the trick of small, endless bombs."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    # An archive may list nothing; then there is no entry that the directory follows.
    starts = [*(info.header_offset for info in ordered), directory][1:]
    found = set()
    for place, (info, following) in enumerate(zip(ordered, starts, strict=True)):
        if info.header_offset + HEADER + info.compress_size > following:
            found.add(id(info))
            if place + 1 < len(ordered):
                found.add(id(ordered[place + 1]))
    return found


def _directory_entries(file: IO[bytes]) -> int:
    """How many entries the directory at the end has room for.

    `zipfile` reads all of them at once, so that a directory of millions takes gigabytes.
    The record at the end is found as `zipfile` finds it.

    Raises:
        zipfile.BadZipFile: there is no such record.
    """
    file.seek(0, 2)
    length = file.tell()
    file.seek(max(length - (1 << 16) - 22, 0))
    tail = file.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\x05\x06" and tail[-2:] == b"\0\0" else -1
    at = at if at >= 0 else tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("no end record")
    room = int(struct.unpack_from("<L", tail, at + 12)[0])
    file.seek(0)
    end = length - len(tail) + at
    if end >= 76:
        file.seek(end - 76)
        wide = file.read(76)
        if wide[:4] == b"PK\x06\x06" and wide[56:60] == b"PK\x06\x07":
            room = max(room if room != 0xFFFFFFFF else 0, struct.unpack_from("<Q", wide, 40)[0])
    return min(room, length) // ENTRY
