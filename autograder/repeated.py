"""Submissions of one student beside each other: each has a row of its own, and a line says so."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from autograder.records import Grade
from autograder.scores import IDENTIFIER

NAMED = 3  # submissions of one student that are named
HINT = "To keep only the later, grade them one after the other with the same --out."


def form(name: str) -> str:
    """A name in one form, in whichever a system writes its letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def repeated(grades: Iterable[Grade]) -> list[str]:
    """A line on each student of whom there are several submissions.

    The same student has the same name and the same number, where a platform gives one. Of plain
    files nothing is known.

    Args:
        grades: that have rows in scores.csv.
    """
    found: dict[tuple[str, str], list[Grade]] = defaultdict(list)
    for grade in grades:
        if grade.student:
            found[form(grade.student), grade.provenance.get(IDENTIFIER, "")].append(grade)
    return [_line(own) for own in found.values() if len(own) > 1]


def _line(own: list[Grade]) -> str:
    names = ", ".join(grade.submission for grade in own[:NAMED])
    more = f" and {len(own) - NAMED} more" if len(own) > NAMED else ""
    return (
        f"{len(own)} submissions of {own[0].student}: {names}{more}; scores.csv has a row for each"
    )
