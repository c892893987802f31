"""Faults of an exercise, told with the place where a teacher mends them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.errors import CourseError


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where.

    Attributes:
        exercise: name of the exercise.
        file: the file in its folder.
        line: counted from 1; 0 when it is the file as a whole.
        cell: cell of the master, counted from 1; 0 when the place is no cell.
        problem: what is wrong, and what to do.
    """

    exercise: str
    file: str
    line: int
    cell: int
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        cell = f" (cell {self.cell})" if self.cell else ""
        return f"{self.exercise}: {place}{cell}: {self.problem}"


class ExerciseError(CourseError):
    """An exercise cannot be made; nothing was written.

    Attributes:
        faults: each with its place.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
