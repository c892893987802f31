"""Whether something that only the teacher may have stands in what students receive."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import numpy as np
from numpy.typing import NDArray

from course.exercises import answers, student
from course.exercises.faults import Fault
from course.exercises.master import Master
from course.exercises.plan import FILE

# A shorter line, such as `return model`, says nothing.
LONG = 12
ROUND = 5
TEXTS = {".py", ".md", ".txt", ".ipynb", ".csv", ".json", ".toml"}
TABLES = {".csv", ".npz", ".npy"}


def faults(master: Master, given: Mapping[str, bytes], held_out: Path) -> Iterator[Fault]:
    """Everything secret that the student's files hold.

    Args:
        master: of the exercise.
        given: path to content of what students receive.
        held_out: folder of the held-out files; it may be missing.
    """
    text = _text(given)
    public = _public(master)
    for cell in master.cells:
        for number, line in answers.hidden(cell) if cell.part == "solution" else []:
            code = _plain(re.sub(r"#.*$", "", line))
            if len(code) >= LONG and code not in public and code in text:
                problem = f"this line of the solution stands in a student's file: {line.strip()}"
                yield master.fault(cell, number, problem)
    for cases in master.cases.values():
        for case in cases:
            if not case.hidden:
                continue
            for offset, line in enumerate(case.function.splitlines()):
                code = _plain(line)
                if len(code) >= LONG and code not in public and code in text:
                    problem = f"a line of a hidden test stands in a student's file: {line.strip()}"
                    number = case.line - case.cell.line + offset + 1
                    yield master.fault(case.cell, number, problem)
    yield from _rows(master, given, held_out)


def _text(given: Mapping[str, bytes]) -> str:
    """Everything that a student can read, without spaces."""
    parts = []
    for name, content in given.items():
        if name.endswith(".ipynb"):
            cells = nbformat.reads(content.decode(), as_version=4).cells
            parts += [cell.source for cell in cells]
        elif Path(name).suffix in TEXTS:
            parts.append(content.decode())
    return _plain("\n".join(parts))


def _public(master: Master) -> str:
    """The code that the author shows on purpose, without spaces."""
    parts = [student.setup(master.plan), student.OPEN]
    for cell in master.cells:
        if cell.part != "tests":
            parts += answers.shown(cell)
    parts += [c.function for cases in master.cases.values() for c in cases if not c.hidden]
    return _plain("\n".join(parts))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _rows(master: Master, given: Mapping[str, bytes], held_out: Path) -> Iterator[Fault]:
    """Held-out files and rows that students have as well."""
    if not held_out.is_dir():
        return
    name = master.plan.name
    known = {content for content in given.values() if content}
    rows: set[bytes] = set()
    for table, content in given.items():
        if Path(table).suffix in TABLES:
            rows |= _digests(table, content)
    for path in sorted(p for p in held_out.rglob("*") if p.is_file()):
        content, file = path.read_bytes(), path.relative_to(held_out).as_posix()
        if content in known:
            yield Fault(name, FILE, 0, 0, f"the held-out file {file} is among the students' files")
        elif path.suffix in TABLES:
            same = len(rows & _digests(file, content))
            if same:
                problem = f"{same} held-out rows of {file} are among the students' data"
                yield Fault(name, "held_out.py", 0, 0, problem)


def _digests(name: str, content: bytes) -> set[bytes]:
    """Every row of the tables of a file, rounded, in a form that can be compared."""
    found: set[bytes] = set()
    for table in _tables(name, content):
        rounded = np.round(np.nan_to_num(table, nan=-9e9), ROUND) + 0.0  # -0 becomes 0
        found |= {row.tobytes() for row in rounded}
    return found


def _tables(name: str, content: bytes) -> Iterator[NDArray[np.float64]]:
    """Tables with two columns and more: one alone, such as labels, repeats by nature."""
    if name.endswith(".csv"):
        lines = content.decode().splitlines()[1:]
        text = io.StringIO("\n".join(lines))
        table = np.genfromtxt(text, delimiter=",", dtype=np.float64, invalid_raise=False)
        arrays = {"": np.atleast_2d(table)}
    else:
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = dict(loaded) if name.endswith(".npz") else {"": loaded}
    columns = [a for a in arrays.values() if a.ndim == 1 and a.dtype.kind in "fiub"]
    lengths = {len(a) for a in columns}
    if len(columns) > 1 and len(lengths) == 1:
        yield np.column_stack(columns[:2]).astype(np.float64)
    for array in arrays.values():
        if array.ndim >= 2 and array.dtype.kind in "fiub" and array[0].size > 1:
            yield array.reshape(len(array), -1).astype(np.float64)
