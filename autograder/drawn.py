"""Numbers that a notebook draws after a check, and draws otherwise in Jupyter.

There, tests and notebook have the same generators. What a test draws, a later cell does not. And to
show a passed check, Otter draws one of eight emojis from `random`. The notebook's process must not
learn here whether a check was passed, so one is drawn where the notebook was saved with it. Where
tests have drawn, or what was saved is another result, a notebook that seeds this generator has
other numbers from then on. Its failed questions are left to a teacher.

What the notebook's process says can lead to a teacher, and to no points.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograder.notebook import Cell
from autograder.records import Question

# Functions that seed a generator, by the module in which it is told of.
SEEDING = {"random": ("seed", "setstate"), "numpy": ("seed", "set_state")}
WHY = {
    "random": (
        "The notebook seeds `random`, and draws from it in cell {}, after a check. In Jupyter, "
        "tests draw from it too, and so does Otter where it shows a passed check. Here the tests "
        "draw from another, or the notebook was saved without the result that the check has now: "
        "it may have other numbers than in Jupyter."
    ),
    "numpy": (
        "The notebook seeds `numpy.random`, and draws from it in cell {}, after a check whose "
        "tests draw as well. In Jupyter these draw from the same generator: the notebook has "
        "other numbers there."
    ),
}
# Lines of IPython's own, and cells that are all IPython's.
MAGIC = re.compile(r"^([ \t]*)(?:[%!].*|\w+[ \t]*=[ \t]*[!%].*)$", re.MULTILINE)
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


def left(
    questions: Iterable[Question], found: Mapping[str, Any], cells: Iterable[Cell]
) -> tuple[Question, ...]:
    """The questions; where other numbers can be why, those that failed are left to a teacher.

    Args:
        questions: as the tests found them.
        found: has `drew` and `shown`: of each check the question, and the generators that are no
            longer where Jupyter has them.
        cells: of the notebook.
    """
    shown, kept = found["shown"], tuple(questions)
    modules = {item[2] for item in found["drew"]}
    listed = {cell.number: tree(cell.source) for cell in cells} if modules else {}
    for module in sorted(modules):
        drew = [item[:2] for item in found["drew"] if item[2] == module]
        number, checks = shifted(module, drew, listed, [module not in apart for _, apart in shown])
        if not number:
            continue
        before = {name for name, _ in shown[:checks]} - {name for name, _ in shown[checks:]}
        kept = tuple(
            question
            if question.name in before and settled(question)
            else question.doubted(WHY[module].format(number))
            for question in kept
        )
    return kept


def settled(question: Question) -> bool:
    """Whether what has failed of a question did so at its check, not after the last cell."""
    return not any(case.hidden and case.passed is False for case in question.cases)


def shifted(
    module: str, drew: Sequence[Any], cells: Mapping[int, ast.Module], alike: Sequence[bool]
) -> tuple[int, int]:
    """The first cell that draws what it would not in Jupyter, and how many checks there had been;
    or twice 0.

    Args:
        module: whose generator.
        drew: of cells that moved it on, their number and how many checks there had been before, as
            the student's process tells it.
        cells: of the notebook, by their numbers.
        alike: whether the generator is where Jupyter has it, after each check.
    """
    names, calls = named(module, cells.values())
    if not any(seeds(node, names, calls) for parsed in cells.values() for node in inside(parsed)):
        return 0, 0
    seeded = 0
    for number, checks in drew:
        if number in cells and begins(cells[number], names, calls):
            seeded = checks
        elif number in cells and not all_alike(alike, seeded, checks):
            return int(number), int(checks)
    return 0, 0


def all_alike(alike: Sequence[bool], begin: int, end: int) -> bool:
    """Whether none of these checks has moved it otherwise; nobody knows of those not told of."""
    return begin >= end or (begin >= 0 and end <= len(alike) and all(alike[begin:end]))


def tree(source: str) -> ast.Module:
    """The code of a cell without what is IPython's; empty where it is no Python."""
    for text in (source, MAGIC.sub(r"\1pass", source)):
        with contextlib.suppress(*BROKEN):
            return ast.parse(text)
    return ast.Module([], [])


def inside(parsed: ast.Module) -> Iterator[ast.AST]:
    """All of its nodes."""
    return ast.walk(parsed)


def named(module: str, trees: Iterable[ast.Module]) -> tuple[set[str], set[str]]:
    """Under which names the notebook has the module of a generator, and functions that seed it."""
    whole = {"random": "random", "numpy": "numpy.random"}[module]
    modules, functions = set(), set()
    for node in (node for parsed in trees for node in inside(parsed)):
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.name in (whole, module):
                    below = whole.removeprefix(item.name)
                    modules.add(f"{item.asname}{below}" if item.asname else whole)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for item in node.names:
                if f"{node.module}.{item.name}" == whole:
                    modules.add(item.asname or item.name)
                elif node.module == whole and item.name in (*SEEDING[module], "*"):
                    star = item.name == "*"
                    functions |= {*SEEDING[module]} if star else {item.asname or item.name}
    return modules, functions


def seeds(node: ast.AST, modules: set[str], functions: set[str]) -> bool:
    """Whether this is a call that seeds the generator."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Attribute):
        known = called.attr in ("seed", "setstate", "set_state")
        return known and dotted(called.value) in modules
    return isinstance(called, ast.Name) and called.id in functions


def dotted(node: ast.expr) -> str:
    """`np` or `np.random`; anything else is ""."""
    if isinstance(node, ast.Name):
        return node.id
    known = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return ast.unparse(node) if known else ""


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
