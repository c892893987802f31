"""Which of a student's variables a test file looks at, read from its syntax tree."""

from __future__ import annotations

import ast
import builtins
import doctest
from collections.abc import Iterator
from textwrap import dedent

BUILTIN = frozenset(dir(builtins))


def ok_style(tree: ast.Module) -> bool:
    """Whether a test file is a dictionary of doctests rather than functions that raise."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if "OK_FORMAT" in names:
                return bool(statement.value.value)
    return any("test" in bound(statement) for statement in tree.body)


def bound(statement: ast.stmt) -> list[str]:
    """Names that an assignment binds."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def needed(tree: ast.Module) -> tuple[str, ...] | None:
    """Names that a test file looks at, or None where it may look at any."""
    names = in_doctests(tree) if ok_style(tree) else in_functions(tree)
    return None if names is None else tuple(sorted(names))


def in_doctests(tree: ast.Module) -> set[str] | None:
    """Names that the doctests of a dictionary read."""
    names: set[str] = set()
    for code in cases(tree):
        if code is None:
            return None
        for example in doctest.DocTestParser().get_examples(dedent(code)):
            try:
                parsed = ast.parse(example.source)
            except SyntaxError:
                continue
            loaded = {n.id for n in ast.walk(parsed) if isinstance(n, ast.Name)}
            if loaded & {"globals", "locals", "vars", "dir", "eval", "exec"}:
                return None
            names |= loaded
    return names - BUILTIN


def cases(tree: ast.Module) -> Iterator[str | None]:
    """The text of every case: the values of the keys `code`; None where it has to be computed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "code":
                    yield str(value.value) if isinstance(value, ast.Constant) else None


def in_functions(tree: ast.Module) -> set[str] | None:
    """Parameters of the decorated functions, and what they take from `env`."""
    names: set[str] = set()
    if not all(decorates(tree, node) for node in ast.walk(tree) if is_test_case(node)):
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        parameters = {argument.arg for argument in given}
        if "env" in parameters:
            from_env = taken(node)
            if from_env is None:
                return None
            names |= from_env
        names |= parameters - {"env"}
    return names


def is_test_case(node: ast.AST) -> bool:
    """Whether this makes a test case."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("test_case")


def decorates(tree: ast.Module, call: ast.AST) -> bool:
    """Whether a call stands before a function, whose parameters can be read."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return any(call in node.decorator_list for node in functions)


def taken(function: ast.FunctionDef) -> set[str] | None:
    """Names that a function takes from `env`; None where it uses it in another way."""
    names: set[str] = set()
    uses = 0
    for node in ast.walk(function):
        key: ast.expr | None = None
        if isinstance(node, ast.Name) and node.id == "env":
            uses += 1
        elif isinstance(node, ast.Subscript) and is_env(node.value):
            key = node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and is_env(node.func.value)
            and node.func.attr == "get"
            and node.args
        ):
            key = node.args[0]
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            key = node.left if is_env(node.comparators[0]) else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            names.add(key.value)
            uses -= 1
    return names if uses == 0 else None


def is_env(node: ast.expr) -> bool:
    """Whether this is the name `env`."""
    return isinstance(node, ast.Name) and node.id == "env"
