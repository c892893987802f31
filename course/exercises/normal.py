"""Makes what Otter writes the same every time, byte for byte."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from course.exercises.faults import ExerciseError
from course.exercises.master import Case, Master

MARK = "course"
KEPT = ("kernelspec", "language_info", "otter")
DATE = (1980, 1, 1, 0, 0, 0)


def notebook(made: Any) -> str:
    """A notebook without outputs, with numbered ids and without what tools noted in it."""
    for number, cell in enumerate(made.cells, 1):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop(MARK, None)
        if isinstance(cell.source, list):
            cell.source = "".join(cell.source)
        cell.source = cell.source.strip("\n")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    made.metadata = nbformat.from_dict({k: made.metadata[k] for k in KEPT if k in made.metadata})
    made.metadata["language_info"] = nbformat.from_dict({"name": "python"})
    made.nbformat, made.nbformat_minor = 4, 5
    return str(nbformat.writes(made)) + "\n"


def test_file(text: str, cases: Sequence[Case], master: Master) -> str:
    """A test file in which every function reads as its author wrote it.

    Otter prints the syntax tree, which drops comments and differs between versions of Python.

    Args:
        text: what Otter wrote.
        cases: the cases that it must hold, in order.
        master: of the exercise.

    Raises:
        ExerciseError: the file is no Python, or holds other functions than the master.
    """
    cell = cases[0].cell
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        problem = f"the test file that Otter made of {cell.question} is no Python: {error}"
        raise ExerciseError([master.fault(cell, 1, problem)]) from None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    lines = text.splitlines()
    if len(functions) != len(cases):
        problem = f"Otter made {len(functions)} of the {len(cases)} tests of {cell.question}"
        raise ExerciseError([master.fault(cell, 1, problem)])
    for node, case in reversed(list(zip(functions, cases, strict=True))):
        written = ast.parse(case.function).body[0]
        if ast.dump(ast.Module(node.body, [])) != ast.dump(ast.Module(written.body, [])):  # type: ignore[attr-defined]
            raise ExerciseError([master.fault(case.cell, 1, "Otter changed this test")])
        lines[node.lineno - 1 : node.end_lineno] = case.function.splitlines()
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a zip file that depends on names and contents alone.

    Nothing is packed: another version of the packing library would give other bytes.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3
            executable = name in ("run_autograder", "setup.sh")
            entry.external_attr = (0o755 if executable else 0o644) << 16
            archive.writestr(entry, files[name])
