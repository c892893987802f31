"""Whether tests ask that two values are one object, which copies never are."""

from __future__ import annotations

import ast
import builtins
import doctest
import itertools
from collections.abc import Iterable
from typing import Any

# Methods of unittest that ask the same.
METHODS = {"assertIs": True, "assertIsNot": False}
# Functions of NumPy that ask whether arrays share their numbers: copies never do.
SHARED = frozenset(("shares_memory", "may_share_memory"))
# Of these there is one in each process.
TYPES = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type)
) | frozenset(("NotImplemented", "Ellipsis"))
# Functions that answer with such a one.
ANSWERS = frozenset(
    ("type", "all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass")
)


def asked(sources: Iterable[str]) -> tuple[bool, bool]:
    """Whether tests ask that something is the same object, and that it is another.

    `x is None`, `type(x) is int` and `x.dtype is y.dtype` ask for no copy. Whether arrays share
    their numbers, by `np.shares_memory` or `x.base is None`, asks for both.

    Args:
        sources: Python; what is none is passed over.
    """
    found: set[bool] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            found |= compared(node)
    return True in found, False in found


def compared(node: ast.AST) -> set[bool]:
    """Of each question about identity in a node whether it is that something is the same."""
    if isinstance(node, ast.Compare):
        sides = list(itertools.pairwise([node.left, *node.comparators]))
        if any(
            isinstance(operator, ast.Is | ast.IsNot) and any(map(base, pair))
            for operator, pair in zip(node.ops, sides, strict=True)
        ):
            return {True, False}
        return {
            isinstance(operator, ast.Is | ast.Eq)
            for operator, pair in zip(node.ops, sides, strict=True)
            if not any(map(single, pair))
            and (
                isinstance(operator, ast.Is | ast.IsNot)
                or (isinstance(operator, ast.Eq | ast.NotEq) and all(map(number, pair)))
            )
        }
    if isinstance(node, ast.Call) and (
        getattr(node.func, "attr", None) in SHARED or getattr(node.func, "id", None) in SHARED
    ):
        return {True, False}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        named = node.func.attr
        if named in METHODS and not any(map(single, node.args)):
            return {METHODS[named]}
    return set()


def single(node: ast.expr) -> bool:
    """Whether an expression is one of a kind in a process: None, a type, true or false."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ANSWERS
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Attribute):
        return node.attr in ("dtype", "__class__") or node.attr in TYPES
    return isinstance(node, ast.Constant | ast.Compare) or (
        isinstance(node, ast.Name) and node.id in TYPES
    )


def base(node: ast.expr) -> bool:
    """Whether an expression is the array that another one is a view of, `x.base`."""
    return isinstance(node, ast.Attribute) and node.attr == "base"


def number(node: ast.expr) -> bool:
    """Whether an expression is the number of an object, `id(x)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id"


def of_doctest(text: str) -> list[str]:
    """The code of a doctest, an example each."""
    try:
        return [example.source for example in doctest.DocTestParser().get_examples(text)]
    except ValueError:
        return []


def of_function(function: Any, text: str) -> str:
    """The source of a test's function, from the text of its file; all of it if it is not found."""
    line, name = function.__code__.co_firstlineno, function.__name__
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            lines = [node.lineno, *(decorator.lineno for decorator in node.decorator_list)]
            if min(lines) == line:
                return ast.unparse(node)
    return text
