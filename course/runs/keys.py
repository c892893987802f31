"""What a training run depends on: its code, its constants, its data, its libraries, its seed."""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib
import inspect
import json
import linecache
import sys
import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from course import fingerprint
from course.errors import RunError

NOTEBOOK = "__main__"
# Plain values describe themselves; everything else is described by what it is made of.
# What these load, the function must get from outside, where it can be described.
LOADING = ("course.data.", "course.runs.load")
PLAIN = (bool, int, float, complex, str, bytes, type(None))


def describe(function: Callable[..., Any]) -> dict[str, Any]:
    """Everything that a function of a notebook uses, as plain JSON values.

    Args:
        function: a plain function.

    Raises:
        RunError: it uses an object that has no reliable description, such as a Keras model that
            stands outside the function.
    """
    return {"function": _Description().of(function, getattr(function, "__name__", "train"))}


def key(description: dict[str, Any], seed: int) -> str:
    """SHA-256 of a description together with a seed, in hexadecimal."""
    text = json.dumps({**description, "seed": seed}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def array_digest(array: np.ndarray[Any, Any]) -> str:
    """SHA-256 over dtype, shape and bytes of an array, in hexadecimal."""
    whole = np.ascontiguousarray(array)
    content = hashlib.sha256(f"{whole.dtype.str}{whole.shape}".encode())
    content.update(whole.reshape(-1).view(np.uint8).data if whole.size else b"")
    return content.hexdigest()


class _Description:
    def __init__(self) -> None:
        self.open: set[int] = set()

    def of(self, value: Any, name: str) -> Any:
        """The description of one value; `name` is how the notebook calls it."""
        if isinstance(value, PLAIN):
            return repr(value)
        if isinstance(value, np.ndarray) and not value.dtype.hasobject:
            return {"array": array_digest(value)}
        if isinstance(value, np.generic):
            return repr(value.item())
        if type(value).__module__ == f"{fingerprint.PACKAGE}.runs" and hasattr(value, "digest"):
            return {"run": value.digest}
        if id(value) in self.open:
            return {"again": name}
        self.open.add(id(value))
        try:
            return self._compound(value, name)
        finally:
            self.open.discard(id(value))

    def _compound(self, value: Any, name: str) -> Any:
        if isinstance(value, (list, tuple, set, frozenset)):
            parts = [self.of(item, name) for item in value]
            return sorted(parts, key=str) if isinstance(value, (set, frozenset)) else parts
        if isinstance(value, dict):
            return {str(key): self.of(item, name) for key, item in value.items()}
        if isinstance(value, types.ModuleType):
            return _library(value.__name__)
        if isinstance(value, (types.FunctionType, type)):
            module = value.__module__
            if module.split(".")[0] == fingerprint.PACKAGE:
                use = fingerprint.Use(module, value.__qualname__.split(".")[0])
                return {"course": _reached({use})}
            if module != NOTEBOOK:
                return {**_library(module), "name": value.__qualname__}
            if isinstance(value, types.FunctionType):
                return self._function(value)
            return self._class(value)
        if isinstance(value, types.BuiltinFunctionType) and isinstance(value.__self__, type):
            return {**_library(value.__self__.__module__), "name": value.__qualname__}
        module = getattr(value, "__module__", None) or NOTEBOOK
        own = str(getattr(value, "__name__", ""))
        held = getattr(sys.modules.get(module), own, None) is value
        if held and module.split(".")[0] not in (NOTEBOOK, fingerprint.PACKAGE):
            return {**_library(module), "name": own}
        raise RunError(
            f"A run cannot be kept, because its function uses {name!r}, a "
            f"{type(value).__module__}.{type(value).__name__} made outside it. "
            f"Make {name!r} inside the function, or hand over plain numbers or arrays."
        )

    def _function(self, function: types.FunctionType) -> dict[str, Any]:
        try:
            # By its code: a decorator's wrapper is described itself, and what it wraps after it.
            text = inspect.getsource(function.__code__)
            tree = ast.parse(textwrap.dedent(text))
        except (OSError, SyntaxError) as error:
            raise RunError(
                f"A run cannot be kept, because the source of {function.__name__!r} was not found. "
                f"Write it with def, in a cell of the notebook."
            ) from error
        return {
            "source": fingerprint.digest(fingerprint.meaning(tree)),
            "uses": self._uses(_values(function), tree),
        }

    def _class(self, cls: type) -> dict[str, Any]:
        methods = [f for member in vars(cls).values() for f in _functions(member)]
        for file in dict.fromkeys(method.__code__.co_filename for method in methods):
            tree = _class_in("".join(linecache.getlines(file)), cls.__name__)
            if tree is not None:
                break
        else:
            raise RunError(
                f"A run cannot be kept, because the source of the class {cls.__name__!r} was not "
                f"found: it has no method of its own. Give it one, or use plain values instead."
            )
        values: dict[str, Any] = {base.__name__: base for base in cls.__bases__}
        values |= {f"{cls.__name__}.{n}": v for n, v in vars(cls).items() if _is_constant(n, v)}
        for method in methods:
            if method.__code__.co_filename == file:
                values |= _values(method)
        return {
            "source": fingerprint.digest(fingerprint.meaning(tree)),
            "uses": self._uses(values, tree),
        }

    def _uses(self, values: dict[str, Any], tree: ast.AST) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in sorted(values.items()):
            if isinstance(value, types.ModuleType) and value.__name__.startswith(
                f"{fingerprint.PACKAGE}."
            ):
                known = {name: fingerprint.Use(value.__name__, None)}
                found[name] = _reached(fingerprint.uses(tree, known))
            else:
                found[name] = self.of(value, name)
        return found


def _reached(uses: set[fingerprint.Use]) -> dict[str, str]:
    for use in uses:
        named = f"{use.module}.{use.name}"
        if named.startswith(LOADING):
            raise RunError(
                f"A run cannot be kept, because its function calls {named} itself: what that loads "
                f"is no part of its key. Load it in a cell before, and let the function use it."
            )
    return fingerprint.reached(uses, Path(__file__).parents[2])


def _values(function: types.FunctionType) -> dict[str, Any]:
    """What a function takes from outside: globals, enclosing functions, default arguments."""
    code = function.__code__
    names = set(_globals(code)) & function.__globals__.keys()
    found = {name: function.__globals__[name] for name in names}
    closure = zip(code.co_freevars, function.__closure__ or (), strict=True)
    found |= {name: cell.cell_contents for name, cell in closure}
    if function.__defaults__ or function.__kwdefaults__:
        defaults = (function.__defaults__, function.__kwdefaults__)
        found[f"the default arguments of {function.__qualname__}"] = defaults
    return found


def _functions(member: Any) -> list[types.FunctionType]:
    """The functions behind a member of a class."""
    parts = [member, *(getattr(member, name, None) for name in ("__func__", "fget", "fset"))]
    return [part for part in parts if isinstance(part, types.FunctionType)]


def _class_in(text: str, name: str) -> ast.ClassDef | None:
    """The last class of this name in a cell: an earlier one is replaced by it."""
    nodes = ast.walk(ast.parse(text))
    found = [node for node in nodes if isinstance(node, ast.ClassDef) and node.name == name]
    return found[-1] if found else None


def _is_constant(name: str, value: Any) -> bool:
    kinds = (*PLAIN, np.ndarray, np.generic, list, tuple, dict, set, frozenset)
    return isinstance(value, kinds) and not name.startswith("__")


def _globals(code: types.CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _globals(constant)


def _library(module: str) -> dict[str, str]:
    """A module of a library, with the major and minor number of its release."""
    name = module.split(".")[0]
    found = {"module": module, "version": _release(name)}
    if name == "keras":
        # The same model trains otherwise on another backend or in another precision.
        config = importlib.import_module("keras").config
        backend = config.backend()
        found |= {"backend": f"{backend} {_release(backend)}", "dtype": config.dtype_policy().name}
    return found


def _release(name: str) -> str:
    version = getattr(importlib.import_module(name), "__version__", "")
    return ".".join(str(version).split(".")[:2])
