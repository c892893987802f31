"""Reads pictures out of zip archives that may come from anywhere."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.data import checksums
from course.errors import DataError

MAX_PICTURE = 20_000_000  # bytes; the largest of the original archive has under 1 MB
MAX_TOTAL = 4_000_000_000  # bytes of all pictures together
MAX_ENTRIES = 60_000

_PLACE = re.compile(r"(?:[^/]+/)?((?:train|validation|test)/(?:cats|dogs)/\w[\w.-]*\.jpg)")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An open zip archive.

    Raises:
        DataError: it is no whole zip archive, at opening or while one of its entries is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataError(
            f"{path} is not a whole zip archive ({error}). Download or copy it again."
        ) from error


def safe_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive that are not hidden.

    Raises:
        DataError: an entry that leaves the folder, is a link, is encrypted or is listed twice; an
            archive that would fill the disk.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise DataError(_refused(archive, f"it has {len(entries):,} entries"))
    seen = set()
    for entry in entries:
        fault = _fault(entry)
        if fault:
            raise DataError(_refused(archive, f"its entry {entry.filename!r} {fault}"))
        if entry.filename.casefold() in seen:
            raise DataError(_refused(archive, f"its entry {entry.filename!r} is there twice"))
        seen.add(entry.filename.casefold())
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise DataError(_refused(archive, "it unpacks to more than 4 GB"))
    return [entry for entry in entries if not checksums.is_hidden(entry.filename)]


def unpack(path: Path, target: Path) -> None:
    """Unpack `{train,validation,test}/{cats,dogs}/*.jpg` of a zip archive into `target`.

    One folder around the three is taken off. Hidden files are left out.

    Raises:
        DataError: the archive is damaged or unsafe, holds something else, or holds two pictures
            that would become the same file.
    """
    with opened(path) as archive:
        for entry in safe_entries(archive):
            place = _PLACE.fullmatch(entry.filename)
            if place is None or entry.file_size > MAX_PICTURE:
                raise DataError(
                    _refused(archive, f"its entry {entry.filename!r} is no picture of the set")
                )
            destination = target / place[1]
            if destination.exists():
                raise DataError(
                    _refused(archive, f"its entry {entry.filename!r} takes the place of another")
                )
            destination.parent.mkdir(parents=True, exist_ok=True)
            # zipfile hands over no more bytes than the entry announces, and checks their CRC.
            destination.write_bytes(archive.read(entry))


def _fault(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return "points outside the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.flag_bits & 1:
        return "is encrypted"
    return ""


def _refused(archive: zipfile.ZipFile, why: str) -> str:
    return f"{archive.filename} is refused: {why}. Download or copy it again."
