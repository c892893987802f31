"""What the grader knows of a graded submission: plain data, and JSON at the border."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["graded", "needs a teacher", "rejected", "failed"]


@dataclass(frozen=True)
class Member:
    """One of those who handed a submission in together.

    Attributes:
        name: as the platform lists it, or "".
        number: the student's number at the school, or "".
    """

    name: str
    number: str


@dataclass(frozen=True)
class Case:
    """How one test case of a question ended.

    Attributes:
        passed: None where a teacher has to decide.
        hidden: students see the author's message only, never what the test saw.
        points: that the case is worth.
        message: for students; for a hidden case the author's message or "".
        detail: for the teacher: exception, printed text, and what the test asked the student's
            functions with what they answered.
    """

    name: str
    passed: bool | None
    hidden: bool
    points: float
    message: str
    detail: str = ""


@dataclass(frozen=True)
class Question:
    """A question with its cases.

    Attributes:
        score: points reached by Otter's rules (`all_or_nothing` included).
        possible: points that can be had.
        manual: written answers, which a teacher marks; `score` is 0 until then.
        reason: why a teacher is needed, or "".
        doubt: for the teacher: the first reason as it is. It may hold what a hidden test has told
            the notebook, where `reason`, which students read, says only that one is undecided.
        values: for the teacher: what the tests looked at, a line on each value by its name.
    """

    name: str
    score: float
    possible: float
    cases: tuple[Case, ...] = ()
    manual: bool = False
    reason: str = ""
    values: dict[str, str] = field(default_factory=dict)
    doubt: str = ""

    def doubted(self, reason: str) -> Question:
        """The question with its failed cases left to a teacher; as it is where it has all points.

        Args:
            reason: in words, where there is none yet.
        """
        failed = any(case.passed is False for case in self.cases)
        if self.score >= self.possible or not failed:
            return self
        cases = tuple(
            dataclasses.replace(case, passed=None) if case.passed is False else case
            for case in self.cases
        )
        return dataclasses.replace(self, cases=cases, reason=self.reason or reason)


@dataclass(frozen=True)
class Scale:
    """How Otter makes points of the whole from those of the questions that tests mark.

    Attributes:
        points: `points_possible` of Otter's settings: what all questions together are worth, or
            None for the sum of theirs.
        threshold: `score_threshold`: the share from which on there are all points, and none below;
            or None.
    """

    points: float | None = None
    threshold: float | None = None

    def possible(self, possible: float) -> float:
        """Points that can be had.

        Args:
            possible: in the questions.
        """
        return self.points or possible

    def score(self, total: float, possible: float) -> float:
        """Points reached; as in `GradingResults.to_gradescope_dict`.

        Args:
            total: points of the questions.
            possible: that can be had in them.
        """
        share = total / possible if possible else 0.0
        if self.threshold is not None:
            return self.possible(possible) if share >= self.threshold else 0.0
        return total if self.points is None else share * self.points


# A warning for the student as well. It takes no points: the check cells may only be deleted.
OTHER_FILE = (
    "None of this assignment's questions is checked in your notebook. Is it the right file?"
)


@dataclass(frozen=True)
class Grade:
    """The grade of one submission.

    Attributes:
        submission: file name as it was handed in.
        student: from the layout of the upload, where known, or "".
        status: "needs a teacher" where any case could not be decided.
        reason: of a rejection or failure, for the student.
        seconds: wall time; for the teacher, since it depends on what hidden tests ask.
        warnings: for the teacher, such as a cell that ran into its limit.
        provenance: digests of bundle and submission, versions, sandbox, seed, threads and limits.
        scale: where the points of the whole are not the sum of the questions'. While a teacher has
            to decide, `score` is what follows from the points that are certain.
        members: who handed it in, where the platform lists them with the school's numbers.
    """

    submission: str
    student: str
    status: Status
    questions: tuple[Question, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)
    scale: Scale | None = None
    members: tuple[Member, ...] = ()

    @property
    def other_file(self) -> str:
        """The warning that this may be another assignment's notebook, or ""."""
        return OTHER_FILE if OTHER_FILE in self.warnings else ""

    @property
    def score(self) -> float:
        """Points reached."""
        total, possible, written, _ = self._sums()
        return written + (total if self.scale is None else self.scale.score(total, possible))

    @property
    def possible(self) -> float:
        """Points that can be had, written questions included."""
        _, possible, _, written = self._sums()
        return written + (possible if self.scale is None else self.scale.possible(possible))

    @property
    def unmarked(self) -> float:
        """Points of the written answers, which are still to be marked."""
        return self._sums()[3]

    @property
    def so_far(self) -> float:
        """Points that can be had without the written answers."""
        return self.possible - self.unmarked

    @property
    def scaled(self) -> str:
        """How the points of the whole came about where they are no sum, in words; or ""."""
        if self.scale is None:
            return ""
        total, possible, _, _ = self._sums()
        said = f"Tests gave {total:g} of {possible:g} points"
        threshold = self.scale.threshold
        if threshold is None:
            return f"{said}, which count as a share of {self.scale.points:g}."
        said += f". From {threshold * 100:g} % of them on there are all points, and none below."
        if any(case.passed is None for question in self.questions for case in question.cases):
            said += " Your teacher has to decide on some of them first."
        return said

    def _sums(self) -> tuple[float, float, float, float]:
        """Points reached and possible, of questions that tests mark and of written ones."""
        marked = [question for question in self.questions if not question.manual]
        written = [question for question in self.questions if question.manual]
        found = [
            value
            for kind in (marked, written)
            for value in (sum(q.score for q in kind), sum(q.possible for q in kind))
        ]
        return found[0], found[1], found[2], found[3]

    def to_json(self) -> str:
        """The grade as a JSON document, with the points of the whole."""
        whole = {"score": self.score, "possible": self.possible}
        return json.dumps({**dataclasses.asdict(self), **whole}, indent=1, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Grade:
        """Read what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: the text is no such document.
        """
        found: dict[str, Any] = json.loads(text)
        questions = tuple(
            Question(**{**question, "cases": tuple(Case(**case) for case in question["cases"])})
            for question in found.pop("questions")
        )
        warnings = tuple(found.pop("warnings"))
        # They follow from the rest.
        found.pop("score", None)
        found.pop("possible", None)
        scale = found.pop("scale", None)
        scale = None if scale is None else Scale(**scale)
        # Grades of before have none.
        members = tuple(Member(**member) for member in found.pop("members", ()))
        return Grade(**found, questions=questions, warnings=warnings, scale=scale, members=members)
