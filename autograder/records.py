"""What the grader knows of a graded submission: plain data, and JSON at the border."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["graded", "needs a teacher", "rejected", "failed"]


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
        values: for the teacher: what the tests looked at, a line on each value by its name.
    """

    name: str
    score: float
    possible: float
    cases: tuple[Case, ...] = ()
    manual: bool = False
    reason: str = ""
    values: dict[str, str] = field(default_factory=dict)


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
    """

    submission: str
    student: str
    status: Status
    questions: tuple[Question, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points reached."""
        return sum(question.score for question in self.questions)

    @property
    def possible(self) -> float:
        """Points that can be had, written questions included."""
        return sum(question.possible for question in self.questions)

    def to_json(self) -> str:
        """The grade as a JSON document."""
        return json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False)

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
        return Grade(**found, questions=questions, warnings=warnings)
