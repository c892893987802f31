"""What goes wrong outside the code's own control, told in words a teacher can act on."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


class CourseError(Exception):
    """Names the thing that is wrong and the next step; commands print it and exit with 1."""


class DataError(CourseError):
    """A data set is missing, incomplete, altered or cannot be fetched."""


class RunError(CourseError):
    """A training run cannot be keyed, stored or found."""


class ChapterError(CourseError):
    """A chapter is unknown, unlisted, unreadable or raises when it is executed."""


class OutputsError(CourseError):
    """Committed outputs are missing, incomplete or altered."""


class SiteError(CourseError):
    """The site cannot be built or does not pass its checks."""


class QuizError(CourseError):
    """The questions of a chapter are missing, unreadable or incomplete.

    Attributes:
        line: where in the file, counted from 1; 0 when it is the file as a whole.
        problem: the message without file and line.
    """

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}" if line else f"{file}: {problem}")
        self.line = line
        self.problem = problem


def nearest(given: str, known: Sequence[str]) -> str:
    """The end of a message about an unknown name: which one was meant, or all there are."""
    near = difflib.get_close_matches(given, known, 1, cutoff=0.3)
    there = f"There are: {', '.join(known) or 'none'}."
    return f"Did you mean {near[0]}?" if near else there
