"""Zip archives: what they list is looked at before a byte is unpacked."""

from __future__ import annotations

import functools
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from autograder.errors import Rejected
from autograder.intake.entries import Entry, path_fault, shown
from autograder.intake.limits import Limits, size

DAMAGED = "The zip file is damaged. Pack it again and hand it in once more."
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


def of_archive(source: Path | IO[bytes], entries: int, limits: Limits) -> list[Entry]:
    """The files that an archive lists, with the fault of each that is refused.

    Args:
        source: the archive; it stays open as long as one of its entries is kept.
        entries: how many files and folders it may list.
        limits: see `Limits`.

    Raises:
        Rejected: the archive as a whole cannot be read.
    """
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                listed = _directory_entries(file)
        else:
            listed = _directory_entries(source)
        if listed > entries:
            raise Rejected(f"The zip file lists more than the {entries} files that are allowed.")
        archive = zipfile.ZipFile(source)
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
        load = functools.partial(_load, archive, info)
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


def _load(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(info) as file:
            # `read` unpacks no more than it is asked for, whatever the entry says of its size.
            return file.read(most + 1)
    except BROKEN:
        raise Rejected(DAMAGED) from None


def _overlapping(infos: list[zipfile.ZipInfo], directory: int) -> set[int]:
    """Entries whose packed bytes reach into the next one's: the trick of small, endless bombs."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    starts = [info.header_offset for info in ordered[1:]] + [directory]
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
