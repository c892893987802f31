"""How a class did: counts, shares and the submissions to look at."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.records import Grade, Question
from autograder.repeated import repeated

BINS = 10
SLOWEST = 10


@dataclass(frozen=True)
class Bin:
    """A bar of the distribution: scores from `low` to `high` per cent of the points so far."""

    low: int
    high: int
    count: int


@dataclass(frozen=True)
class Rate:
    """How a question went.

    Attributes:
        full: share of the decided answers with all its points, from 0 to 1; None without any.
        mean: mean share of its points over the same; None without any.
        undecided: submissions in which a teacher has to look at it.
        weakest: the test that failed most often, and how often; "" where none failed.
    """

    question: str
    full: float | None
    mean: float | None
    count: int
    undecided: int
    weakest: str
    failures: int


@dataclass(frozen=True)
class Look:
    """Submissions that a teacher has to look at for one reason.

    Attributes:
        status: of the submissions.
        reason: with the question before it, where it is one question's; "" where none is known.
    """

    status: str
    reason: str
    grades: tuple[Grade, ...]


@dataclass(frozen=True)
class Summary:
    """What the teacher's page shows; see the fields' types."""

    statuses: tuple[tuple[str, int], ...]
    distribution: tuple[Bin, ...]
    mean: float | None
    median: float | None
    so_far: float
    unmarked: float
    rates: tuple[Rate, ...]
    slowest: tuple[Grade, ...]
    looks: tuple[Look, ...]
    warned: tuple[Grade, ...]
    unconfined: int
    repeated: tuple[str, ...]

    @property
    def highest(self) -> int:
        """The count of the longest bar, at least 1."""
        return max([1, *(item.count for item in self.distribution)])


def summary(grades: Sequence[Grade]) -> Summary:
    """Count a class; submissions without a grade count in `statuses` and `looks` only."""
    counted = Counter(grade.status for grade in grades)
    graded = [grade for grade in grades if grade.questions]
    scores = [grade.score for grade in graded]
    by_time = sorted(grades, key=lambda grade: -grade.seconds)
    return Summary(
        statuses=tuple(counted.most_common()),
        distribution=_distribution(graded),
        mean=statistics.mean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        so_far=max((grade.so_far for grade in graded), default=0.0),
        unmarked=max((grade.unmarked for grade in graded), default=0.0),
        rates=_rates(graded),
        slowest=tuple(by_time[:SLOWEST]),
        looks=_looks(grades),
        warned=tuple(grade for grade in grades if grade.warnings),
        unconfined=sum(grade.provenance.get("sandbox", "") == "none" for grade in grades),
        repeated=tuple(repeated(grades)),
    )


def _looks(grades: Sequence[Grade]) -> tuple[Look, ...]:
    """Why a teacher has to look at which submissions; what most share comes first."""
    found: dict[tuple[str, str], list[Grade]] = {}
    for grade in grades:
        if grade.status == "graded" and not grade.other_file:
            continue
        # Written answers are no doubt: the page says of the whole class that they are to be marked.
        reasons = [grade.reason, grade.other_file] + [
            f"{question.name}: {question.doubt or question.reason}"
            for question in grade.questions
            if question.reason and not question.manual
        ]
        for reason in dict.fromkeys(filter(None, reasons)) or [""]:
            found.setdefault((grade.status, reason), []).append(grade)
    looks = [Look(status, reason, tuple(own)) for (status, reason), own in found.items()]
    return tuple(sorted(looks, key=lambda look: -len(look.grades)))


def _distribution(grades: Sequence[Grade]) -> tuple[Bin, ...]:
    counts = [0] * BINS
    for grade in grades:
        share = grade.score / grade.so_far if grade.so_far else 1.0
        counts[min(max(int(share * BINS), 0), BINS - 1)] += 1
    step = 100 // BINS
    return tuple(Bin(n * step, (n + 1) * step, count) for n, count in enumerate(counts))


def _rates(grades: Sequence[Grade]) -> tuple[Rate, ...]:
    asked: dict[str, list[Question]] = {}
    for grade in grades:
        for question in grade.questions:
            asked.setdefault(question.name, []).append(question)
    return tuple(_rate(name, answers) for name, answers in asked.items())


def _rate(name: str, answers: list[Question]) -> Rate:
    decided = [answer for answer in answers if not (answer.reason or answer.manual)]
    shares = [answer.score / answer.possible if answer.possible else 1.0 for answer in decided]
    failed = Counter(
        case.name for answer in answers for case in answer.cases if case.passed is False
    )
    weakest, failures = failed.most_common(1)[0] if failed else ("", 0)
    return Rate(
        question=name,
        full=sum(share >= 1.0 for share in shares) / len(shares) if shares else None,
        mean=statistics.mean(shares) if shares else None,
        count=len(answers),
        undecided=len(answers) - len(decided),
        weakest=weakest,
        failures=failures,
    )
