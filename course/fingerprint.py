"""What code means, as digests: syntax trees without docstrings and comments, and what they use.

A chapter depends on the definitions it reaches, not on whole files: when `plots.curves` changes,
a chapter that only calls `plots.pictures` stays as it is.
"""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "course"

# Below these, the code cannot change what a chapter shows: what a data set or a run contains is
# checked against a digest that is itself part of the chapter's key. A function of theirs that a
# chapter imports by name still counts.
KEYED_BY_DIGEST = (
    "course.data.",
    "course.runs.store",
    "course.runs.keys",
    "course.fingerprint",
    "course.recording",
    "course.storage",
    "course.errors",
)


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class _WithoutDocstrings(ast.NodeTransformer):
    """Removes the docstrings of functions and classes, and of modules unless told otherwise."""

    def __init__(self, keep_module: bool) -> None:
        self.keep_module = keep_module

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(node, documented) or (isinstance(node, ast.Module) and not self.keep_module):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]
        return node


def meaning(tree: ast.AST, *, keep_module: bool = False) -> str:
    """The text of a syntax tree without positions, comments and docstrings.

    Args:
        tree: any syntax tree; it is changed in place.
        keep_module: keep a string that stands first in a module. In a notebook cell it is no
            docstring but the value that the cell shows.
    """
    return ast.dump(_WithoutDocstrings(keep_module).visit(tree))


def cell_meaning(source: str) -> str:
    """Digest of a code cell, whatever its comments, docstrings and layout.

    A semicolon at the end counts, because it hides the value of the cell. A cell that is no plain
    Python (a `%magic`) counts as it is written.
    """
    try:
        text = meaning(ast.parse(source), keep_module=True)
    except SyntaxError:
        return digest(source.strip())
    return digest(text + (";" if source.rstrip().endswith(";") else ""))


@dataclass(frozen=True)
class Module:
    """The top-level statements of a module of the package, by the names that they bind."""

    name: str
    is_package: bool
    bindings: dict[str, tuple[ast.stmt, ...]]
    always: tuple[ast.stmt, ...]


def source_file(module: str, root: Path) -> Path | None:
    """The file of a module of the package, or None when there is no such module."""
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _bound(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0]


@functools.cache
def _module_of(name: str, path: Path, text: str) -> Module:
    bindings: dict[str, list[ast.stmt]] = {}
    always: list[ast.stmt] = []
    for statement in ast.parse(text).body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names = [statement.name]
        else:
            names = list(_bound(statement))
        for bound in names:
            bindings.setdefault(bound, []).append(statement)
        if not names and not (
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        ):
            always.append(statement)
    return Module(
        name,
        path.name == "__init__.py",
        {key: tuple(value) for key, value in bindings.items()},
        tuple(always),
    )


@dataclass(frozen=True)
class Use:
    """One thing of the package that code uses: a name of a module, or all of it (`name` None)."""

    module: str
    name: str | None


def uses(tree: ast.AST, known: dict[str, Use], package: str = "") -> set[Use]:
    """The things of the package that a piece of code names.

    Args:
        tree: the code.
        known: names already bound to things of the package, by imports elsewhere.
        package: the package that relative imports start from.
    """
    bound = dict(known)
    for node in ast.walk(tree):
        bound.update(_imported(node, package))
    found: set[Use] = set()
    inside_attribute: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            use = _attribute(node, bound)
            if use is not None:
                found.add(use)
                inner: ast.expr = node
                while isinstance(inner, ast.Attribute):
                    inner = inner.value
                    inside_attribute.add(id(inner))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in bound and id(node) not in inside_attribute:
            found.add(bound[node.id])
    return found


def _attribute(node: ast.Attribute, bound: dict[str, Use]) -> Use | None:
    parts: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name) or inner.id not in bound:
        return None
    use = bound[inner.id]
    return Use(use.module, parts[-1]) if use.name is None else use


def _imported(node: ast.AST, package: str) -> Iterator[tuple[str, Use]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.split(".")[0] == PACKAGE:
                whole = alias.name if alias.asname else PACKAGE
                yield alias.asname or PACKAGE, Use(whole, None)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parents = package.split(".")
            parents = parents[: len(parents) - node.level + 1]
            base = ".".join([*parents, *([base] if base else [])])
        if base.split(".")[0] == PACKAGE:
            for alias in node.names:
                yield alias.asname or alias.name, Use(base, alias.name)


def reached(first: Iterable[Use], root: Path) -> dict[str, str]:
    """Every definition of the package that the given uses reach, with the digest of each.

    Args:
        first: what a chapter or a function names.
        root: the folder that holds the package.

    Returns:
        `course.module.name` to the digest of the definition's meaning, sorted by name.
    """
    found: dict[str, str] = {}
    seen: set[Use] = set()
    waiting = [(use, True) for use in first]
    while waiting:
        use, named = waiting.pop()
        if use in seen:
            continue
        path = source_file(use.module, root)
        if path is None:
            continue
        module = _module_of(use.module, path, path.read_text(encoding="utf-8"))
        statements = _statements(module, use, root)
        if statements is None:
            waiting.append((Use(f"{use.module}.{use.name}", None), named))
            continue
        imports = [s for s in statements if isinstance(s, (ast.Import, ast.ImportFrom))]
        package = use.module if module.is_package else use.module.rpartition(".")[0]
        for imports_of in imports:
            for name, imported in _imported(imports_of, package):
                if use.name in (None, name):
                    waiting.append((imported, named))
        if not named and use.module.startswith(KEYED_BY_DIGEST):
            continue
        seen.add(use)
        known = _known(module, package)
        for position, statement in enumerate(s for s in statements if s not in imports):
            name = f"{use.module}.{use.name or '*'}"
            text = meaning(ast.parse(ast.unparse(statement)))
            found[f"{name}#{position}" if position else name] = digest(text)
            waiting.extend((other, False) for other in uses(statement, known, package))
            waiting.extend((Use(use.module, own), False) for own in _own(module, statement))
    return dict(sorted(found.items()))


def _known(module: Module, package: str) -> dict[str, Use]:
    known: dict[str, Use] = {}
    for statements in module.bindings.values():
        for statement in statements:
            for node in ast.walk(statement):
                known.update(_imported(node, package))
    return known


def _own(module: Module, statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        loads = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Name) and loads and node.id in module.bindings:
            yield node.id


def _statements(module: Module, use: Use, root: Path) -> tuple[ast.stmt, ...] | None:
    """The statements behind a use; None when the name is a submodule."""
    if use.name is None or use.name == "*":
        every = [s for group in module.bindings.values() for s in group]
        return tuple(dict.fromkeys([*every, *module.always]))
    if use.name in module.bindings:
        return tuple(dict.fromkeys([*module.bindings[use.name], *module.always]))
    if source_file(f"{use.module}.{use.name}", root) is not None:
        return None
    return module.always
