"""The list of pairs, and a page for each with both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.reports import render
from autograder.similar.comparison import Pair
from autograder.storage import write_whole

MOST = 200  # pairs that get a page


def write(out: Path, pairs: Sequence[Pair], codes: Mapping[str, str], compared: int) -> Path:
    """Write the pages.

    Args:
        out: folder of the results.
        pairs: as `rank` gives them.
        codes: of the submissions, by name.
        compared: how many submissions were compared.

    Returns:
        The path of the list.

    Raises:
        GraderError: a page cannot be written.
    """
    shown = list(enumerate(pairs[:MOST], start=1))
    for number, pair in shown:
        sides = [
            (name, share, list(enumerate(codes[name].split("\n"))), lines)
            for name, share, lines in zip(
                (pair.first, pair.second), pair.shares, pair.lines, strict=True
            )
        ]
        page = render("pair.html", number=number, sides=sides)
        write_whole(out / "pairs" / f"{number:03}.html", page)
    path = out / "similar.html"
    left = max(len(pairs) - MOST, 0)
    write_whole(path, render("similar.html", pairs=shown, left=left, compared=compared))
    return path
