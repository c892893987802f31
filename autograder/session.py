"""Two processes for one submission: the student's, the tests', and who watches both."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.assignment import Assignment
from autograder.errors import BundleError, SandboxError
from autograder.handed_in import Uploads
from autograder.held_back.held import FOLDER
from autograder.rooms import TRUSTED_MB, Rooms, package, readable
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import UNWATCHED, Running
from autograder.settings import Settings
from autograder.student.driver import STRETCH
from autograder.values.wire import Channel, Closed, Message, TooSlow, WireError
from autograder.warm import libraries

# Paths inside the rooms.
SUBMISSION, TESTS, CELLS = "/submission", "/tests", "cells.json"
# How much longer than its own limit a notebook may hold on before it is ended from outside.
GRACE = 8.0
# The same for a test case: twice what the trusted process gives an answer that is late, and as much
# again until that process has ended the case by itself, which leaves it its other cases.
CASE_GRACE = 12.0
# For starting up, which is nobody's time.
START = 30.0
# Characters of what a side said before it ended, for the teacher.
LAST_WORDS = 1_000


class Lost(Exception):
    """A template ended, and with it the rooms it had made: what ran there says nothing."""


class TestsEnded(Exception):
    """The tests ended without a result after they had begun, or nobody watched.

    Attributes:
        measured: for the record of the grade.
    """

    def __init__(self, text: str, measured: dict[str, str]) -> None:
        super().__init__(text)
        self.measured = measured


@dataclass(frozen=True)
class Found:
    """What a session brought: results as the trusted process sent them."""

    results: dict[str, Any]
    warnings: tuple[str, ...]
    measured: dict[str, str]


@dataclass
class Told:
    """What the trusted process has told so far.

    Attributes:
        begun: whether the tests have loaded.
        questions: results by question, as they hold if nothing comes after them.
        running: what runs on the time of a case, in words, or "".
        whole: of the notebook: `errors` of its cells, `drew` and `shown` as `drawn` takes them.
        complete: whether the last message is there: nothing comes after it.
    """

    begun: bool = False
    questions: dict[str, Any] = field(default_factory=dict)
    running: str = ""
    whole: dict[str, Any] = field(default_factory=dict)
    complete: bool = False

    def hear(self, message: Message) -> None:
        """Take a message."""
        head, kind = message.head, message.kind
        if kind in ("begins", "holds"):
            self.questions[head["question"]] = head["result"]
            self.running = head["what"] if kind == "begins" else ""
        elif kind == "ready":
            self.begun = True
        elif kind == "ended":
            self.whole = head
        elif kind == "results":
            self.complete, self.whole = True, head

    def found(self) -> dict[str, Any]:
        """The results, or what of them holds without the rest."""
        questions = list(self.questions.values())
        whole = {name: self.whole.get(name, []) for name in ("errors", "drew", "shown")}
        return {"questions": questions, **whole}


@dataclass(frozen=True)
class Program:
    """A side's program, ready to be started; the attributes are those of `Rooms.start`."""

    side: str
    room: Room
    limits: Limits
    told: dict[str, Any]
    libraries: tuple[str, ...]


class Session:
    """Both processes for one submission."""

    def __init__(
        self,
        assignment: Assignment,
        settings: Settings,
        limits: Limits,
        rooms: Rooms,
        uploads: Uploads | None = None,
    ) -> None:
        self.assignment, self.settings, self.limits = assignment, settings, limits
        self.rooms, self.work, self.uploads = rooms, rooms.work, uploads

    def run(self, cells: tuple[notebook.Cell, ...]) -> Found:
        """Run the notebook and the tests; nothing is left running afterwards.

        Raises:
            Lost, TestsEnded: see there.
            BundleError: a test file does not load.
            SandboxError: a room cannot be had, or the tests never begin.
        """
        sides = self.trusted(), self.student(cells)
        for program in sides:
            self.rooms.expect(program.side, program.room, program.limits, program.libraries)
        mine, theirs = socket.socketpair()
        results_read, results_write = os.pipe()
        results = Channel(results_read, -1)
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, results_read)
            with mine, theirs:
                try:
                    trusted = self.start(sides[0], mine.fileno(), results=results_write)
                finally:
                    os.close(results_write)
                stack.callback(trusted.stop)
                student = self.start(sides[1], theirs.fileno())
                stack.callback(student.stop)
            try:
                found = self.watch(student, trusted, results)
            except Exception:
                if self.rooms.lost():
                    raise Lost from None
                raise
            if self.rooms.lost():
                raise Lost
            return found

    def watch(self, student: Running, trusted: Running, results: Channel) -> Found:
        """Wait for the results, and end what takes too long."""
        limits = self.limits
        cases = 30 * len(self.assignment.tests)
        # The tests at their places in the notebook are not the student's time either.
        patience = STRETCH * limits.seconds + limits.case_seconds * 4 + GRACE + START
        student.deadline = time.monotonic() + patience
        last = trusted.deadline = student.deadline + limits.case_seconds * cases
        told, over = Told(), ""
        try:
            while not told.complete:
                message = results.receive(trusted.deadline + 5)
                if message.kind == "broken" and not told.begun:
                    raise BundleError(
                        f"{self.assignment.name}: a test file does not load. {message.head['text']}"
                    )
                told.hear(message)
                case_end = time.monotonic() + limits.case_seconds + CASE_GRACE
                trusted.deadline = min(last, case_end) if told.running else last
                if message.kind == "ended":
                    student.deadline = last
                if message.kind in ("begins", "ended") and not student.peak_mb:
                    # A short run may be over between two looks of its watcher, and before this
                    # process hears that it has ended.
                    student.look()
        except (Closed, TooSlow, WireError) as error:
            self.watched(student, trusted)
            if told.begun and (trusted.ended or isinstance(error, TooSlow)):
                # What it told before holds; the rest of the tests is left to a teacher.
                much = "too much memory" if trusted.ended == "memory" else "too long"
                over = f"{much} over {told.running or 'all tests together'}"
            elif told.begun:
                # The tests had loaded, so it is this submission that ended them.
                said = f"{error}; {trusted.ended or 'no limit reached'}"
                said = f"{said}\n{trusted.text[-LAST_WORDS:]}".rstrip()
                raise TestsEnded(said, self.measured(student)) from None
            else:
                raise SandboxError(
                    f"The tests of {self.assignment.name} ended without a result ({error}; "
                    f"{trusted.ended or 'no limit reached'}).\n{trusted.text[-1500:]}"
                ) from None
        self.watched(student, trusted)
        found = told.found()
        errors = [item for item in found["errors"] if isinstance(item, dict)]
        warnings = [in_words(item, student.ended) for item in errors]
        if over:
            warnings.append(
                f"The tests were ended while they took {over}. What had not run is left to you."
            )
        if student.ended:
            what = {"memory": f"{limits.memory_mb} MB of memory", "time": "its time"}[student.ended]
            warnings.append(f"The notebook was ended: it used up {what}.")
        return Found(found, tuple(warnings), self.measured(student))

    def watched(self, student: Running, trusted: Running) -> None:
        """Nothing that was ended for lack of a watcher is graded.

        Raises:
            TestsEnded: one of the programs could not be watched. The machine may be short of
                something for what this submission does: no reason to end the batch.
        """
        for side in (student, trusted):
            if side.ended == UNWATCHED:
                said = f"the grader could not watch what it ran ({side.fault})"
                raise TestsEnded(said, self.measured(student))

    def measured(self, student: Running) -> dict[str, str]:
        """For the record of the grade."""
        # A container that ended before it told has no peak.
        peak = {"peak MB": f"{student.peak_mb:.0f}"} if student.peak_mb else {}
        held = {"cgroup": "v2"} if student.group is not None else {}
        return peak | held | self.rooms.measured()

    def start(self, program: Program, fd: int, **fds: int) -> Running:
        """Start a program with its end of the channel and other descriptors."""
        fds |= {"reading": fd, "writing": fd}
        side, room, limits = program.side, program.room, program.limits
        return self.rooms.start(side, room, limits, program.told, fds, program.libraries)

    def student(self, cells: tuple[notebook.Cell, ...]) -> Program:
        """Lay out what the student's side needs."""
        assignment, limits = self.assignment, self.limits
        files = self.work / "student"
        copy_files(assignment, files, lambda path: path in assignment.student_files)
        if self.uploads is not None:
            self.uploads.copy(files)
        submission = self.work / "submission"
        submission.mkdir()
        listed = json.dumps([dataclasses.asdict(cell) for cell in cells])
        (submission / CELLS).write_text(listed, "utf-8")
        readable(submission)
        told = {
            "names": {test.stem: test.names for test in assignment.tests},
            "cell_seconds": limits.cell_seconds,
            "seconds": limits.seconds,
            "threads": limits.threads,
            "seed": assignment.seed,
            "seed_variable": assignment.config.get("seed_variable"),
            "submission": self.rooms.path("student", f"{SUBMISSION}/{CELLS}"),
            "given": list(assignment.student_files),
        }
        room = Room(
            python=self.settings.python,
            readable=package("student"),
            own={FILES: files, SUBMISSION: submission},
        )
        # Students may hand in modules too, or a folder that is called like one.
        modules = libraries.written(path for path in sorted(files.glob("*.py")) if path.is_file())
        beside = [path.name for path in files.iterdir()]
        sources = [cell.source for cell in cells]
        wanted = () if modules is None else libraries.wanted([*sources, *modules], beside)
        return Program("student", room, limits, told, wanted)

    def trusted(self) -> Program:
        """Lay out what the trusted side needs."""
        assignment = self.assignment
        files = self.work / "tests-files"
        copy_files(assignment, files, lambda _: True)
        if self.uploads is not None:
            self.uploads.held.lay(files)
            readable(files)
        plan = assignment.held_back
        modules = [Path(path).stem for path in assignment.student_files if path.endswith(".py")]
        told = {
            "tests": self.rooms.path("trusted", TESTS),
            "formats": {test.stem: test.ok_style for test in assignment.tests},
            "names": {test.stem: test.names for test in assignment.tests},
            "modules": modules,
            "kept": [FOLDER],
            "uploads": [] if plan is None else [plan.folder],
            "shared": list(assignment.student_files),
            "case_seconds": self.limits.case_seconds,
            # With a variable of its own, Otter seeds no generator.
            "seed": assignment.seed if assignment.seeds_cells else None,
        }
        tests = assignment.folder / "tests"
        # The notebook's Python: what tests expect, such as `2.0` in a doctest, depends on versions.
        room = Room(
            python=self.settings.python,
            readable=package("trusted"),
            own={FILES: files, TESTS: tests},
        )
        limits = dataclasses.replace(self.limits, memory_mb=max(TRUSTED_MB, self.limits.memory_mb))
        sources = [path.read_text("utf-8", "replace") for path in sorted(tests.glob("*.py"))]
        wanted = libraries.wanted(sources, [path.name for path in files.iterdir()])
        return Program("trusted", room, limits, told, wanted)


def in_words(item: dict[str, Any], limit: str) -> str:
    """What went wrong in a cell.

    Args:
        item: `cell`, `error`, `text`, and `ended`, whether the process ended in it.
        limit: for which the grader has ended the process, or "".
    """
    if item.get("ended") is True and limit:
        return f"cell {item.get('cell')} ran when the notebook was ended for its limit of {limit}"
    if item.get("ended") is True:
        return f"cell {item.get('cell')} ended the notebook's process"
    return f"cell {item.get('cell')}: {item.get('error')}: {item.get('text')}"


def copy_files(assignment: Assignment, target: Path, wanted: Callable[[str], bool]) -> None:
    """Copy the assignment's files that a side may see, readable by whoever runs there."""
    source = assignment.folder / "files"
    # Notebooks look whether a folder of this name is there; the student's stays empty.
    (target / "tests").mkdir(parents=True)
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        relative = path.relative_to(source)
        if path.is_file() and wanted(relative.as_posix()):
            (target / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / relative)
    readable(target)
