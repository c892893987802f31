"""Numbers of `random` after a check: Otter draws there, too, and this run does not.

To show a passed check, Otter draws one of eight emojis from the module's generator. A notebook that
seeds it then draws other numbers than here. Its failed questions are left to a teacher.

What the notebook's process says can lead to a teacher, and to no points.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograder.notebook import Cell
from autograder.records import Question

SEEDING = ("seed", "setstate")
# Lines of IPython's own, and cells that are all IPython's.
MAGIC = re.compile(r"^([ \t]*)(?:[%!].*|\w+[ \t]*=[ \t]*[!%].*)$", re.MULTILINE)
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


def left(
    questions: Iterable[Question], drew: Sequence[Any], cells: Iterable[Cell]
) -> tuple[Question, ...]:
    """The questions; where other numbers can be why, those that failed are left to a teacher.

    Args:
        questions: as the tests found them.
        drew, cells: see `shifted`.
    """
    number = shifted(drew, cells)
    if not number:
        return tuple(questions)
    reason = (
        f"The notebook seeds `random`, and draws from it in cell {number}, after a check. In "
        "Jupyter, Otter draws there as well where it shows a passed check, so that the notebook "
        "has other numbers there than here."
    )
    return tuple(question.doubted(reason) for question in questions)


def shifted(drew: Sequence[Any], cells: Iterable[Cell]) -> int:
    """The first cell that draws what a check before it would have changed, or 0.

    Args:
        drew: of cells that moved the generator on, their number and how many checks there had
            been before, as the student's process tells it.
        cells: of the notebook.
    """
    listed = {cell.number: tree(cell.source) for cell in cells}
    names, calls = named(listed.values())
    if not any(seeds(node, names, calls) for parsed in listed.values() for node in inside(parsed)):
        return 0
    seeded = 0
    for number, checks in drew:
        if number in listed and begins(listed[number], names, calls):
            seeded = checks
        elif number in listed and checks > seeded:
            return int(number)
    return 0


def tree(source: str) -> ast.Module:
    """The code of a cell without what is IPython's; empty where it is no Python."""
    for text in (source, MAGIC.sub(r"\1pass", source)):
        with contextlib.suppress(*BROKEN):
            return ast.parse(text)
    return ast.Module([], [])


def inside(parsed: ast.Module) -> Iterator[ast.AST]:
    """All of its nodes."""
    return ast.walk(parsed)


def named(trees: Iterable[ast.Module]) -> tuple[set[str], set[str]]:
    """Under which names the notebook has the module, and its functions that seed."""
    modules, functions = set(), set()
    for node in (node for parsed in trees for node in inside(parsed)):
        if isinstance(node, ast.Import):
            modules |= {item.asname or "random" for item in node.names if item.name == "random"}
        elif isinstance(node, ast.ImportFrom) and node.module == "random" and not node.level:
            for item in node.names:
                if item.name in (*SEEDING, "*"):
                    functions |= {item.asname or item.name} if item.name != "*" else {*SEEDING}
    return modules, functions


def seeds(node: ast.AST, modules: set[str], functions: set[str]) -> bool:
    """Whether this is a call that seeds the module's generator."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr in SEEDING and called.value.id in modules
    return isinstance(called, ast.Name) and called.id in functions


def begins(parsed: ast.Module, modules: set[str], functions: set[str]) -> bool:
    """Whether a cell seeds before it can have drawn: what was drawn before then counts no more."""
    for node in parsed.body:
        call = node.value if isinstance(node, ast.Expr) else None
        if call is not None and seeds(call, modules, functions):
            return True
        harmless = isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Pass)
        if isinstance(node, ast.Assign | ast.Expr):
            # `n = 6`, a docstring, `np.random.seed(0)`.
            harmless = isinstance(node.value, ast.Constant) or (
                isinstance(node.value, ast.Call)
                and isinstance(node.value.func, ast.Attribute)
                and "seed" in node.value.func.attr
            )
        if not harmless:
            return False
    return False
