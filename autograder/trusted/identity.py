"""Whether tests ask that two values are one object, which copies never are."""

from __future__ import annotations

import ast
import contextlib
import doctest
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograder.trusted import kinds as kinds_module
from autograder.values import classes

# Methods of unittest that ask the same.
METHODS = {"assertIs": True, "assertIsNot": False}
# Functions of NumPy that ask whether arrays share their numbers: copies never do.
SHARED = frozenset(("shares_memory", "may_share_memory"))
# Functions of `operator` that ask the same; their answer may be used in any way.
OPERATORS = frozenset(("is_", "is_not"))
# Of these values there is one in each process, and they arrive as themselves.
SINGLE = frozenset(("NaT", "NA", "nan"))
# Classes of functions; a function is not copied.
FUNCTIONS = frozenset(
    "FunctionType LambdaType BuiltinFunctionType BuiltinMethodType MethodType MethodWrapperType "
    "partial ufunc".split()
)
# Those that each function seems to be of. Functions that ask whether a value is of a class.
EVERY = frozenset(("FunctionType", "LambdaType"))
INSTANCES = {"isinstance": True, "assertIsInstance": True, "assertNotIsInstance": False}
# Where these stand, what is found is used elsewhere, perhaps the other way round.
USED_ELSEWHERE = (ast.Return, ast.Lambda, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Yield)
# Of these there is one in each process, and they arrive as themselves; other classes do not.
TYPES = frozenset((*classes.BUILTIN, "EllipsisType", "Ellipsis"))
# The same of libraries, as in `np.float64`.
PARTS = TYPES | SINGLE | frozenset(itertools.chain(*classes.LIBRARIES.values()))
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
    their numbers, by `np.shares_memory` or `x.base is None`, asks for both. So does `id`, but in
    `id(x) == id(y)`.

    Args:
        sources: Python; what is none is passed over.
    """
    found: set[bool] = set()
    for tree in trees(sources):
        found |= wanted(tree, compared) | ({True, False} if numbers(tree) else set())
    return True in found, False in found


def wanted(tree: ast.AST, look: Callable[[ast.AST], set[bool]]) -> set[bool]:
    """What the questions of a tree want to be so: the opposite below a `not`, and both where it
    is not seen what becomes of the answer.

    Args:
        tree: of a test, or of a function that it may call.
        look: finds what one node alone asks.
    """
    found: set[bool] = set()
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, sign = waiting.pop()
        here = look(node)
        found |= here if sign == 1 else {not one for one in here}
        if here and not sign:
            found |= {True, False}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            sign = -sign
        if isinstance(node, USED_ELSEWHERE):
            sign = 0
        waiting += [(child, sign) for child in ast.iter_child_nodes(node)]
    return found


def numbers(tree: ast.AST) -> bool:
    """Whether a test does something with the numbers of objects but to compare two of them."""
    nodes = list(ast.walk(tree))
    if any(
        (isinstance(node, ast.Name) and node.id == "id" and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.arg) and node.arg == "id")
        for node in nodes
    ):
        # A variable of this name.
        return False
    known = {
        side.func
        for node in nodes
        if isinstance(node, ast.Compare)
        for operator, *pair in zip(
            node.ops, [node.left, *node.comparators], node.comparators, strict=False
        )
        if isinstance(operator, ast.Eq | ast.NotEq) and all(map(number, pair))
        for side in pair
        if isinstance(side, ast.Call)
    }
    return any(
        isinstance(node, ast.Name) and node.id == "id" and node not in known for node in nodes
    )


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
        found |= wanted(tree, functools.partial(sorted_by, of_kinds))
    return True in found, False in found


def functions(sources: Iterable[str]) -> tuple[bool, bool]:
    """The same of classes of functions, as in `type(f) is types.FunctionType`."""
    found: set[bool] = set()
    for tree in trees(sources):
        found |= wanted(tree, functools.partial(sorted_by, of_functions))
    return True in found, False in found


def sorted_by(pairs: Callable[[ast.expr, ast.expr], bool], node: ast.AST) -> set[bool]:
    """Of each question in a node about such a pair of classes whether they are to be one."""
    if isinstance(node, ast.Compare):
        sides = itertools.pairwise([node.left, *node.comparators])
        return {
            isinstance(operator, ast.Is | ast.Eq)
            for operator, pair in zip(node.ops, sides, strict=True)
            if (isinstance(operator, ast.Is | ast.IsNot) and pairs(*pair))
            or (isinstance(operator, ast.Eq | ast.NotEq) and any(map(of_class, pair)))
        }
    if isinstance(node, ast.Call) and len(node.args) >= 2:
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if name in METHODS and pairs(*node.args[:2]):
            return {METHODS[name]}
        if name in INSTANCES and pairs is of_functions and has_kind(node.args[1]):
            return {INSTANCES[name]}
        if name in DERIVED and kind_of(node.args[0]) and pairs(*node.args[:2]):
            return {True, False}
    return set()


def of_functions(one: ast.expr, other: ast.expr) -> bool:
    """Whether one of two is the class of a value, and the other one of functions."""
    return (kind_of(one) and of_function_kind(other)) or (kind_of(other) and of_function_kind(one))


def has_kind(node: ast.expr) -> bool:
    """Whether an expression is, or holds, a class of functions that none has here."""
    listed = node.elts if isinstance(node, ast.Tuple) else [node]
    names = {getattr(one, "attr", None) or getattr(one, "id", None) for one in listed}
    return not names.isdisjoint(FUNCTIONS - EVERY)


def of_function_kind(node: ast.expr) -> bool:
    """Whether an expression is a class of functions, `types.FunctionType` or `type(lambda: 0)`."""
    if isinstance(node, ast.Call) and kind_of(node):
        return isinstance(node.args[0], ast.Lambda)
    return (getattr(node, "attr", None) or getattr(node, "id", None)) in FUNCTIONS


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


def of_class(node: ast.expr) -> bool:
    """Whether an expression is the class of the class of a value, `type(type(x))`: an object's
    class has another one here."""
    inner = getattr(node, "value", None) or next(iter(getattr(node, "args", ())), None)
    return kind_of(node) and isinstance(inner, ast.expr) and kind_of(inner)


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
    if isinstance(node, ast.Call) and not (SHARED | OPERATORS).isdisjoint(
        (getattr(node.func, "attr", None), getattr(node.func, "id", None))
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
        return node.attr in ("dtype", "__class__") or node.attr in PARTS
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
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return []
    return [
        opposite(example.source) if example.want.strip() == "False" else example.source
        for example in examples
    ]


def opposite(source: str) -> str:
    """An expression's opposite; what is none stays."""
    turned = f"not (\n{source})"
    return turned if any(trees([turned])) else source


def of_function(function: Any, text: str) -> list[str]:
    """The sources of a test's function and of those in its file that it can call.

    Args:
        function: the test's.
        text: of its file; all of it is given where the function is not found.
    """
    return [ast.unparse(one) for one in parts(function, text)] or [text]


def parts(function: Any, text: str) -> list[ast.stmt]:
    """A test's function and what it leads to in its file; nothing where it is not found."""
    line, name = function.__code__.co_firstlineno, function.__name__
    for tree in trees([text]):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                lines = [node.lineno, *(decorator.lineno for decorator in node.decorator_list)]
                if min(lines) == line:
                    return reached(node, tree)
    return []


def until(function: Any, text: str, line: int | None) -> list[ast.stmt]:
    """The same without what comes after the line at which the function has ended."""
    found = parts(function, text)
    if found and isinstance(found[0], ast.FunctionDef) and line is not None:
        found[0].body = [one for one in found[0].body if one.lineno <= line]
    return found


def reached(function: ast.FunctionDef, tree: ast.AST) -> list[ast.stmt]:
    """A function, and what of its file's functions, classes and variables it leads to by name."""
    places: dict[str, list[ast.stmt]] = {}
    for node in getattr(tree, "body", ()):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            places.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    places.setdefault(part.id, []).append(node)
    found: list[ast.stmt] = [function]
    for one in found:
        for part in ast.walk(one):
            named = part.id if isinstance(part, ast.Name) else None
            found += [node for node in places.get(named or "", ()) if node not in found]
    return found
