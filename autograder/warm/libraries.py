"""Which libraries a template imports beforehand, read from the code that will want them.

Only libraries named here are imported, whatever a notebook asks for, and in groups: so a class
needs a handful of templates and not one for each student.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

PLAIN = ("numpy", "pandas", "matplotlib.pyplot")
# Groups by the names whose import asks for them.
GROUPS = {
    ("tensorflow", "keras"): ("tensorflow", "keras"),
    ("scipy", "sklearn"): (
        "scipy.stats",
        "sklearn.linear_model",
        "sklearn.metrics",
        "sklearn.model_selection",
        "sklearn.preprocessing",
    ),
}
ROOTS = frozenset(
    name.split(".")[0] for name in (*PLAIN, *(root for roots in GROUPS for root in roots))
)
# Files beside a notebook that a library reads when it is imported.
SETTINGS = {"matplotlibrc"}
# Code that sets variables before it imports can mean another library than one imported already.
SETTING = re.compile(r"environ|putenv|%env|%set_env|sys\.modules|reload")
IMPORT = re.compile(r"^\s*(?:import|from)\s+([\w.]+)", re.MULTILINE)


def imported(source: str) -> set[str]:
    """Top-level names that code imports; what is no Python is searched line by line."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {name.split(".")[0] for name in IMPORT.findall(source)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def wanted(sources: Iterable[str], beside: Iterable[str] = ()) -> tuple[str, ...]:
    """Modules to import before the fork.

    Args:
        sources: code that will run there.
        beside: names of files and folders in the folder where it runs.

    Returns:
        None at all where having imported them could make a difference: the code sets variables,
        or a file there has the name of a library or holds its settings.
    """
    listed = list(sources)
    shadows = {name.removesuffix(".py") for name in beside} & (ROOTS | SETTINGS)
    if shadows or any(SETTING.search(source) for source in listed):
        return ()
    names = set().union(*(imported(source) for source in listed))
    found = list(PLAIN)
    for roots, modules in GROUPS.items():
        if names & set(roots):
            found += modules
    return tuple(found)
