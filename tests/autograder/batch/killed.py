"""Runs a batch that kills itself at a chosen moment: `python killed.py OUT COUNT MOMENT`.

A moment is the number of a step at which a process can be caught: before and after a submission
is graded, a file flushed, a file put in its place. No clock decides, so every run is the same.
"""

import itertools
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import standin

from autograder.batch import grade_all
from autograder.records import Grade

steps = itertools.count(1)
moment = 0


def step() -> None:
    """Count a step, and end here if it is the chosen one, as a power cut would."""
    if next(steps) == moment:
        os.kill(os.getpid(), signal.SIGKILL)


def watched(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with a step before and after it."""

    def wrapped(*arguments: Any, **named: Any) -> Any:
        step()
        found = function(*arguments, **named)
        step()
        return found

    return wrapped


def grade(notebook: Path) -> Grade:
    """The stand-in's grade, with a step before and after."""
    found: Grade = watched(standin.grade)(notebook)
    return found


def main(out: Path, count: int) -> None:
    """Grade `count` submissions, among them a refused and a failing one."""
    uploads = [standin.upload(f"{number}.ipynb", f"x = {number}") for number in range(count)]
    uploads += [standin.upload("bad.ipynb", "raise"), standin.upload("no.ipynb", "refuse")]
    os.fsync = watched(os.fsync)
    Path.replace = watched(Path.replace)  # type: ignore[method-assign]
    tempfile.mkstemp = watched(tempfile.mkstemp)
    grade_all(uploads, grade, out, bundle="b", settings="s", quiet=True)
    print(next(steps))


if __name__ == "__main__":
    moment = int(sys.argv[3])
    main(Path(sys.argv[1]), int(sys.argv[2]))
