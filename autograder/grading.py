"""One submission graded, from the notebook to the grade and its record."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder import drawn, notebook, offline
from autograder.assignment import Assignment
from autograder.environment import grader_versions, of_assignment
from autograder.errors import UNREAD, Rejected, SandboxError
from autograder.handed_in import Uploads, hold_back
from autograder.held_back.held import NOTHING
from autograder.intake import limits as intake
from autograder.records import OTHER_FILE, Case, Grade, Question
from autograder.rooms import Rooms
from autograder.sandbox.docker import identified
from autograder.sandbox.limits import Limits
from autograder.second_look.look import second_look
from autograder.session import Found, Lost, Session, TestsEnded
from autograder.settings import MODES, SANDBOXES, Settings

UNFINISHED = "The tests could not be finished with your notebook. Your teacher has been told."
LOST = "the interpreter that it was forked from ended"


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
        most = intake.Limits().notebook
        if path.stat().st_size > most:
            raise Rejected(f"The notebook is larger than {intake.size(most)}. Clear its outputs.")
        content = path.read_bytes()
        cells = notebook.cells(content)
        uploads = None if beside is None else Uploads(beside, path)
        if uploads is not None and (fault := uploads.fault(assignment.student_files)):
            raise Rejected(fault)
    except (Rejected, OSError) as error:
        return Grade(path.name, "", "rejected", reason=str(error))
    except Exception:
        # Nobody has foreseen it; whoever grades one notebook is told as one who grades a class.
        trace = (traceback.format_exc(limit=-8),)
        return Grade(path.name, "", "failed", reason=UNREAD, warnings=trace)
    limits = settings.limits or assignment.limits
    made = provenance(assignment, content, settings, limits)
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        if uploads is not None and assignment.held_back is not None:
            plan, kind, image = assignment.held_back, settings.sandbox, settings.image
            uploads = hold_back(plan, uploads, kind, limits, Path(work), image)
        held = NOTHING if uploads is None else uploads.held
        try:
            found = run(assignment, settings, limits, cells, uploads)
        except TestsEnded as error:
            seconds = time.monotonic() - started
            warnings = (*held.warnings, f"The tests ended before their result: {error}.")
            told = made | held.measured | error.measured
            return Grade(path.name, "", "failed", (), UNFINISHED, seconds, warnings, told)
        questions = tuple(question(item) for item in found.results["questions"])
        if settings.sandbox != "none":
            questions = offline.left(questions, found.results["errors"], cells)
        if not assignment.seeds_cells:
            questions = drawn.left(questions, found.results, cells)
        if settings.second_look:
            questions, said, record = second_look(
                assignment, settings, limits, cells, content, uploads, Path(work), questions
            )
            found = dataclasses.replace(
                found, warnings=found.warnings + said, measured=found.measured | record
            )
    # Otter puts no check into a notebook for a question whose tests are all hidden. Who has points
    # has handed in the right one.
    public = {item.name for item in questions if not all(case.hidden for case in item.cases)}
    other = bool(public) and not any(item.score for item in questions)
    other = other and not notebook.checks_any(cells, {t.stem for t in assignment.tests})
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
        warnings=held.warnings + found.warnings + (OTHER_FILE,) * other,
        provenance=made | held.measured | found.measured,
        scale=assignment.scale,
    )


def run(
    assignment: Assignment,
    settings: Settings,
    limits: Limits,
    cells: tuple[notebook.Cell, ...],
    uploads: Uploads | None,
) -> Found:
    """Run the notebook and the tests; what a warm room loses is run again in a cold one."""

    def attempt(*, warm: bool) -> Found:
        with tempfile.TemporaryDirectory(prefix="autograder-") as name:
            rooms = Rooms(settings.sandbox, Path(name), warm=warm, image=settings.image)
            return Session(assignment, settings, limits, rooms, uploads).run(cells)

    if settings.mode != "warm":
        return attempt(warm=False)
    try:
        return attempt(warm=True)
    except Lost:
        found = attempt(warm=False)
    return dataclasses.replace(found, measured=found.measured | {"not warm": LOST})


def question(found: Mapping[str, Any]) -> Question:
    """A question from what the trusted process reports."""
    cases = tuple(Case(**case) for case in found["cases"])
    more = {name: found[name] for name in ("reason", "values", "doubt")}
    return Question(found["name"], found["score"], found["possible"], cases, **more)


def provenance(
    assignment: Assignment, content: bytes, settings: Settings, limits: Limits
) -> dict[str, str]:
    """What a grade can be explained by later; notebook and tests run in the same environment.

    Raises:
        SandboxError: the assignment's environment does not run, or lacks what runs the tests.
    """
    contained = settings.sandbox == "docker"
    environment = of_assignment(settings.python, settings.image if contained else "")
    named = {}
    if contained:
        named = {"image": settings.image, "image number": identified(settings.image)}
    return {
        "bundle": assignment.digest,
        "submission": hashlib.sha256(content).hexdigest(),
        "python": environment.python,
        "versions": environment.versions,
        "environment": environment.digest,
        "grader": grader_versions(environment),
        "sandbox": settings.sandbox,
        **named,
        "seed": str(assignment.seed),
        "limits": limits.text(),
    }
