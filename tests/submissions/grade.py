"""Grades what a submission handed over, with Otter's own test files.

`python -m tests.submissions.grade [EXERCISE/STEM…]` runs all notebooks anew, or those named, and
records what they hand over.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.exercises import build, heldout, notebook, plan
from course.exercises.plan import Plan
from tests.submissions import handover, pictures

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
# Held-out data of the corpus; those of an installation are drawn from its own secret.
SECRET = "the corpus of submissions"


class Exercise:
    """The tests of an exercise and a folder with its data, held-out data among them."""

    def __init__(self, planned: Plan, work: Path) -> None:
        (work / "assign").mkdir()
        _, made = build.assigned(ROOT, planned, SECRET, work / "assign")
        self.planned, self.folder = planned, work / "run"
        self.texts = {
            q.name: made.bundle[f"tests/{q.name}.py"].decode()
            for q in planned.questions
            if not q.manual
        }
        for file in planned.files:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_bytes((planned.folder / file).read_bytes())
        heldout.make(planned, self.folder, SECRET)

    def grade(self, values: dict[str, Any]) -> tuple[dict[str, float], dict[str, str]]:
        """Points of each question, and what was said about the first case that failed."""
        from otter.test_files.exception_test import ExceptionTestFile

        points, said = {}, {}
        with contextlib.chdir(self.folder):
            for name, text in self.texts.items():
                file = ExceptionTestFile.from_string(text, path=f"{name}.py")
                file.run(values)
                results = file.test_case_results
                points[name] = sum(r.test_case.points for r in results if r.passed)
                failed = [r.message or "" for r in results if not r.passed]
                if failed:
                    said[name] = failed[0]
                assert not any("NotAskedError" in text for text in failed), failed
        return points, said

    def run(self, path: Path, record: Path | None = None) -> dict[str, float]:
        """Run a notebook, grade it, and record what it handed over."""
        names, _ = notebook.run(notebook.cells(path), self.folder)
        writer = handover.Writer()
        values: dict[str, Any] = {}
        for name, _ in self.planned.values:
            if name in names:
                value = names[name]
                values[name] = handover.Recorded(value, writer) if callable(value) else value
        points, _ = self.grade(values)
        index = {
            name: {"calls": value.calls}
            if isinstance(value, handover.Recorded)
            else writer.encode(value)
            for name, value in values.items()
        }
        if record:
            writer.write(record, index)
        return points


def recorded(notebook_path: Path) -> Path:
    """Where what a submission handed over is kept."""
    return notebook_path.parent / "handed-over" / f"{notebook_path.stem}.npz"


def main() -> None:
    """Run every notebook of the corpus, or those named, and record what each hands over."""
    wanted = sys.argv[1:]
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    for planned in plan.listed(ROOT):
        with tempfile.TemporaryDirectory() as work:
            exercise = Exercise(planned, Path(work))
            if not wanted:
                for part in pictures.parts(HERE / planned.name / pictures.FILE):
                    part.unlink(missing_ok=True)
            for path in sorted((HERE / planned.name).glob("*.ipynb")):
                if wanted and f"{planned.name}/{path.stem}" not in wanted:
                    continue
                points = exercise.run(path, recorded(path))
                print(f"{path.stem}: {sum(points.values()):g}", points, flush=True)


if __name__ == "__main__":
    main()
