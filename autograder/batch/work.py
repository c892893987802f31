"""Grades one submission, wherever a worker runs: plain data in, plain data out."""

from __future__ import annotations

import dataclasses
import re
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderError, Rejected
from autograder.intake import Submission
from autograder.intake.entries import shown
from autograder.records import Grade
from autograder.scores import IDENTIFIER

GradeFunction = Callable[[Path], Grade]
FAILED = "The grader met an error with your notebook. Your teacher has been told."


@dataclass(frozen=True)
class Task:
    """A submission on its way to a worker, with the key its grade is kept under."""

    key: str
    submission: Submission


def work(grade: GradeFunction, task: Task) -> str:
    """Lay the submission's files into a folder of their own and grade the notebook.

    Args:
        grade: gives the grade of a notebook; what it raises becomes a grade of its own.
        task: the submission.

    Returns:
        The grade as JSON: a worker's answer is read, never unpickled into code.

    Raises:
        GraderError: no sandbox can be had, or the assignment is damaged.
    """
    submission = task.submission
    begun = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="submission-") as name:
            folder = Path(name)
            for relative, data in submission.files:
                path = folder / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            notebook = folder / file_name(submission.name)
            if notebook.is_dir():
                raise Rejected(
                    f"You handed in a folder {shown(notebook.name)}, and your notebook has this "
                    "name too. Rename or remove the folder."
                )
            notebook.write_bytes(submission.notebook)
            found = grade(notebook)
    except Rejected as reason:
        found = Grade("", "", "rejected", reason=str(reason))
    except GraderError:
        # The machine's or the assignment's fault: the batch says whether it can go on.
        raise
    except (Exception, SystemExit):
        # One submission never stops the others, whatever it makes the grader do.
        found = Grade("", "", "failed", reason=FAILED, warnings=(traceback.format_exc(limit=-8),))
    return named(found, submission, time.monotonic() - begun).to_json()


def named(grade: Grade, submission: Submission, seconds: float | None = None) -> Grade:
    """The grade under the submission's own name, whichever file it was graded from."""
    provenance = dict(grade.provenance)
    provenance.pop(IDENTIFIER, None)
    if submission.identifier:
        provenance[IDENTIFIER] = submission.identifier
    return dataclasses.replace(
        grade,
        submission=submission.name,
        student=submission.student,
        seconds=grade.seconds or seconds or 0.0,
        provenance=provenance,
        members=submission.members,
    )


def file_name(submission: str) -> str:
    """A name for the notebook's file that every system takes."""
    base = re.sub(r"[^\w.() -]", "_", submission.rsplit("/", 1)[-1])[-80:].strip(". ")
    return base if base.lower().endswith(".ipynb") else f"{base or 'notebook'}.ipynb"
