"""Lets Otter make the two sides of an exercise: the student's folder and the autograder's zip."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

from course.exercises import normal, student
from course.exercises.faults import ExerciseError, Fault
from course.exercises.master import Cell, Master
from course.exercises.plan import FILE, MASTER, Plan

DATA = "files"


@dataclass(frozen=True)
class Assigned:
    """What Otter made, put into its normal form.

    Attributes:
        student: path in the student's folder to content.
        bundle: path in the autograder's zip to content.
        solution: the notebook with the solutions; each cell knows its place in the master.
    """

    student: dict[str, bytes]
    bundle: dict[str, bytes]
    solution: bytes


def assign(
    master: Master, held_out: Path, requirements: str, work: Path, seed: str = ""
) -> Assigned:
    """Run `otter assign` and put its output into its normal form.

    Args:
        master: of the exercise.
        held_out: folder of the held-out files; it may be missing.
        requirements: exact versions of what the notebook runs in.
        work: an empty folder.
        seed: from which a grader chooses the files it holds back; "" where it holds none back.

    Raises:
        ExerciseError: Otter refuses the master, or made other tests than the master has.
    """
    plan = master.plan
    source, made = work / "master", work / "made"
    source.mkdir()
    for name in plan.files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(plan.folder / name, source / name)
    hidden = sorted(p for p in held_out.rglob("*") if p.is_file()) if held_out.is_dir() else []
    secret_names = [p.relative_to(held_out).as_posix() for p in hidden]
    for path, name in zip(hidden, secret_names, strict=True):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, source / name)
    (source / "requirements.txt").write_text(requirements, encoding="utf-8")
    nbformat.write(_notebook(master, secret_names), source / f"{plan.name}.ipynb")
    command = [sys.executable, "-m", "otter", "assign", f"{plan.name}.ipynb", str(made)]
    done = subprocess.run(
        [*command, "--no-run-tests"], cwd=source, check=False, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no message"]
        raise ExerciseError([Fault(plan.name, "master.md", 0, 0, f"Otter refuses: {said[-1]}")])
    return Assigned(
        student=_student(master, made / "student"),
        bundle=_bundle(master, made / "autograder", requirements, seed),
        solution=(made / "autograder" / f"{plan.name}.ipynb").read_bytes(),
    )


def _notebook(master: Master, secret_names: Sequence[str]) -> nbformat.NotebookNode:
    """The master as Otter reads it: its settings first, the cells of the set-up below the title."""
    plan = master.plan
    # What the grader holds back has to be handed in first.
    export = {"files": [plan.held_back.folder]} if plan.held_back else {}
    config = {
        "name": plan.name,
        "init_cell": False,
        "check_all_cell": True,
        "export_cell": {"pdf": False, "run_tests": False, "ignore_log": True, **export},
        "files": list(plan.files),
        "autograder_files": list(secret_names),
        # Shown, a hidden test would print its own code on Gradescope.
        "generate": {"pdf": False, "show_hidden": False, "show_stdout": False},
        "python_version": plan.python,
        "requirements": "requirements.txt",
        "show_question_points": True,
        "tests": {"files": True, "ok_format": False},
    }
    if not plan.automatic:
        config["suppress_no_tests_warning"] = True
    text = "# ASSIGNMENT CONFIG\n" + yaml.safe_dump(config, sort_keys=True)
    cells = [nbformat.v4.new_raw_cell(text)]
    set_up = [nbformat.v4.new_code_cell(source) for source in (student.setup(plan), student.OPEN)]
    for cell in master.cells:
        cells.append(_cell(cell))
        if set_up and cell.kind == "markdown":
            cells += set_up
            set_up = []
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = nbformat.from_dict(
        {"display_name": "Python 3", "language": "python", "name": "python3"}
    )
    made.metadata["language_info"] = nbformat.from_dict({"name": "python"})
    return made  # type: ignore[no-any-return]


def _cell(cell: Cell) -> nbformat.NotebookNode:
    make = getattr(nbformat.v4, f"new_{cell.kind}_cell")
    made: nbformat.NotebookNode = make(cell.source)
    made.metadata[normal.MARK] = {"cell": cell.number, "line": cell.line}
    return made


def _student(master: Master, folder: Path) -> dict[str, bytes]:
    plan, files = master.plan, {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    name = f"{plan.name}.ipynb"
    made = nbformat.reads(files[name].decode(), as_version=4)
    exports = [cell for cell in made.cells if "grader.export(" in cell.source]
    if len(exports) != 1:
        problem = f"Otter wrote {len(exports)} cells that export the notebook, not one"
        raise ExerciseError([Fault(plan.name, MASTER, 0, 0, problem)])
    exports[0].source = student.export(plan)
    files[student.MARKER] = f"{plan.name}\n".encode()
    files[name] = normal.notebook(made).encode()
    for question, cases in master.cases.items():
        public = [case for case in cases if not case.hidden]
        file = f"tests/{question}.py"
        if public:
            files[file] = normal.test_file(files[file].decode(), public, master).encode()
    with_hidden = {q for q, cases in master.cases.items() if any(c.hidden for c in cases)}
    files["README.md"] = student.readme(plan, with_hidden).encode()
    return files


def _bundle(master: Master, folder: Path, requirements: str, seed: str) -> dict[str, bytes]:
    plan = master.plan
    made = sorted(folder.glob("*-autograder_*.zip"))
    with zipfile.ZipFile(made[-1]) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for question, cases in master.cases.items():
        path = f"tests/{question}.py"
        files[path] = normal.test_file(files[path].decode(), cases, master).encode()
    # The exercise's own settings, with the version of their schema, and the exact environment.
    files[FILE] = (plan.folder / FILE).read_bytes()
    if plan.held_back:
        files[FILE] = seeded(plan, seed)
    files["requirements.txt"] = requirements.encode()
    return files


def seeded(plan: Plan, seed: str) -> bytes:
    """The settings of an exercise, with the seed in their table for what is held back.

    Raises:
        ExerciseError: the table cannot be found.
    """
    settings = (plan.folder / FILE).read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(\[held_back\].*\n)", settings, maxsplit=1)
    if len(parts) != 3:
        problem = "the table held_back needs a line of its own: [held_back]"
        raise ExerciseError([Fault(plan.name, FILE, 0, 0, problem)])
    head, table, rest = parts
    return f'{head}{table}seed = "{seed}"\n{rest}'.encode()
