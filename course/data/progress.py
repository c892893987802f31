"""What a slow step says while it works, on standard error.

Silent while `course execute` records a chapter: which machine had to download what is no part of a
chapter's output.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from course.recording import VARIABLE

if TYPE_CHECKING:
    from tqdm import tqdm


def quiet() -> bool:
    """Whether a chapter is being recorded."""
    return bool(os.environ.get(VARIABLE))


def say(text: str) -> None:
    """One line for the user about something slow or unexpected."""
    if not quiet():
        print(text, file=sys.stderr, flush=True)


def _watched() -> bool:
    """Whether somebody may be looking: a log file would only fill with the bar's steps."""
    return not quiet() and (sys.stderr.isatty() or "ipykernel" in sys.modules)


def bar(total: int | None, what: str, unit: str) -> tqdm[Any]:
    """A progress bar for a terminal or a notebook; bytes (`unit="B"`) are shown as kB and MB."""
    from tqdm import tqdm

    return tqdm(
        total=total,
        desc=what,
        unit=unit,
        unit_scale=unit == "B",
        leave=False,
        disable=not _watched(),
        mininterval=0.5,
        ncols=79,  # Some terminals claim to be zero columns wide.
    )


def size(count: int | None) -> str:
    """A number of bytes for people, in powers of 1,000: `11.5 MB`."""
    if count is None:
        return "–"
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 999.5:
            return f"{value:.0f} B" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
