"""Reads the master of an exercise: its cells, each with its line and its part in a question."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from jupytext import myst

from course.chapters import SHELL
from course.exercises.faults import ExerciseError, Fault
from course.exercises.plan import MASTER, Plan

BOUNDARY = re.compile(r"#\s+(begin|end)\s+(question|prompt|solution|tests)\s*", re.IGNORECASE)
CONFIG = re.compile(r'(?:.\s*=\s*)?""?"?\s*#\s*BEGIN\s*TEST\s*CONFIG', re.IGNORECASE)
CONFIG_END = re.compile(r'""?"?\s*#\s*END\s*TEST\s*CONFIG', re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """A cell of the master.

    Attributes:
        number: counted from 1.
        line: of the file, on which its source begins.
        kind: `markdown`, `code` or `raw`.
        source: its text.
        part: `given` outside questions, else `question`, `prompt`, `solution` or `tests`.
        question: name of the question that it belongs to, or "".
    """

    number: int
    line: int
    kind: str
    source: str
    part: str = "given"
    question: str = ""


@dataclass(frozen=True)
class Case:
    """A test case.

    Attributes:
        cell: the cell that it stands in.
        question: name of its question.
        function: the source of its function, as it is written.
        line: of the file, on which the function begins.
        parameters: names of the values that it needs.
        points: what it gives.
        hidden: whether students do not see it.
        success, failure: what a student reads; failure is all that one reads of a hidden case.
    """

    cell: Cell
    question: str
    function: str
    line: int
    parameters: tuple[str, ...]
    points: float
    hidden: bool
    success: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Master:
    """A master: cells in their order, and the test cases of every question."""

    plan: Plan
    cells: tuple[Cell, ...]
    cases: dict[str, tuple[Case, ...]]
    metadata: dict[str, Any]

    def fault(self, cell: Cell | None, line: int, problem: str) -> Fault:
        """A fault with its place; `line` is counted from 1 within the cell."""
        return _placed(self.plan, cell, line, problem)


def _placed(plan: Plan, cell: Cell | None, line: int, problem: str) -> Fault:
    at = cell.line + line - 1 if cell and line else 0
    return Fault(plan.name, MASTER, at, cell.number if cell else 0, problem)


@dataclass
class _Reading:
    """What is known while the cells are gone through."""

    plan: Plan
    faults: list[Fault] = field(default_factory=list)

    def fault(self, cell: Cell, line: int, problem: str) -> None:
        """Note a fault; `line` is counted from 1 within the cell."""
        self.faults.append(_placed(self.plan, cell, line, problem))


def read(plan: Plan) -> Master:
    """Read the master of an exercise.

    Raises:
        ExerciseError: it is unreadable, or its blocks, questions or tests are not in order. All
            faults are named at once.
    """
    path = plan.folder / MASTER
    try:
        text = path.read_text(encoding="utf-8")
        notebook = myst.myst_to_notebook(text, add_source_map=True)
    except Exception as error:  # whatever a parser makes of what somebody typed
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        problem = f"is no readable MyST notebook: {error}"
        raise ExerciseError([Fault(plan.name, MASTER, line, 0, problem)]) from None
    reading = _Reading(plan)
    cells = _with_parts(_cells(notebook, text.splitlines()), reading)
    for cell in cells:
        if cell.kind == "code":
            _check_syntax(cell, reading)
    cases: dict[str, list[Case]] = {}
    if not reading.faults:
        for cell in cells:
            if cell.part == "tests":
                case = read_case(cell, reading)
                if case:
                    cases.setdefault(case.question, []).append(case)
    if reading.faults:
        raise ExerciseError(reading.faults)
    metadata = {k: v for k, v in notebook.metadata.items() if k != "source_map"}
    return Master(plan, cells, {q: tuple(found) for q, found in cases.items()}, metadata)


def _cells(notebook: Any, lines: list[str]) -> list[Cell]:
    """The cells with the lines on which their sources begin: fences and options left out."""
    found = []
    for number, (cell, start) in enumerate(
        zip(notebook.cells, notebook.metadata["source_map"], strict=True), 1
    ):
        source = cell.source.splitlines() or [""]
        places = (at for at in range(start, len(lines)) if lines[at : at + len(source)] == source)
        line = next(places, start) + 1
        found.append(Cell(number, line, cell.cell_type, cell.source))
    return found


def _with_parts(cells: Sequence[Cell], reading: _Reading) -> tuple[Cell, ...]:
    """The cells, each with the block that it stands in."""
    placed: list[Cell] = []
    question, block, opened = "", "", None
    for cell in cells:
        boundary = BOUNDARY.match(cell.source) if cell.kind == "raw" else None
        if boundary is None:
            if cell.kind == "raw":
                reading.fault(cell, 1, "a raw cell must begin with # BEGIN … or # END …")
            part = block or ("question" if question else "given")
            placed.append(Cell(cell.number, cell.line, cell.kind, cell.source, part, question))
            continue
        verb, noun = boundary[1].lower(), boundary[2].lower()
        here = block or ("question" if question else "")
        if verb == "begin" and noun == "question":
            if here:
                reading.fault(cell, 1, f"a question begins inside a {here} that has not ended")
            question, block, opened = _question(cell, reading), "", cell
        elif verb == "begin":
            if not question or block:
                where = f"inside a {block} block" if block else "outside a question"
                reading.fault(cell, 1, f"a {noun} block begins {where}")
            block, opened = noun, cell
        elif noun == here:
            question, block = ("", "") if noun == "question" else (question, "")
        else:
            now = here or "nothing"
            reading.fault(cell, 1, f"# END {noun.upper()} ends nothing: open is {now}")
        placed.append(Cell(cell.number, cell.line, cell.kind, cell.source, "boundary", question))
    if (block or question) and opened:
        what = block or "question"
        reading.fault(opened, 1, f"this {what} is never ended; write # END {what.upper()}")
    _check_questions(placed, reading)
    return tuple(placed)


def _question(cell: Cell, reading: _Reading) -> str:
    """Name of the question that a raw cell opens; its points and kind agree with the plan."""
    try:
        config = yaml.safe_load(cell.source)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        reading.fault(cell, line, f"the question's settings are no YAML: {error}")
        return "?"
    name = str(config.get("name", "")) if isinstance(config, dict) else ""
    planned = reading.plan.question(name)
    if planned is None:
        known = ", ".join(q.name for q in reading.plan.questions)
        reading.fault(cell, 1, f"question {name!r} is not in exercise.toml, which has: {known}")
        return name or "?"
    manual = config.get("manual", False) is True
    if manual != planned.manual:
        reading.fault(cell, 1, f"{name}: manual is {manual} here and {planned.manual} in the plan")
    elif manual and config.get("points") != planned.points:
        has = config.get("points")
        reading.fault(cell, 1, f"{name}: points: {has} here, {planned.points:g} in exercise.toml")
    elif not manual and "points" in config:
        # A list of points gives students the points of hidden cases; a sum says them twice.
        reading.fault(cell, 1, f"{name}: take `points` out; the points stand in the tests")
    return name


def _check_questions(cells: Sequence[Cell], reading: _Reading) -> None:
    """Every planned question is there once, in the order of the plan, with answer and tests."""
    opened = [
        c for c in cells if c.part == "boundary" and c.source.lower().startswith("# begin question")
    ]
    names = [c.question for c in opened]
    planned = [q.name for q in reading.plan.questions]
    if names != planned and not reading.faults:
        cell = opened[0] if opened else cells[0]
        have, want = ", ".join(names), ", ".join(planned)
        reading.fault(cell, 1, f"the questions are {have}; exercise.toml has {want}")
    for cell in opened:
        parts = {c.part for c in cells if c.question == cell.question}
        question = reading.plan.question(cell.question)
        if question is None:
            continue
        if "solution" not in parts:
            reading.fault(cell, 1, f"{question.name} has no SOLUTION block")
        if question.manual == ("tests" in parts):
            need = "must have no" if question.manual else "has no"
            reading.fault(cell, 1, f"{question.name} {need} TESTS block")


def _check_syntax(cell: Cell, reading: _Reading) -> None:
    try:
        ast.parse(SHELL.sub(r"\1pass", cell.source))
    except SyntaxError as error:
        reading.fault(cell, error.lineno or 1, f"syntax error: {error.msg}")
    except ValueError as error:  # a null character
        reading.fault(cell, 1, f"is no Python: {error}")


def read_case(cell: Cell, reading: _Reading) -> Case | None:
    """The test case of a cell; None when it is not in order."""
    if cell.kind != "code":
        reading.fault(cell, 1, "a TESTS block holds code cells only")
        return None
    lines = cell.source.splitlines()
    before = len(reading.faults)
    config, start = _config(cell, lines, reading)
    # As many lines as before, so that the numbers of lines stay.
    tree = ast.parse("\n" * start + "\n".join(lines[start:]))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions or tree.body[0] is not functions[0]:
        first = tree.body[0].lineno if tree.body else 1
        reading.fault(cell, first, "a test is one function; put it first")
        return None
    function = functions[0]
    for extra in tree.body[1:]:
        call = isinstance(extra, ast.Expr) and isinstance(extra.value, ast.Call)
        named = call and getattr(extra.value.func, "id", "") == function.name  # type: ignore[attr-defined]
        if not named:
            # Otter drops a second function without a word.
            problem = "after the test's function only a call of it may stand; move this inside"
            reading.fault(cell, extra.lineno, problem)
    if function.decorator_list:
        reading.fault(cell, function.lineno, "a test takes no decorator; Otter adds its own")
    for argument in function.args.args:
        if argument.arg not in dict(reading.plan.values):
            problem = f"`{argument.arg}` is not handed over; add it to [values] of exercise.toml"
            reading.fault(cell, argument.lineno, problem)
    if len(reading.faults) > before:
        return None
    source = "\n".join(lines[function.lineno - 1 : function.end_lineno])
    return Case(
        cell=cell,
        question=cell.question,
        function=source,
        line=cell.line + function.lineno - 1,
        parameters=tuple(a.arg for a in function.args.args),
        points=float(config["points"]),
        hidden=config.get("hidden", False),
        success=config.get("success_message", ""),
        failure=config.get("failure_message", ""),
    )


def _config(cell: Cell, lines: list[str], reading: _Reading) -> tuple[dict[str, Any], int]:
    """The settings of a test, and how many lines they take."""
    if not CONFIG.match(cell.source):
        problem = 'a test begins with """ # BEGIN TEST CONFIG and says its points'
        reading.fault(cell, 1, problem)
        return {"points": 0}, 0
    ends = [n for n, line in enumerate(lines) if CONFIG_END.match(line)]
    if not ends:
        reading.fault(cell, 1, 'the settings never end; write """ # END TEST CONFIG')
        return {"points": 0}, len(lines)
    try:
        config = yaml.safe_load("\n".join(lines[1 : ends[0]])) or {}
        if not isinstance(config, dict):
            raise yaml.YAMLError("they are no keys with values, such as points: 1")
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        reading.fault(cell, line, f"the settings of the test are no YAML: {error}")
        return {"points": 0}, ends[0] + 1

    def line_of(key: str) -> int:
        return next((n for n, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)

    for key in config:
        if key not in ("points", "hidden", "success_message", "failure_message"):
            reading.fault(cell, line_of(key), f"unknown setting {key} of a test")
    points = config.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        # A question whose points are all 0 makes Otter divide by zero.
        reading.fault(cell, line_of("points"), "give the test points, a number above 0")
    hidden = config.get("hidden", False)
    if not isinstance(hidden, bool):
        reading.fault(cell, line_of("hidden"), "hidden is true or false")
    if hidden and not config.get("failure_message"):
        reading.fault(cell, 1, "a hidden test needs a failure_message: students read nothing else")
    for key in ("success_message", "failure_message"):
        message = config.get(key, "x")
        if not isinstance(message, str) or not message.strip():
            reading.fault(cell, line_of(key), f"{key} is a text")
        elif re.search(r'["\\\n]', message):
            # Otter writes it between quotes as it is.
            problem = f'no " and no \\ and no second line in {key}; take ‘…’ or “…”'
            reading.fault(cell, line_of(key), problem)
    return config, ends[0] + 1
