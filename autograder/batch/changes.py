"""Who gains and who loses when past work is graded anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.batch.store import Store
from autograder.records import Grade

ANEW = "handed in anew"


@dataclass(frozen=True)
class Change:
    """A submission whose grade would differ.

    Attributes:
        before, after: points, or None where there was or is no grade.
        status: before and after, as `graded → failed`, or "" where it stays.
        questions: those whose points differ, as `q1: 1 → 2`.
    """

    submission: str
    student: str
    before: float | None
    after: float | None
    status: str
    questions: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Points gained, negative where lost; no grade counts as no points."""
        return (self.after or 0.0) - (self.before or 0.0)


def compare(store: Store, grades: Sequence[Grade]) -> list[Change]:
    """Hold new grades against those that stand.

    Args:
        store: of the published grades.
        grades: the new ones.

    Returns:
        Those that differ, the greatest loss first.
    """
    changes = [_change(store.standing(grade.submission), grade) for grade in grades]
    found = [change for change in changes if change is not None]
    return sorted(found, key=lambda change: (change.difference, change.submission))


def replaced(standing: Mapping[str, Grade], grades: Sequence[Grade]) -> list[Change]:
    """What new grades change where others stand: points, a status, or what was handed in.

    Args:
        standing: grades that stand, by submission.
        grades: new ones.
    """
    found = []
    for new in grades:
        old = standing.get(new.submission)
        if old is None:
            continue
        change = _change(old, new)
        if change is None and old.provenance.get("submission") != new.provenance.get("submission"):
            change = Change(new.submission, new.student, old.score, new.score, ANEW, ())
        found += [] if change is None else [change]
    return found


def _change(old: Grade | None, new: Grade) -> Change | None:
    before = {q.name: q.score for q in old.questions} if old else {}
    after = {q.name: q.score for q in new.questions}
    questions = tuple(
        f"{name}: {before.get(name, 0):g} → {after.get(name, 0):g}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name, 0) != after.get(name, 0)
    )
    was = old.status if old else "not graded"
    status = "" if was == new.status else f"{was} → {new.status}"
    same = old is None or (old.score, old.possible) == (new.score, new.possible)
    if not questions and not status and same:
        return None
    return Change(
        new.submission,
        new.student,
        old.score if old and old.questions else None,
        new.score if new.questions else None,
        status,
        questions,
    )
