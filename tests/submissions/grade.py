"""Grades what a submission handed over, with Otter's own test files.

`python -m tests.submissions.grade [EXERCISE[/STEM]…]` runs all notebooks anew, or those named, and
records what they hand over, and of which master and notebooks that is true.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.exercises import build, heldout, master, notebook, plan
from course.exercises.plan import Plan
from tests.submissions import handover, pictures

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
# Held-out data of the corpus; those of an installation are drawn from its own secret.
SECRET = "the corpus of submissions"
# With what the notebooks of an exercise were run.
EXECUTED = "executed.json"


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


def state(planned: Plan) -> dict[str, Any]:
    """Digests of what the points come from: the master without its prose, and each notebook."""
    whole = hashlib.sha256(repr(planned.values).encode())
    for cell in master.read(planned).cells:
        whole.update(cell.source.encode() if cell.kind == "code" else b"")
    for path in sorted(planned.folder.rglob("*")):
        given = path.is_file() and path.name not in (plan.MASTER, plan.FILE)
        if given and "__pycache__" not in path.parts:
            whole.update(path.relative_to(planned.folder).as_posix().encode() + path.read_bytes())
    notebooks = {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((HERE / planned.name).glob("*.ipynb"))
    }
    return {"master": whole.hexdigest(), "notebooks": notebooks}


def note(planned: Plan, run: set[str]) -> None:
    """Write down with what these notebooks were run; those not run again keep what is there.

    Args:
        planned: the exercise.
        run: stems of the notebooks.
    """
    path, now = HERE / planned.name / EXECUTED, state(planned)
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"master": ""}
    if before["master"] == now["master"]:
        kept = {s: d for s, d in before["notebooks"].items() if s in now["notebooks"]}
        now["notebooks"] = kept | {s: now["notebooks"][s] for s in run}
    elif run != set(now["notebooks"]):
        print(f"The master of {planned.label} has changed: run all of {planned.name}.")
        return
    path.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    """Run every notebook of the corpus, or those named, and record what each hands over."""
    wanted = sys.argv[1:]
    known = {f"{path.parent.name}/{path.stem}" for path in HERE.glob("*/*.ipynb")}
    unknown = set(wanted) - known - {name.partition("/")[0] for name in known}
    if unknown:
        raise SystemExit(f"No submission is called {', '.join(sorted(unknown))}. Look in {HERE}.")
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    for planned in plan.listed(ROOT):
        with tempfile.TemporaryDirectory() as work:
            exercise = Exercise(planned, Path(work))
            if not wanted or planned.name in wanted:
                for part in pictures.parts(HERE / planned.name / pictures.FILE):
                    part.unlink(missing_ok=True)
            run = set()
            for path in sorted((HERE / planned.name).glob("*.ipynb")):
                names = {planned.name, f"{planned.name}/{path.stem}"}
                if wanted and not names & set(wanted):
                    continue
                points = exercise.run(path, recorded(path))
                print(f"{path.stem}: {sum(points.values()):g}", points, flush=True)
                run.add(path.stem)
            if run:
                note(planned, run)


if __name__ == "__main__":
    main()
