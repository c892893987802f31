"""Which attributes tests look at: of an exception not all are copied, of a table some are views."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.trusted.identity import trees

# Where `pytest.raises` and `assertRaises` keep what they have caught.
KEPT = frozenset(("value", "exception"))


# By these, a test gets an array that looks at the numbers of a table.
LOOKING = frozenset(("values", "array", "to_numpy", "asarray"))


def keeps_numbers(sources: Iterable[str]) -> bool:
    """Whether tests give a name to an array that may look at a table, and call something then:
    `ages = table["age"].values`.

    Args:
        sources: Python; what is none is passed over.
    """
    for tree in trees(sources):
        nodes = list(ast.walk(tree))
        named = [
            node.lineno
            for node in nodes
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)
            and node.value is not None
            and looks(node.value)
        ]
        done = [
            node.lineno
            for node in nodes
            if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call)
        ]
        if named and done and min(named) < max(done):
            return True
    return False


def looks(node: ast.expr) -> bool:
    """Whether an expression may be an array that looks at a table, or holds one."""
    if isinstance(node, ast.Tuple | ast.List):
        return any(map(looks, node.elts))
    found = node.func if isinstance(node, ast.Call) else node
    return isinstance(found, ast.Attribute) and found.attr in LOOKING


def attributes(sources: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the attributes that tests look at: of anything, and of what they have caught.

    Args:
        sources: Python; what is none is passed over.
    """
    found = list(trees(sources))
    names = {
        node.name
        for tree in found
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.name
    }
    everywhere, caught = set[str](), set[str]()
    for tree in found:
        for node in ast.walk(tree):
            name, whose = "", None
            if isinstance(node, ast.Attribute):
                name, whose = node.attr, node.value
            elif (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", None) in ("getattr", "hasattr")
                and len(node.args) > 1
                and isinstance(node.args[1], ast.Constant)
            ):
                name, whose = str(node.args[1].value), node.args[0]
            everywhere.add(name)
            if (isinstance(whose, ast.Name) and whose.id in names) or (
                isinstance(whose, ast.Attribute) and whose.attr in KEPT
            ):
                caught.add(name)
    return frozenset(everywhere), frozenset(caught)
