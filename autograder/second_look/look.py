"""Asks Otter's own grading where a submission lost points.

What it answers is treated as hostile: the notebook runs in the process that answers.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.environment import of_assignment
from autograder.errors import SandboxError
from autograder.handed_in import Uploads
from autograder.notebook import Cell
from autograder.records import Question
from autograder.rooms import TRUSTED_MB, Rooms, package, readable
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import UNWATCHED
from autograder.second_look import NO_ANSWER, NOT_DONE, NOT_NEEDED, RECORD
from autograder.second_look.laid import lay
from autograder.settings import Settings
from autograder.student.driver import STRETCH
from autograder.values.wire import Channel, TooSlow, WireError

# Where the room has both zips: no copies, which limits for files would count.
PLACE = "/second-look"
# Seconds for starting Otter and a kernel, which is nobody's time.
STARTING = 60.0
# Smaller differences than this are Otter's rounding.
ROUNDED = 1e-3
# No question has as many points; NaN and infinity are not below it.
MOST = 1e9
REASON = "Otter's own way of grading gives more points here."
# Beside what the tests need; Otter does not ask for them by itself.
NEEDED = ("ipykernel", "nbconvert")


@dataclass(frozen=True)
class Look:
    """What Otter's grading brought.

    Attributes:
        points: of each question by its name; of some only, or of none, where it failed.
        record: for the record of the grade.
        warnings: for the teacher.
    """

    points: dict[str, float]
    record: str
    warnings: tuple[str, ...] = ()


def second_look(
    assignment: Assignment,
    settings: Settings,
    limits: Limits,
    cells: Sequence[Cell],
    content: bytes,
    uploads: Uploads | None,
    work: Path,
    questions: tuple[Question, ...],
) -> tuple[tuple[Question, ...], tuple[str, ...], dict[str, str]]:
    """Leave questions to a teacher to which Otter's own grading gives more points.

    Nothing that goes wrong in it costs the grade, which is there before.

    Args:
        assignment: with all its tests.
        settings: for the sandbox and the interpreter.
        limits: of the submission.
        cells: of the notebook.
        content: of the notebook's file.
        uploads: what was handed in beside it, or None.
        work: a folder.
        questions: as they were graded.

    Returns:
        The questions, warnings for the teacher, and what the record of the grade says of it.
    """
    lost = [item for item in questions if item.doubted(REASON) is not item]
    if not lost:
        return questions, (), {RECORD: NOT_NEEDED}
    try:
        place = lay(assignment, cells, content, uploads, work)
        found = ask(assignment, settings, limits, place, [item.name for item in questions])
    except Exception as error:
        said = f"it could not be asked ({type(error).__name__})"
        found = Look({}, NOT_DONE, (warning(said),))
    decided = tuple(
        item.doubted(REASON) if found.points.get(item.name, 0.0) > item.score + ROUNDED else item
        for item in questions
    )
    silent = [item.name for item in lost if item.name not in found.points]
    warnings = found.warnings
    if silent and not warnings:
        warnings = (warning(f"it says nothing of {', '.join(silent)}"),)
    return decided, warnings, {RECORD: found.record}


def warning(why: str) -> str:
    """For the teacher: a look that says nothing of lost points."""
    return f"The second look by Otter's own grading failed: {why}. The points are as they were."


def ask(
    assignment: Assignment,
    settings: Settings,
    limits: Limits,
    place: Path,
    known: Sequence[str],
) -> Look:
    """Grade a submission as Otter does.

    Args:
        assignment: for its number of tests.
        settings, limits: see `second_look`.
        place: the folder of both zips.
        known: names of the questions.

    Raises:
        OSError, SandboxError: no room can be had.
    """
    work = place.parent
    empty, hosts = work / "second-look-empty", work / "hosts"
    empty.mkdir()
    # Otter and the kernel talk to each other over this name.
    hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    hosts.chmod(0o644)
    readable(place)
    readable(empty)
    # Notebook and tests, which have a room each otherwise, are in one.
    most = dataclasses.replace(limits, memory_mb=limits.memory_mb + TRUSTED_MB)
    # Cold: Otter starts a kernel, which a waiting interpreter could save nothing of.
    rooms = Rooms(settings.sandbox, work, warm=False, image=settings.image)
    shown = {**package("second_look"), "/etc/hosts": hosts}
    room = Room(settings.python, shown, {FILES: empty, PLACE: place})
    told = {"place": rooms.path("second_look", PLACE)}
    reading, writing = os.pipe()
    try:
        try:
            running = rooms.start("second_look", room, most, told, {"writing": writing}, None)
        finally:
            os.close(writing)
        # As long as the notebook and its tests may hold on by the clock, each at its most.
        patience = STARTING + STRETCH * limits.seconds
        running.deadline = time.monotonic() + patience + limits.case_seconds * len(assignment.tests)
        try:
            head: dict[str, Any] = Channel(reading, -1).receive(running.deadline + 5).head
        except WireError as error:
            running.unwatched()
            ended = running.ended or ("time" if isinstance(error, TooSlow) else "")
            # Text that it printed is the notebook's as well as Otter's, so none is shown.
            why = f"it was ended ({ended})" if ended else "it ended before it had points"
            record = NOT_DONE if ended in ("time", UNWATCHED) else NO_ANSWER
            return Look({}, record, (warning(why),))
        finally:
            running.stop()
    finally:
        os.close(reading)
    found = points(head.get("points"), known)
    listed = ", ".join(f"{question} {value:g}" for question, value in found.items())
    return Look(found, listed or NO_ANSWER)


def points(told: object, known: Collection[str]) -> dict[str, float]:
    """The points in an answer, in the order of `known`; what is no number is left out."""
    found = told if isinstance(told, dict) else {}
    values = {question: found.get(question) for question in known}
    return {
        question: float(value)
        for question, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST
    }


def possible(settings: Settings) -> None:
    """See that the assignment's environment can run Otter's own grading.

    Raises:
        SandboxError: it lacks something.
    """
    image = settings.image if settings.sandbox == "docker" else ""
    packages = of_assignment(settings.python, image).packages
    missing = [name for name in NEEDED if name not in packages]
    if missing:
        mend = (
            "Make an image that has it."
            if image
            else f"Run: {settings.python} -m pip install {' '.join(missing)}"
        )
        raise SandboxError(
            f"{image or settings.python} has no {', '.join(missing)}, which Otter's own grading "
            f"needs for --second-look.\n{mend}"
        )
