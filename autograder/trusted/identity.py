"""Whether tests ask that two values are one object, which copies never are."""

from __future__ import annotations

import ast
import builtins
import contextlib
import doctest
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograder.trusted import kinds as kinds_module

# Methods of unittest that ask the same.
METHODS = {"assertIs": True, "assertIsNot": False}
# Functions of NumPy that ask whether arrays share their numbers: copies never do.
SHARED = frozenset(("shares_memory", "may_share_memory"))
# Of these there is one in each process.
TYPES = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type)
) | frozenset(("NotImplemented", "Ellipsis"))
# Classes whose values are copied, or that no value has, by the names that tests have for them.
COPIED = (
    frozenset(kind.__name__ for kind in (*kinds_module.COPIED, *np.sctypeDict.values()))
    | frozenset(("ndarray", "DataFrame", "Series", "Index", "RangeIndex", "DatetimeIndex"))
    | frozenset(("Timestamp", "Timedelta", "bool_", "str_", "ModuleType"))
) - {"object_", "void"}
# Functions that ask whether a class is derived from another.
DERIVED = frozenset(("issubclass", "assertIsSubclass"))
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
    for tree in trees(sources):
        for node in ast.walk(tree):
            found |= compared(node)
    return True in found, False in found


def trees(sources: Iterable[str]) -> Iterator[ast.AST]:
    """The syntax trees of what is Python."""
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            yield ast.parse(source)


def kinds(sources: Iterable[str]) -> tuple[bool, bool]:
    """Whether tests ask that the class of a value is another one's, and that it is not.

    Classes whose values are copied, as in `type(x) is int`, are known in both processes.

    Args:
        sources: Python; what is none is passed over.
    """
    found: set[bool] = set()
    for tree in trees(sources):
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                sides = itertools.pairwise([node.left, *node.comparators])
                found |= {
                    isinstance(operator, ast.Is)
                    for operator, pair in zip(node.ops, sides, strict=True)
                    if isinstance(operator, ast.Is | ast.IsNot) and of_kinds(*pair)
                }
            elif isinstance(node, ast.Call) and len(node.args) >= 2:
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if name in METHODS and of_kinds(*node.args[:2]):
                    found.add(METHODS[name])
                elif name in DERIVED and kind_of(node.args[0]) and not copied(node.args[1]):
                    found |= {True, False}
    return True in found, False in found


def of_kinds(one: ast.expr, other: ast.expr) -> bool:
    """Whether one of two is the class of a value, and none a class whose values are copied."""
    return (kind_of(one) or kind_of(other)) and not (copied(one) or copied(other))


def kind_of(node: ast.expr) -> bool:
    """Whether an expression is the class of a value, `type(x)` or `x.__class__`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "type"
        and len(node.args) == 1
    )


def copied(node: ast.expr) -> bool:
    """Whether an expression is a class of Python's or of NumPy's or pandas' whose values are
    copied, or the class of a value that is written out."""
    if kind_of(node):
        inner = node.args[0] if isinstance(node, ast.Call) else None
        return isinstance(
            inner, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.JoinedStr
        )
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return isinstance(node, ast.Constant) or name in COPIED


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
