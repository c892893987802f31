"""Grades that stand in a folder of results, beside those that are made now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.intake import Upload
from autograder.records import Grade
from autograder.repeated import form
from autograder.scores import IDENTIFIER

# What made a grade, in its provenance, beside bundle and submission.
MAKERS = ("python", "environment", "grader", "sandbox", "image number")
GRADED = ("graded", "needs a teacher")


@dataclass(frozen=True)
class Others:
    """Grades that stand for what is not handed in this time.

    Attributes:
        kept: they stay in the tables, as those of a class to which late work is added.
        replaced: the student hands in under another name now; these are withdrawn.
        doubtful: those of `kept` whose student's number somebody of another name hands in with
            now, and that upload. A file's name may be made up: it takes nobody's grade away.
    """

    kept: tuple[Grade, ...]
    replaced: tuple[Grade, ...]
    doubtful: tuple[tuple[Grade, Upload], ...] = ()


def others(standing: Mapping[str, Grade], uploads: Iterable[Upload]) -> Others:
    """Sort grades that stand for no upload of this time.

    Args:
        standing: all grades that stand, by submission.
        uploads: what is handed in.
    """
    now = list(uploads)
    names = {upload.name for upload in now}
    kept, replaced, doubtful = [], [], []
    for name, grade in standing.items():
        if name in names:
            continue
        number = grade.provenance.get(IDENTIFIER)
        same = [upload for upload in now if upload.identifier and upload.identifier == number]
        if any(_alike(upload.student, grade.student) for upload in same):
            replaced.append(grade)
            continue
        kept.append(grade)
        doubtful += [(grade, upload) for upload in same[:1]]
    return Others(tuple(kept), tuple(replaced), tuple(doubtful))


def _alike(name: str, other: str) -> bool:
    """Whether two names are one, in whichever form a system writes its letters."""
    return form(name) == form(other)


def of_another(grades: Iterable[Grade], bundle: str) -> list[str]:
    """The submissions whose grades were made with another bundle than that of this digest."""
    return [
        grade.submission for grade in grades if grade.provenance.get("bundle", bundle) != bundle
    ]


def unasked(standing: Mapping[str, Grade], grades: Sequence[Grade]) -> list[str]:
    """Submissions whose points would change because the grader or its environment did.

    Args:
        standing: all grades that stand, by submission.
        grades: new ones, of the same bundle.
    """
    return [new.submission for new in grades if _unasked(standing.get(new.submission), new)]


def _unasked(old: Grade | None, new: Grade) -> bool:
    if old is None or old.status not in GRADED or new.status not in GRADED:
        return False
    was, made = old.provenance, new.provenance
    if "submission" not in was or was["submission"] != made.get("submission"):
        return False
    # Of the whole, too, which need not be the sum.
    points = [(grade.score, [(q.name, q.score) for q in grade.questions]) for grade in (old, new)]
    return points[0] != points[1] and any(was.get(name) != made.get(name) for name in MAKERS)
