"""Grades a notebook with plain `otter run`, in a process of its own and within limits.

This is for a teacher's own notebooks, the solution and the blank. Strangers' notebooks are the
business of the package `autograder`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.exercises import normal

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
WORKER = Path(__file__).with_name("otter_run.py")


@dataclass(frozen=True)
class CaseResult:
    """How a test case ended, with what Otter says about it."""

    passed: bool
    hidden: bool
    points: float
    message: str


@dataclass(frozen=True)
class Raised:
    """An exception in a cell of the notebook.

    Attributes:
        cell: of the master, or 0 where it is not from there.
        line: of the master, on which the cell begins.
        within: line in the cell, or 1 where it is not known.
        text: name and message.
    """

    cell: int
    line: int
    within: int
    text: str


@dataclass(frozen=True)
class Graded:
    """What `otter run` made of a notebook.

    Attributes:
        questions: name of each question to its cases.
        possible: points that could be had.
        raised: exceptions in cells.
        failure: why there are no results, or "".
        seconds: wall time.
        memory_mb: the most that the kernel of the notebook used; 0 where nothing came out.
    """

    questions: dict[str, tuple[CaseResult, ...]]
    possible: float
    raised: tuple[Raised, ...]
    failure: str
    seconds: float
    memory_mb: float

    @property
    def score(self) -> float:
        """Points of all cases that passed."""
        cases = (case for found in self.questions.values() for case in found)
        return sum(case.points for case in cases if case.passed)

    def scores(self) -> dict[str, float]:
        """Points of each question."""
        return {
            name: round(sum(case.points for case in cases if case.passed), 9)
            for name, cases in self.questions.items()
        }


def run(bundle: Path, notebook: Path, seconds: int) -> Graded:
    """Grade a notebook.

    Args:
        bundle: the zip of the autograder.
        notebook: the submission.
        seconds: after which the run is ended. Otter itself has no limit.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.json"
        arguments = [str(path.absolute()) for path in (bundle, notebook, out)]
        try:
            done = subprocess.run(
                [sys.executable, "-P", str(WORKER), *arguments, normal.MARK],
                cwd=folder,
                check=False,
                capture_output=True,
                text=True,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            said = f"did not end within {seconds} seconds"
            return Graded({}, 0, (), said, time.monotonic() - began, 0)
        taken = time.monotonic() - began
        if done.returncode or not out.is_file():
            said = (done.stderr.strip().splitlines() or ["no message"])[-1]
            return Graded({}, 0, (), f"otter run failed: {said}", taken, 0)
        found = json.loads(out.read_text(encoding="utf-8"))
    questions = {
        file["name"]: tuple(map(_case, file["test_case_results"])) for file in found["files"]
    }
    possible = sum(file["possible"] for file in found["files"])
    raised = tuple(map(_raised, found["raised"]))
    return Graded(questions, possible, raised, found["error"] or "", taken, found["memory_mb"])


def _case(result: dict[str, Any]) -> CaseResult:
    case = result["test_case"]
    message = ESCAPES.sub("", result["message"] or "").strip()
    return CaseResult(result["passed"], case["hidden"], case["points"], message)


def _raised(found: dict[str, Any]) -> Raised:
    trace = ESCAPES.sub("", "\n".join(found["trace"]))
    # IPython marks the line of the cell that it came from.
    lines = re.findall(r"Cell In\[\d+\], line (\d+)", trace)
    within = int(lines[0]) if lines else 1
    text = f"{found['name']}: {found['text']}"
    return Raised(found.get("cell", 0), found.get("line", 0), within, text)
