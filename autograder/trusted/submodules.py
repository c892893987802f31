"""Submodules that tests name, such as `matplotlib.axes`: a notebook's imports have loaded them.

In `otter run`, tests find what the notebook has imported, as they run in its process. Here they
would depend on what was imported before a fork.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.machinery
import importlib.util
import io
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.trusted.expected import ALIASES
from autograder.trusted.identity import trees
from autograder.values.decode import MODULES

# A module, and what is looked up from there.
Chain = tuple[str, tuple[str, ...]]
# Names under which a test finds a module without an import of its own.
KNOWN = {name: module for name, module in ALIASES.items() if module in MODULES}


def bound(sources: Iterable[str]) -> dict[str, set[Chain]]:
    """What names stand for: those of the imports, wherever they are, and those of `KNOWN`.

    Args:
        sources: Python; what is none is passed over.
    """
    found: dict[str, set[Chain]] = {name: {(module, ())} for name, module in KNOWN.items()}
    for tree in trees(sources):
        for node in ast.walk(tree):
            for name, chain in imported(node):
                found.setdefault(name, set()).add(chain)
    return found


def imported(node: ast.AST) -> Iterator[tuple[str, Chain]]:
    """Names that a node imports, and what they stand for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            first = alias.name.split(".")[0]
            yield (alias.asname, (alias.name, ())) if alias.asname else (first, (first, ()))
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            yield alias.asname or alias.name, (node.module, (alias.name,))


def chains(sources: Iterable[str], names: dict[str, set[Chain]]) -> list[Chain]:
    """What a test looks up in modules, as `matplotlib.axes.Axes`, in order.

    Args:
        sources: of one test; what is no Python is passed over.
        names: what names stand for in its file.
    """
    found: dict[Chain, None] = {}
    for tree in trees(sources):
        for node in ast.walk(tree):
            name, steps = spelled(node)
            if steps:
                for module, start in sorted(names.get(name, ())):
                    found[module, (*start, *steps)] = None
    return list(found)


def spelled(node: ast.AST) -> tuple[str, list[str]]:
    """The name at the beginning of `name.one.other`, and what follows; or "" and nothing."""
    steps: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute):
        steps.insert(0, inner.attr)
        inner = inner.value
    return (inner.id, steps) if isinstance(inner, ast.Name) else ("", [])


def load(looked_up: Iterable[Chain]) -> None:
    """Import the submodules among what tests look up; what is none, or fails, is left out.

    Only the text of the tests chooses them, and only what is installed is imported: no file of the
    assignment's, and none that a test has written.

    Args:
        looked_up: see `chains`.
    """
    for module, steps in looked_up:
        out = io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
            # What is looked up in vain, the test says itself.
            contextlib.suppress(Exception),
        ):
            follow(module, steps)


def follow(module: str, steps: Iterable[str]) -> None:
    """Import a module, and what is below it as far as there are modules."""
    found: Any = brought(module)
    for step in steps:
        # Others, as TensorFlow's, import by themselves what they are asked for.
        if type(found) is not ModuleType or not hasattr(found, "__path__"):
            return
        inside = vars(found).get(step)
        found = brought(f"{found.__name__}.{step}") if inside is None else inside


def brought(name: str) -> ModuleType | None:
    """The module of this name, imported if it is installed, or None."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    return importlib.import_module(name) if spec is not None and installed(spec) else None


def installed(spec: importlib.machinery.ModuleSpec) -> bool:
    """Whether a module is Python's or a library's, and no file or folder where the tests run."""
    if spec.origin is None:
        # A folder with no file of its own.
        return False
    if spec.origin in ("built-in", "frozen"):
        return True
    origin = Path(spec.origin).resolve()
    libraries = [sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")]
    return not origin.is_relative_to(Path.cwd()) or any(
        origin.is_relative_to(Path(folder).resolve()) for folder in libraries
    )
