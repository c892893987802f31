"""Whether every answer of a master stands between the markers that keep it from students."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from course.chapters import SHELL
from course.exercises.faults import Fault
from course.exercises.master import Cell, Master

BEGIN = re.compile(r"\s*# BEGIN SOLUTION( NO PROMPT)?\s*$")
END = re.compile(r".*# END SOLUTION\s*$")
LINE = re.compile(r".*# ?SOLUTION( NO PROMPT)?\s*$")
# Meant as a marker, and none that Otter knows.
NEARLY = re.compile(r"#\s*(begin|end)?\s*sol\w*(\s+no\s+prompt)?\s*$", re.IGNORECASE)


def faults(master: Master) -> Iterator[Fault]:
    """Every place where students would see an answer."""
    for cell in master.cells:
        if cell.kind != "code" or cell.part in ("tests", "boundary"):
            continue
        if cell.part == "question":
            problem = (
                f"code of {cell.question} outside its markers, so students would see it; put it "
                "between # BEGIN SOLUTION and # END SOLUTION, or before the question"
            )
            yield master.fault(cell, 1, problem)
        elif cell.part == "solution":
            yield from _markers(master, cell)
        else:
            for number, line in enumerate(cell.source.splitlines(), 1):
                if NEARLY.search(line):
                    problem = "a marker outside a SOLUTION block has no effect"
                    yield master.fault(cell, number, problem)
        yield from _given_away(master, cell)


def shown(cell: Cell) -> list[str]:
    """The lines of a cell that students see, and an empty line for each that they do not."""
    if cell.part != "solution":
        return cell.source.splitlines()
    if cell.kind == "markdown":
        # A written answer has no markers: Otter leaves all of it out.
        return [""] * len(cell.source.splitlines())
    lines, inside = [], False
    for line in cell.source.splitlines():
        begins, ends = bool(BEGIN.match(line)), bool(END.match(line))
        inside = (inside or begins) and not ends
        lines.append("" if inside or ends or LINE.match(line) else line)
    return lines


def hidden(cell: Cell) -> list[tuple[int, str]]:
    """The lines of a solution that students do not see, with their numbers in the cell."""
    pairs = zip(cell.source.splitlines(), shown(cell), strict=True)
    return [
        (number, line)
        for number, (line, seen) in enumerate(pairs, 1)
        if line.strip() and not seen and not BEGIN.match(line) and not END.match(line)
    ]


def _markers(master: Master, cell: Cell) -> Iterator[Fault]:
    opened = 0
    for number, line in enumerate(cell.source.splitlines(), 1):
        if BEGIN.match(line):
            if opened:
                problem = "a second # BEGIN SOLUTION before # END SOLUTION"
                yield master.fault(cell, number, problem)
            opened = number
        elif END.match(line):
            if not opened:
                yield master.fault(cell, number, "# END SOLUTION without # BEGIN SOLUTION")
            opened = 0
        elif NEARLY.search(line) and not LINE.match(line):
            problem = "this is no marker; write # BEGIN SOLUTION, # END SOLUTION or # SOLUTION"
            yield master.fault(cell, number, problem)
    if opened:
        yield master.fault(cell, opened, "# BEGIN SOLUTION without # END SOLUTION")


def _given_away(master: Master, cell: Cell) -> Iterator[Fault]:
    """Values that the tests ask for and that visible code already has."""
    text = "\n".join(shown(cell))
    body = _body_of_prompts(cell, text)
    try:
        tree = ast.parse(body)
    except SyntaxError:
        return  # Without its hidden lines a block may be empty; the markers were checked above.
    wanted = dict(master.plan.values)
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            if isinstance(node.value, ast.Constant) and node.value.value is ...:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        elif isinstance(node, ast.FunctionDef) and any(map(_does_something, node.body)):
            names = [node.name]
        for name in names:
            if name in wanted:
                problem = f"the answer `{name}` stands outside its markers: students would see it"
                yield master.fault(cell, getattr(node, "lineno", 1), problem)


def _body_of_prompts(cell: Cell, text: str) -> str:
    """Code in which what students fill in is `...`."""
    text = SHELL.sub(r"\1pass", text)
    if cell.part != "solution":
        return text
    lines = text.splitlines()
    for number, line in enumerate(cell.source.splitlines()):
        if BEGIN.match(line):
            lines[number] = line[: len(line) - len(line.lstrip())] + "..."
    return "\n".join(lines)


def _does_something(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not constant and not isinstance(statement, ast.Pass)
