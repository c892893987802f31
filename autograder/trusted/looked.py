"""What tests look at: attributes of an exception, of which not all are copied; orders of sets."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.trusted.identity import trees

# Where `pytest.raises` and `assertRaises` keep what they have caught.
KEPT = frozenset(("value", "exception"))


# Functions by which tests see in which order a set has its items, and methods.
ORDERING = frozenset(
    "list tuple next iter str repr print enumerate zip map join pop format".split()
)
ITERATING = (ast.For, ast.comprehension, ast.JoinedStr, ast.Starred)


def orders(sources: Iterable[str]) -> bool:
    """Whether tests may see in which order a set has its items.

    Args:
        sources: Python; what is none is passed over.
    """
    return any(
        isinstance(node, ITERATING)
        or (
            isinstance(node, ast.Call)
            and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in ORDERING
        )
        for tree in trees(sources)
        for node in ast.walk(tree)
    )


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
