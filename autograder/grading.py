"""One submission graded: a student's process, a trusted process, and who watches both."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.assignment import Assignment
from autograder.environment import examine, grader_versions
from autograder.errors import BundleError, GraderError, Rejected, SandboxError
from autograder.held_back.held import NOTHING, Held
from autograder.held_back.plan import HeldBack
from autograder.records import Case, Grade, Question
from autograder.rooms import Rooms, package
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running
from autograder.student.driver import STRETCH
from autograder.values.wire import Channel, Closed, Message, TooSlow, WireError
from autograder.warm import libraries

# Paths inside the rooms.
SUBMISSION, TESTS, CELLS = "/submission", "/tests", "cells.json"
PHOTOS = "/photos"
# How much longer than its own limit a notebook may hold on before it is ended from outside.
GRACE = 8.0
# For starting up, which is nobody's time.
START = 30.0
TRUSTED_MB = 2_000
UPLOAD_MB = 20
UNFINISHED = "The tests could not be finished with your notebook. Your teacher has been told."
SANDBOXES = ("bubblewrap", "none")
MODES = ("cold", "warm")


class Lost(Exception):
    """A template ended, and with it the rooms it had made: what ran there says nothing."""


class TestsEnded(Exception):
    """The tests ended without a result after they had begun."""


@dataclass(frozen=True)
class Settings:
    """How to grade.

    Attributes:
        python: interpreter of the assignment's environment.
        limits: in place of the assignment's own, or None.
        sandbox: "bubblewrap" or "none".
        mode: "cold", or "warm" for rooms forked from interpreters that wait, where it can be had.
    """

    python: Path = field(default_factory=lambda: Path(sys.executable))
    limits: Limits | None = None
    sandbox: str = "bubblewrap"
    mode: str = "cold"


def grade(
    assignment: Assignment,
    path: Path,
    settings: Settings | None = None,
    beside: Path | None = None,
) -> Grade:
    """Grade one notebook.

    Args:
        assignment: opened.
        path: of the notebook.
        settings: how to grade.
        beside: a folder of files that the student handed in with it, or None. They come to the
            same places beside the notebook; the assignment's own files stand where both have one.

    Raises:
        BundleError: the assignment's tests do not load.
        SandboxError: no sandbox can be had, or it is none that is known.
    """
    settings = settings or Settings()
    if settings.sandbox not in SANDBOXES:
        raise SandboxError(
            f"There is no sandbox {settings.sandbox!r}; use one of {', '.join(SANDBOXES)}."
        )
    if settings.mode not in MODES:
        raise SandboxError(f"There is no mode {settings.mode!r}; use one of {', '.join(MODES)}.")
    started = time.monotonic()
    try:
        if path.stat().st_size > UPLOAD_MB << 20:
            raise Rejected(f"The notebook is larger than {UPLOAD_MB} MB. Clear its outputs.")
        content = path.read_bytes()
        cells = notebook.cells(content)
    except (Rejected, OSError) as error:
        return Grade(path.name, "", "rejected", reason=str(error))
    limits = settings.limits or assignment.limits
    made = provenance(assignment, content, settings, limits)
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        uploads = None if beside is None else Uploads(beside, path)
        if uploads is not None and assignment.held_back is not None:
            uploads = hold_back(assignment.held_back, uploads, settings, limits, Path(work))
        held = NOTHING if uploads is None else uploads.held
        try:
            found = run(assignment, settings, limits, cells, uploads)
        except TestsEnded as error:
            seconds = time.monotonic() - started
            warnings = (*held.warnings, f"The tests ended before their result: {error}.")
            told = made | held.measured
            return Grade(path.name, "", "failed", (), UNFINISHED, seconds, warnings, told)
    questions = tuple(question(item) for item in found.results["questions"])
    questions += tuple(
        Question(name, 0.0, float(points), manual=True, reason="a written answer")
        for name, points in assignment.manual.items()
    )
    undecided = any(case.passed is None for item in questions for case in item.cases)
    return Grade(
        submission=path.name,
        student="",
        status="needs a teacher" if undecided or held.doubt else "graded",
        questions=questions,
        reason=held.doubt,
        seconds=time.monotonic() - started,
        warnings=held.warnings + found.warnings,
        provenance=made | held.measured | found.measured,
    )


def run(
    assignment: Assignment,
    settings: Settings,
    limits: Limits,
    cells: tuple[notebook.Cell, ...],
    uploads: Uploads | None,
) -> Found:
    """Run the notebook and the tests; what a warm room loses is run again in a cold one."""
    for warm in (True, False) if settings.mode == "warm" else (False,):
        with tempfile.TemporaryDirectory(prefix="autograder-") as name:
            rooms = Rooms(settings.sandbox, Path(name), warm=warm)
            session = Session(assignment, settings, limits, rooms, uploads)
            with contextlib.suppress(Lost):
                return session.run(cells)
    raise AssertionError("a cold room is not lost")


def question(found: Mapping[str, Any]) -> Question:
    """A question from what the trusted process reports."""
    cases = tuple(Case(**case) for case in found["cases"])
    name, score, possible = found["name"], found["score"], found["possible"]
    return Question(name, score, possible, cases, reason=found["reason"], values=found["values"])


def provenance(
    assignment: Assignment, content: bytes, settings: Settings, limits: Limits
) -> dict[str, str]:
    """What a grade can be explained by later; Python and versions are those of the notebook.

    Raises:
        SandboxError: the interpreter of the assignment's environment does not run.
    """
    environment = examine(settings.python)
    return {
        "bundle": assignment.digest,
        "submission": hashlib.sha256(content).hexdigest(),
        "python": environment.python,
        "versions": environment.versions,
        "environment": environment.digest,
        "grader": grader_versions(),
        "sandbox": settings.sandbox,
        "mode": settings.mode,
        "seed": str(assignment.seed),
        "limits": limits.text(),
    }


@dataclass(frozen=True)
class Uploads:
    """Files that a student handed in beside the notebook, checked and laid out by the intake.

    Attributes:
        folder: in which they lie.
        notebook: the notebook among them.
        held: what the notebook does not get of them, and the tests get.
    """

    folder: Path
    notebook: Path
    held: Held = NOTHING

    def files(self) -> dict[str, Path]:
        """The files by their paths beside the notebook; links and devices are none."""
        return {
            path.relative_to(self.folder).as_posix(): path
            for path in sorted(self.folder.rglob("*"))
            if not path.is_symlink() and path.is_file() and path != self.notebook
        }

    def copy(self, target: Path) -> None:
        """Copy them to where the notebook runs, except over the assignment's own files."""
        for name, path in self.files().items():
            place = target / name
            if (
                name in self.held.left_out
                or place.exists()
                or place.is_relative_to(target / "tests")
            ):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        readable(target)


def hold_back(
    plan: HeldBack, uploads: Uploads, settings: Settings, limits: Limits, work: Path
) -> Uploads:
    """Choose what the notebook does not get of the files handed in.

    Args:
        plan: of the assignment.
        uploads: the files.
        settings: how to grade.
        limits: of the submission.
        work: a folder that lives until the tests have begun.

    Raises:
        SandboxError: the process that opens pictures does not start.
    """
    # Imported here: most assignments need neither NumPy nor Pillow in this process.
    from autograder.held_back.hold import hold

    def start(folder: Path, told: dict[str, Any], fd: int) -> Running:
        """Start the process that opens pictures; it is given them and nothing else."""
        empty = work / "no-files"
        empty.mkdir()
        readable(empty)
        room = Room(readable=package("photos"), own={FILES: empty, PHOTOS: folder})
        most = dataclasses.replace(limits, memory_mb=TRUSTED_MB)
        told = {**told, "photos": rooms.path("photos", PHOTOS)}
        fds = {"reading": fd, "writing": fd}
        return rooms.start("photos", room, most, told, fds, None)

    # Cold: a process that a picture has taken over must have no sister.
    rooms = Rooms(settings.sandbox, work, warm=False)
    return dataclasses.replace(uploads, held=hold(plan, uploads.files(), work, start))


@dataclass(frozen=True)
class Found:
    """What a session brought: results as the trusted process sent them."""

    results: dict[str, Any]
    warnings: tuple[str, ...]
    measured: dict[str, str]


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
        """Run the notebook and the tests; nothing is left running afterwards."""
        mine, theirs = socket.socketpair()
        results_read, results_write = os.pipe()
        results = Channel(results_read, -1)
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, results_read)
            with mine, theirs:
                try:
                    trusted = self.trusted(mine.fileno(), results_write)
                finally:
                    os.close(results_write)
                stack.callback(trusted.stop)
                student = self.student(theirs.fileno(), cells)
                stack.callback(student.stop)
            try:
                return self.watch(student, trusted, results)
            finally:
                if self.rooms.lost():
                    raise Lost

    def watch(self, student: Running, trusted: Running, results: Channel) -> Found:
        """Wait for the results, and end what takes too long."""
        limits = self.limits
        cases = 30 * len(self.assignment.tests)
        # The tests at their places in the notebook are not the student's time either.
        patience = STRETCH * limits.seconds + limits.case_seconds * 4 + GRACE + START
        student.deadline = time.monotonic() + patience
        trusted.deadline = student.deadline + limits.case_seconds * cases
        found: Message | None = None
        begun = False
        try:
            while found is None:
                message = results.receive(trusted.deadline + 5)
                begun = begun or message.kind == "ready"
                if message.kind == "broken":
                    raise BundleError(
                        f"{self.assignment.name}: a test file does not load. {message.head['text']}"
                    )
                if message.kind == "ended":
                    student.deadline = trusted.deadline
                if message.kind == "results":
                    found = message
        except (Closed, TooSlow, WireError) as error:
            if begun:
                # The tests had loaded, so it is this submission that ended them.
                raise TestsEnded(f"{error}; {trusted.ended or 'no limit reached'}") from None
            raise SandboxError(
                f"The tests of {self.assignment.name} ended without a result ({error}; "
                f"{trusted.ended or 'no limit reached'}).\n{trusted.text[-1500:]}"
            ) from None
        warnings = [
            f"cell {item.get('cell')}: {item.get('error')}: {item.get('text')}"
            for item in found.head["errors"]
            if isinstance(item, dict)
        ]
        if student.ended:
            what = {"memory": f"{limits.memory_mb} MB of memory", "time": "its time"}[student.ended]
            warnings.append(f"The notebook was ended: it used up {what}.")
        measured = {"peak MB": f"{student.peak_mb:.0f}", **self.rooms.measured()}
        return Found(found.head, tuple(warnings), measured)

    def student(self, fd: int, cells: tuple[notebook.Cell, ...]) -> Running:
        """Start the notebook."""
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
        }
        room = Room(
            python=self.settings.python,
            readable=package("student"),
            own={FILES: files, SUBMISSION: submission},
        )
        modules = [path.read_text("utf-8", "replace") for path in sorted(files.glob("*.py"))]
        beside = [path.name for path in files.iterdir()]
        wanted = libraries.wanted([*(cell.source for cell in cells), *modules], beside)
        fds = {"reading": fd, "writing": fd}
        return self.rooms.start("student", room, limits, told, fds, wanted)

    def trusted(self, fd: int, results: int) -> Running:
        """Start the tests."""
        assignment = self.assignment
        files = self.work / "tests-files"
        copy_files(assignment, files, lambda _: True)
        if self.uploads is not None:
            self.uploads.held.lay(files)
            readable(files)
        modules = [Path(path).stem for path in assignment.student_files if path.endswith(".py")]
        told = {
            "tests": self.rooms.path("trusted", TESTS),
            "formats": {test.stem: test.ok_style for test in assignment.tests},
            "modules": modules,
            "case_seconds": self.limits.case_seconds,
            "seed": assignment.seed,
        }
        tests = assignment.folder / "tests"
        room = Room(readable=package("trusted"), own={FILES: files, TESTS: tests})
        limits = dataclasses.replace(self.limits, memory_mb=max(TRUSTED_MB, self.limits.memory_mb))
        sources = [path.read_text("utf-8", "replace") for path in sorted(tests.glob("*.py"))]
        wanted = libraries.wanted(sources, [path.name for path in files.iterdir()])
        fds = {"reading": fd, "writing": fd, "results": results}
        return self.rooms.start("trusted", room, limits, told, fds, wanted)


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


def readable(folder: Path) -> None:
    """Let whoever runs in the sandbox read a folder."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


__all__ = ["Grade", "GraderError", "Session", "Settings", "grade"]
