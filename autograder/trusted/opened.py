"""Files that are opened without Python's knowledge, as the kernel tells of them.

Python tells which files it opens itself, before it does. Libraries in C, such as h5py, OpenCV,
pyarrow and TensorFlow, open theirs in silence. The kernel notes each opening in the folders that
are watched, by whatever library, and is asked before anything goes to a notebook, before anything
from there counts, and when a case has ended.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

# Of the kernel's `inotify.h`.
OPENED, LOST, ONLY_FOLDERS = 0x20, 0x4000, 0x01000000
EVENT = struct.Struct("iIII")
ALL = 1 << 20
# What SQLite lays beside a database.
BESIDE = ("-journal", "-wal", "-shm")


class Opened:
    """Notices each opening of a file below some folders.

    Folders that are made later are not watched.

    Args:
        folders: those that do not exist are left out.

    Raises:
        OSError: the kernel has no room for it.
        AttributeError: this system has no such call.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        self.fd = checked(library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self.places: dict[int, str] = {}
        for folder in folders:
            for place, _, _ in os.walk(folder):
                mask = ctypes.c_uint(OPENED | ONLY_FOLDERS)
                number = checked(library.inotify_add_watch(self.fd, os.fsencode(place), mask))
                self.places[number] = place

    def paths(self) -> set[str] | None:
        """What was opened since this was asked last, or None where nobody knows."""
        found = set[str]()
        while True:
            try:
                read = os.read(self.fd, ALL)
            except BlockingIOError:
                return found
            except OSError:
                # A test has closed it.
                return None
            for number, mask, name in events(read):
                place = self.places.get(number)
                if mask & LOST or place is None:
                    return None
                found.add(cleared(os.path.normpath(Path(place) / name)))


def checked(result: int) -> int:
    """The answer of a call.

    Raises:
        OSError: it failed.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def cleared(path: str) -> str:
    """A path; of a file that lies beside a database, the database's."""
    for end in BESIDE:
        path = path.removesuffix(end)
    return path


def events(read: bytes) -> Iterator[tuple[int, int, str]]:
    """What the kernel tells: the number of the watched folder, what happened, and the name in it,
    or "" for the folder."""
    place = 0
    while place < len(read):
        number, mask, _, length = EVENT.unpack_from(read, place)
        place += EVENT.size
        yield number, mask, os.fsdecode(read[place : place + length].rstrip(b"\0"))
        place += length
