"""`scores.csv` and the files that gradebooks of learning platforms import."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.errors import GraderError
from autograder.records import Grade
from autograder.storage import write_whole

Format = Literal["plain", "canvas", "moodle"]
Row = list[str]

FIXED_BEFORE = ("submission", "student", "score", "possible")
FIXED_AFTER = ("status", "seconds")

# The key of `Grade.provenance` under which the number of a student in the platform stands.
IDENTIFIER = "student id"

# The row of the highest points in Canvas's gradebook.
POSSIBLE = "Points Possible"

UNMARKED = (
    "written answers are still to be marked: add their points in scores.csv, and enter the sums in "
    "the platform by hand"
)

# A cell that begins with one of these is run as a formula by one spreadsheet program or another:
# signs and their wide forms, and line ends that some programs skip.
SIGNS, SKIPPED = "=+-@＝＋－＠", "\t\r\n\x0b\x0c"
FORMULA = tuple(SIGNS + SKIPPED)
# Programs strip blanks before they look for a formula, and quotes with which a cell begins.
RUNS = re.compile(rf'[{SKIPPED}]|[\s"]*[{re.escape(SIGNS)}]')
# Where a program may begin a new cell in the middle of ours: a spreadsheet of a country with
# decimal commas parts cells at `;`, and knows our quotes only where one of its own cells begins.
SEPARATORS = re.compile(r"([;|\t\r\n])")


@dataclass(frozen=True)
class Left:
    """What is not in an import, and why.

    Attributes:
        submission: with a group's member behind it where only that one is left out; or the highest
            points, where nobody knows them.
        reason: in words.
    """

    submission: str
    reason: str


@dataclass(frozen=True)
class Receiver:
    """Somebody whose points a submission gives.

    Attributes:
        grade: of the submission.
        name, number: the student's, or "".
        of_school: whether the number is the school's, and not the platform's.
        label: the submission, with the student behind it where others handed it in, too.
    """

    grade: Grade
    name: str
    number: str
    of_school: bool
    label: str

    @property
    def key(self) -> str:
        """The number, alike for what a platform could take for the same, or ""."""
        found = self.number.strip()
        return (found.lstrip("0") or found).casefold()


def table(grades: Sequence[Grade]) -> list[Row]:
    """The rows of scores.csv, the header first.

    Returns:
        Columns `submission`, `student`, `score`, `possible`, one per question in the order in
        which questions first appear, `status`, `seconds`. A question that a submission lacks,
        a written one, which is still to be marked, and the score of what was not graded are empty;
        `possible` is of all questions.
    """
    names = list(dict.fromkeys(q.name for grade in grades for q in grade.questions))
    fixed = {*FIXED_BEFORE, *FIXED_AFTER}
    titles = [f"{name} (question)" if name in fixed else name for name in names]
    rows = [[*FIXED_BEFORE, *map(safe, titles), *FIXED_AFTER]]
    for grade in grades:
        points = {q.name: "" if q.manual else number(q.score) for q in grade.questions}
        graded = grade.status in ("graded", "needs a teacher")
        rows.append(
            [
                safe(grade.submission),
                safe(grade.student),
                number(grade.score) if graded else "",
                number(grade.possible) if graded else "",
                *(points.get(name, "") for name in names),
                grade.status,
                number(round(grade.seconds, 2)),
            ]
        )
    return rows


def canvas(grades: Sequence[Grade], title: str) -> tuple[list[Row], list[Left]]:
    """The rows that Canvas's gradebook imports, and who is not among them.

    Args:
        grades: of submissions from Canvas's bulk download, whose names carry Canvas's own number of
            the student, or from Gradescope's, which lists the members with the school's numbers.
        title: the name of the assignment in Canvas; an unknown one makes a new column there.
    """
    taken, left = _certain(grades)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", safe(title)]
    # Also of those that a teacher has to look at: what can be had is certain.
    known = [grade.possible for grade in grades if grade.questions]
    possible = number(max(known)) if known else ""
    if not known:
        left.append(Left(POSSIBLE, "no submission was graded, so that they are not known"))
    # Canvas finds the row of the highest points by the words in its first cell.
    rows = [head, [POSSIBLE, "", "", "", "", possible]]
    for one in taken:
        # Canvas's own number and the school's stand in columns of their own.
        numbers = ["", safe(one.number)] if one.of_school else [safe(one.number), ""]
        rows.append([safe(one.name), *numbers, "", "", number(one.grade.score)])
    return rows, left


def moodle(grades: Sequence[Grade]) -> tuple[list[Row], list[Left]]:
    """The rows of Moodle's offline grading worksheet (English headings), and who is left out.

    Moodle finds columns by their headings, and refuses a file without identifier, grade and time of
    the last grade. What feedback there is stays, as there is no column for it.
    """
    taken, left = _certain(grades)
    rows = [["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]]
    for one in taken:
        if one.of_school:
            # As a participant's, it could be another student's.
            reason = "Gradescope's number is the school's, and none of Moodle's"
            left.append(Left(one.label, reason))
            continue
        identity = safe(f"Participant {one.number}")
        points = [number(one.grade.score), number(one.grade.possible)]
        # Moodle's own sign for "never graded": a grade that stands there meanwhile is kept, unless
        # the teacher allows otherwise.
        rows.append([identity, safe(one.name), *points, "-"])
    return rows, left


def write(
    path: Path, grades: Sequence[Grade], layout: Format = "plain", title: str = ""
) -> list[Left]:
    """Write scores as RFC 4180 asks, in UTF-8 with its mark, without which Excel spoils names.

    Args:
        path: the file, replaced whole.
        grades: in the order of the rows.
        layout: `plain` for scores.csv; `canvas` and `moodle` for their imports.
        title: of the assignment, for Canvas.

    Returns:
        Submissions, or members of a group, that an import leaves out because a teacher has to look
        first; among them are all whose student's number another one has, too.

    Raises:
        GraderError: the file cannot be written.
    """
    left: list[Left] = []
    if layout == "canvas":
        rows, left = canvas(grades, title or "Assignment")
    elif layout == "moodle":
        rows, left = moodle(grades)
    else:
        rows = table(grades)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    write_whole(path, "\ufeff" + buffer.getvalue())
    return left


def read(path: Path) -> list[dict[str, str]]:
    """The rows that `write` wrote.

    Raises:
        GraderError: the file is missing or is no such table.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GraderError(f"{path} cannot be read as a table of scores: {error}.") from error
    return list(csv.DictReader(io.StringIO(text, newline="")))


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet runs, nor any part of it, whichever sign parts cells.

    What could be a formula gets a `'`.
    """
    clean = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    begin, *parts = SEPARATORS.split(clean)
    # Separators and what stands behind them, in turns.
    parts[1::2] = [f"'{part}" if RUNS.match(part) else part for part in parts[1::2]]
    return ("'" if RUNS.match(clean) else "") + begin + "".join(parts)


def number(value: float) -> str:
    """Points or seconds in the shortest form that reads back alike; empty where there is none."""
    if not math.isfinite(value):
        return ""
    rounded = round(value, 6)
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def _certain(grades: Iterable[Grade]) -> tuple[list[Receiver], list[Left]]:
    """Whose points a platform may import, and the others with the reason in words."""
    taken: list[Receiver] = []
    left: list[Left] = []
    known = list(grades)
    owners: dict[str, list[str]] = defaultdict(list)
    for grade in known:
        for one in _receivers(grade):
            owners[one.key].append(one.label)
    written = 0
    for grade in known:
        if grade.status != "graded":
            left.append(Left(grade.submission, f"{grade.status}: {grade.reason}".rstrip(": ")))
        elif any(question.manual for question in grade.questions):
            written += 1
        else:
            for one in _receivers(grade):
                reason = _doubt(one, owners[one.key])
                if reason:
                    left.append(Left(one.label, reason))
                else:
                    taken.append(one)
    if written:
        # One line: most often it is the whole class.
        count = "1 submission" if written == 1 else f"{written} submissions"
        left.append(Left(count, UNMARKED))
    return taken, left


def _receivers(grade: Grade) -> list[Receiver]:
    """Who gets the points of a submission: each member of a group."""
    if not grade.members:
        number_there = grade.provenance.get(IDENTIFIER, "")
        return [Receiver(grade, grade.student, number_there, False, grade.submission)]
    several = len(grade.members) > 1
    return [
        Receiver(
            grade,
            member.name,
            member.number,
            True,
            f"{grade.submission}, {member.name or member.number}" if several else grade.submission,
        )
        for member in grade.members
    ]


def _doubt(one: Receiver, owners: Sequence[str]) -> str:
    """Why it is not certain whose row in the platform this is, or "".

    Args:
        one: who gets points.
        owners: the labels of all of this number.
    """
    if not one.number.strip():
        if one.of_school:
            return "Gradescope lists no student number"
        return "the file name does not say whose it is"
    if len(owners) > 1:
        # Which of them is the student's, nobody but a teacher can say.
        others = [label for label in owners if label != one.label] or list(owners)
        return f"its student's number {one.number} is also that of {', '.join(others[:3])}"
    return ""
