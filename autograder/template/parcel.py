"""What belongs to one submission, as bytes in a file: settings and folders.

Eight bytes with the length of a JSON object, the object, and after it the contents of the files.
`folders` of the object lists, by their paths in the room, what each holds: path and size of a
file, or path and -1 for a folder.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LENGTH = struct.Struct("!Q")
FOLDER = -1


def pack(head: Mapping[str, Any], folders: Mapping[str, Path]) -> int:
    """A descriptor from which all of it can be read.

    Args:
        head: goes into the JSON object.
        folders: outside, by their paths inside; links in them are left out.
    """
    listed: dict[str, list[list[Any]]] = {}
    paths = []
    for inside, outside in folders.items():
        entries = listed.setdefault(inside, [])
        for path in sorted(outside.rglob("*")):
            relative = path.relative_to(outside).as_posix()
            if path.is_symlink():
                continue
            if path.is_dir():
                entries.append([relative, FOLDER])
            elif path.is_file():
                entries.append([relative, path.stat().st_size])
                paths.append(path)
    text = json.dumps({**head, "folders": listed}).encode()
    with tempfile.TemporaryFile() as file:
        file.write(LENGTH.pack(len(text)) + text)
        for path in paths:
            file.write(path.read_bytes())
        file.flush()
        return os.dup(file.fileno())


class Parcel:
    """A parcel that has arrived.

    Attributes:
        head: the JSON object.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        length = LENGTH.unpack(os.pread(fd, LENGTH.size, 0))[0]
        self.head: dict[str, Any] = json.loads(os.pread(fd, length, LENGTH.size))
        self.places: dict[str, int] = {}
        place = LENGTH.size + length
        for inside, entries in self.head["folders"].items():
            self.places[inside] = place
            place += sum(max(0, size) for _, size in entries)

    def size(self, inside: str) -> int:
        """Bytes of a folder's files."""
        return sum(max(0, size) for _, size in self.head["folders"][inside])

    def unpack(self, inside: str, target: str) -> None:
        """Write a folder's files below an existing folder, with the rights that `umask` leaves."""
        place = self.places[inside]
        for relative, size in self.head["folders"][inside]:
            path = f"{target}/{relative}"
            if size == FOLDER:
                Path(path).mkdir()
                continue
            with open(path, "xb") as file:
                left = size
                while left and (sent := os.sendfile(file.fileno(), self.fd, place, left)):
                    place, left = place + sent, left - sent
