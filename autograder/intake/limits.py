"""How much an upload may hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds that honest work does not meet and that keep a hostile upload small.

    Attributes:
        upload: bytes of what one student hands in, packed.
        total: bytes of notebook and data files together, unpacked.
        notebook: bytes of the notebook.
        file: bytes of one data file.
        entries: files and folders in one student's upload.
        ratio: unpacked to packed size, for entries above `ratio_from` bytes.
        bulk: bytes of a whole class's download.
        bulk_entries: files and folders in it.
        cells, outputs: of the notebook.
        source: characters of all cells together.
        depth: of the nesting of the notebook's JSON.
        brackets, commas: in the notebook's text, which bound the memory that reading it takes.
        path: characters of a path inside an upload.
    """

    upload: int = 256 * MB
    total: int = 256 * MB
    notebook: int = 20 * MB
    file: int = 64 * MB
    entries: int = 5_000
    ratio: int = 200
    ratio_from: int = 1 * MB
    bulk: int = 20_000 * MB
    bulk_entries: int = 200_000
    cells: int = 2_000
    outputs: int = 20_000
    source: int = 4 * MB
    depth: int = 64
    brackets: int = 1 * MB
    commas: int = 4 * MB
    path: int = 1_000


def within(file: int, total: int) -> Limits:
    """The limits where files go into a room that may have less space than is usual.

    Args:
        file: bytes that one file may have there.
        total: bytes of what is handed in together.
    """
    usual = Limits()
    return replace(usual, file=min(usual.file, file), total=min(usual.total, total))


def size(count: int) -> str:
    """A number of bytes as a student reads it."""
    return f"{count / MB:.1f} MB" if count >= MB / 10 else f"{count} bytes"
