"""Asks Otter's own grading where a submission lost points.

What it answers is treated as hostile: the notebook runs in the process that answers.
"""

from __future__ import annotations

import os
import re
import shutil
import time
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.handed_in import Uploads
from autograder.notebook import Cell
from autograder.records import Question
from autograder.rooms import Rooms, package, readable
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.settings import Settings
from autograder.values.wire import Channel, WireError

# Seconds for starting Otter and a kernel, which is nobody's time.
STARTING = 60.0
# Smaller differences than this are Otter's rounding.
ROUNDED = 1e-3
# No question has as many points; NaN and infinity are not below it.
MOST = 1e9
NAMED = re.compile(r"""\bNotebook\(\s*["']([^"'/\\]+\.ipynb)["']""")
REASON = "Otter's own way of grading gives more points here."


@dataclass(frozen=True)
class Look:
    """What Otter's grading brought.

    Attributes:
        points: of each question by its name; empty where it ended without an answer.
        warnings: for the teacher: that it ended, and why.
        measured: for the record of the grade.
    """

    points: dict[str, float]
    warnings: tuple[str, ...]
    measured: dict[str, str]


def look(
    assignment: Assignment,
    settings: Settings,
    limits: Limits,
    cells: Sequence[Cell],
    content: bytes,
    uploads: Uploads | None,
    work: Path,
    questions: Sequence[Question],
) -> Look:
    """Grade a submission as Otter does.

    Args:
        assignment: with all its tests.
        settings: for the sandbox and the interpreter.
        limits: of the submission; its time goes for the notebook, a case's for each test file.
        cells: of the notebook.
        content: of the notebook's file.
        uploads: what was handed in beside it, or None.
        work: a folder.
        questions: as they were graded.

    Raises:
        SandboxError: no room can be had.
    """
    files = work / "second-look-files"
    files.mkdir()
    shutil.make_archive(str(files / "autograder"), "zip", assignment.folder)
    with zipfile.ZipFile(files / "submission.zip", "w") as archive:
        # In Otter, the checks of a renamed notebook fail.
        archive.writestr(name(cells, assignment.name), content)
        if uploads is not None:
            for path, place in uploads.files().items():
                # A second notebook beside it Otter refuses.
                if path not in uploads.held.left_out and not path.endswith(".ipynb"):
                    archive.write(place, path)
    readable(files)
    # Cold: Otter starts a kernel, which a waiting interpreter could save nothing of.
    rooms = Rooms(settings.sandbox, work, warm=False, image=settings.image)
    hosts = work / "hosts"
    # Otter and the kernel talk to each other over this name.
    hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    hosts.chmod(0o644)
    shown = {**package("second_look"), "/etc/hosts": hosts}
    room = Room(settings.python, shown, {FILES: files})
    reading, writing = os.pipe()
    try:
        try:
            running = rooms.start("second_look", room, limits, {}, {"writing": writing}, None)
        finally:
            os.close(writing)
        running.deadline = time.monotonic() + STARTING + limits.seconds
        running.deadline += limits.case_seconds * len(assignment.tests)
        try:
            head = Channel(reading, -1).receive(running.deadline + 5).head
        except WireError as error:
            running.unwatched()
            said = running.text.strip().splitlines()[-1:]
            why = "; ".join([running.ended or str(error), *said])[:300]
            warning = f"Otter's own grading, for a second look, gave no points: {why}."
            return Look({}, (warning,), {"second look": "no answer"})
        finally:
            running.stop()
    finally:
        os.close(reading)
    found = points(head.get("points"), [item.name for item in questions])
    listed = ", ".join(f"{question} {value:g}" for question, value in found.items())
    return Look(found, (), {"second look": listed or "no points"})


def name(cells: Sequence[Cell], assignment: str) -> str:
    """What the notebook was called when it was given out: it tells Otter its own name."""
    for cell in cells:
        if found := NAMED.search(cell.source):
            return found[1]
    return f"{assignment}.ipynb"


def points(told: object, known: Collection[str]) -> dict[str, float]:
    """The points in an answer, in the order of `known`; what is no number is left out."""
    found = told if isinstance(told, dict) else {}
    values = {question: found.get(question) for question in known}
    return {
        question: float(value)
        for question, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST
    }


def lost(questions: Sequence[Question]) -> bool:
    """Whether there is a failed case, which a second look could leave to a teacher."""
    return any(
        item.score < item.possible and any(case.passed is False for case in item.cases)
        for item in questions
    )


def left(questions: Sequence[Question], theirs: dict[str, float]) -> tuple[Question, ...]:
    """The questions, those left to a teacher to which Otter gives more points."""
    return tuple(
        item.doubted(REASON) if theirs.get(item.name, 0.0) > item.score + ROUNDED else item
        for item in questions
    )
