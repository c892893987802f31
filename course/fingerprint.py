"""What code means, as digests: syntax trees without docstrings and comments, and what they use.

A chapter depends on the definitions it reaches, not on whole files: when `plots.curves` changes,
a chapter that only calls `plots.pictures` stays as it is.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import io
import tokenize
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
    "course.runs.carry",
    "course.runs.keys",
    "course.fingerprint",
    "course.recording",
    "course.storage",
    "course.errors",
)


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def meaning(tree: ast.AST, *, keep_module: bool = False) -> str:
    """The text of a syntax tree without positions, comments and docstrings.

    Unlike `ast.dump` it is the same for every Python that the course supports: outputs made with
    one are read by another.

    Args:
        tree: any syntax tree.
        keep_module: keep a string that stands first in a module. In a notebook cell it is no
            docstring but the value that the cell shows.
    """
    fields = []
    keep = keep_module and isinstance(tree, ast.Module)
    for name, field in ast.iter_fields(tree):
        value = _undocumented(tree, field) if name == "body" and not keep else field
        if isinstance(tree, ast.JoinedStr):
            # Python 3.12 ends a nested format with an empty text that stands nowhere.
            value = [part for part in tree.values if getattr(part, "value", None) != ""]
        # Newer Pythons add fields, empty where the source says nothing.
        if name not in ("kind", "type_comment") and value not in (None, []):
            fields.append(f"{name}={_written(value)}")
    return f"{type(tree).__name__}({', '.join(fields)})"


def _written(value: object) -> str:
    if isinstance(value, ast.AST):
        return meaning(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return ascii(value)


def _undocumented(node: ast.AST, body: object) -> object:
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    if not isinstance(node, documented) or not node.body:
        return body
    first = node.body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        return body
    return (node.body[1:] or [ast.Pass()]) if isinstance(first.value.value, str) else body


@functools.cache
def cell_meaning(source: str) -> str:
    """Digest of a code cell, whatever its comments, docstrings and layout.

    A semicolon at the end counts, because it hides the value of the cell. A cell that is no plain
    Python (a `%magic`) counts as it is written.
    """
    try:
        text = meaning(ast.parse(source), keep_module=True)
    except (SyntaxError, ValueError):  # the second for a null character
        return digest(source.strip())
    return digest(text + (";" if _hides_value(source) else ""))


def _hides_value(source: str) -> bool:
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type not in silent][-1:] == [";"]


@dataclass(frozen=True, eq=False)
class Module:
    """The top-level statements of a module of the package.

    It equals itself alone, as its statements do, so that what one says is found out once.

    Attributes:
        name: the module's name.
        package: what its relative imports start from.
        bindings: the statements by the names that they bind.
        always: those that bind none, such as a call.
        known: what of the package it imports, anywhere, by the names this gets.
    """

    name: str
    package: str
    bindings: dict[str, tuple[ast.stmt, ...]]
    always: tuple[ast.stmt, ...]
    known: dict[str, Use]


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
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(text)
    for statement in tree.body:
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
        package,
        {key: tuple(value) for key, value in bindings.items()},
        tuple(always),
        {bound: use for node in ast.walk(tree) for bound, use in _imported(node, package)},
    )


@dataclass(frozen=True)
class Use:
    """One thing of the package that code uses: a name of a module, or all of it (`name` None).

    Attributes stand behind the name, as in `plots.curves` of the module `course`: whether `plots`
    is a module of its own shows when the name is looked up.
    """

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
    found: set[Use] = set()
    for node in ast.walk(tree):
        for name, use in _imported(node, package):
            bound[name] = use
            if name == "*":
                found.add(use)
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        named = _named(node, bound)
        if named is None:
            waiting.extend(ast.iter_child_nodes(node))
        else:
            found.add(named)
    return found


def _named(node: ast.AST, bound: dict[str, Use]) -> Use | None:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in bound:
        return None
    return _behind(bound[node.id], ".".join(reversed(attributes)))


def _behind(use: Use, attributes: str) -> Use:
    return Use(use.module, ".".join(filter(None, [use.name, attributes])) or None)


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
        path = source_file(use.module, root)
        if use in seen or path is None:
            continue
        if not named and use.module.startswith(KEYED_BY_DIGEST):
            continue
        seen.add(use)
        module = _module_of(use.module, path, path.read_text(encoding="utf-8"))
        head, _, rest = (use.name or "").partition(".")
        statements = _statements(module, head, root)
        if statements is None:
            waiting.append((Use(f"{use.module}.{head}", rest or None), named))
            continue
        name = f"{use.module}.{head or '*'}"
        for statement in statements:
            for bound, imported in _imported(statement, module.package):
                if head not in ("", bound):
                    continue
                target = _behind(imported, rest)
                if imported.module == use.module:  # a package that imports its own submodule
                    target = Use(f"{use.module}.{imported.name}", rest or None)
                waiting.append((target, named))
        for position, text in enumerate(_texts(statements, head)):
            found[f"{name}#{position}" if position else name] = digest(text)
        for statement in statements:
            waiting.extend((other, False) for other in _needs(module, statement))
    return dict(sorted(found.items()))


@functools.cache
def _needs(module: Module, statement: ast.stmt) -> frozenset[Use]:
    """What else of the package a statement of a module names."""
    own = set(_own(module, statement)) - module.known.keys()
    others = uses(statement, module.known, module.package)
    return frozenset({*others, *(Use(module.name, one) for one in own)})


@functools.cache
def _statement_meaning(statement: ast.stmt) -> str:
    return meaning(statement)


def _own(module: Module, statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        loads = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Name) and loads and node.id in module.bindings:
            yield node.id


def _statements(module: Module, head: str, root: Path) -> tuple[ast.stmt, ...] | None:
    """The statements behind a name, all without one; None when the name is a submodule."""
    if head in ("", "*"):
        every = [s for group in module.bindings.values() for s in group]
        return tuple(dict.fromkeys([*every, *module.always]))
    if head in module.bindings:
        return tuple(dict.fromkeys([*module.bindings[head], *module.always]))
    if source_file(f"{module.name}.{head}", root) is not None:
        return None
    return module.always


def _texts(statements: tuple[ast.stmt, ...], head: str) -> Iterator[str]:
    """What the statements behind a name say; of an import, where it takes the name from."""
    for statement in statements:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield _statement_meaning(statement)
            continue
        origin = statement.module if isinstance(statement, ast.ImportFrom) else None
        for alias in statement.names:
            bound = alias.asname or alias.name.split(".")[0]
            source = f"{origin}:{alias.name}" if origin else alias.name
            relative = isinstance(statement, ast.ImportFrom) and statement.level
            own = relative or source.partition(":")[0].split(".")[0] in (PACKAGE, "__future__")
            if head in ("", "*", bound) and not own:
                yield source
