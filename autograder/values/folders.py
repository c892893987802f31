"""Folders from which a process imports: what students read names files below them, not where the
teacher's machine has them."""

from __future__ import annotations

import sys
from pathlib import Path


def imported_from() -> tuple[str, ...]:
    """The folders of Python's own modules, of packages and of this one, the deepest first.

    Not those in which the assignment's files lie. To be asked before a notebook or a test runs.
    """
    here = Path.cwd()
    found = {
        item.rstrip("/")
        for item in sys.path
        if item.startswith("/") and not here.is_relative_to(item)
    }
    return tuple(sorted((item for item in found if item), key=len, reverse=True))


def shortened(text: str, folders: tuple[str, ...]) -> str:
    """The text with `numpy/testing/_private/utils.py` for the whole path of such a file.

    Args:
        text: such as a traceback.
        folders: from `imported_from`.
    """
    for folder in folders:
        text = text.replace(f"{folder}/", "")
    return text
