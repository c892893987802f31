"""Makes the held-out data of an exercise: what only the grader has."""

from __future__ import annotations

import runpy
import traceback
from pathlib import Path

import numpy as np

from course.exercises import secret
from course.exercises.faults import ExerciseError, Fault
from course.exercises.plan import Plan

GENERATOR = "held_out.py"


def make(plan: Plan, folder: Path, text: str) -> list[Path]:
    """Run the generator of an exercise, `solutions/NAME/held_out.py`, if there is one.

    It defines `make(folder, rng)`, which writes files into the folder and takes all its randomness
    from `rng`.

    Args:
        plan: of the exercise.
        folder: where to write.
        text: the secret of the installation.

    Returns:
        The files, sorted.

    Raises:
        ExerciseError: the generator raises, or writes nothing.
    """
    path = plan.folder / GENERATOR
    if not path.is_file():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(secret.seed(text, plan.name))
    try:
        runpy.run_path(str(path))["make"](folder, rng)
    except Exception as error:  # whatever the generator's code does
        lines = [
            f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)
        ]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 0) or 0
        problem = f"raised {type(error).__name__}: {error}"
        raise ExerciseError([Fault(plan.name, GENERATOR, line, 0, problem)]) from error
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    if not found:
        raise ExerciseError([Fault(plan.name, GENERATOR, 0, 0, "wrote no file")])
    return found
