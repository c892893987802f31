"""What a training run depends on: its code, its constants, its data, its libraries, its seed."""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib
import inspect
import json
import linecache
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from course import fingerprint
from course.errors import RunError

NOTEBOOK = "__main__"
# Plain values describe themselves; everything else is described by what it is made of.
PLAIN = (bool, int, float, complex, str, bytes, type(None))


def describe(function: Callable[..., Any]) -> dict[str, Any]:
    """Everything that a function of a notebook uses, as plain JSON values.

    Args:
        function: a plain function.

    Raises:
        RunError: it uses an object that has no reliable description, such as a Keras model that
            stands outside the function.
    """
    return {"function": _Description().of(function, function.__name__)}


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
        if isinstance(value, np.ndarray):
            return {"array": array_digest(value)}
        if isinstance(value, np.generic):
            return repr(value.item())
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
                root = Path(__file__).parents[2]
                use = fingerprint.Use(module, value.__qualname__.split(".")[0])
                return {"course": fingerprint.reached([use], root)}
            if module != NOTEBOOK:
                return {**_library(module), "name": value.__qualname__}
            if isinstance(value, types.FunctionType):
                return self._function(value)
            return self._class(value)
        if isinstance(value, types.BuiltinFunctionType):
            return {**_library(value.__module__ or "builtins"), "name": value.__qualname__}
        raise RunError(
            f"A run cannot be kept, because its function uses {name!r}, a "
            f"{type(value).__module__}.{type(value).__name__} made outside it. "
            f"Make {name!r} inside the function, or hand over plain numbers or arrays."
        )

    def _function(self, function: types.FunctionType) -> dict[str, Any]:
        tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        values = {name: cell.cell_contents for name, cell in cells}
        values |= {
            name: function.__globals__[name]
            for name in _globals(function.__code__)
            if name in function.__globals__
        }
        return {
            "source": fingerprint.digest(fingerprint.meaning(tree)),
            "defaults": self.of(function.__defaults__, function.__name__),
            "uses": self._uses(values, tree),
        }

    def _class(self, cls: type) -> dict[str, Any]:
        methods = [m for m in vars(cls).values() if isinstance(m, types.FunctionType)]
        if not methods:
            raise RunError(f"The class {cls.__name__!r} has no method to find its source by.")
        text = "".join(linecache.getlines(methods[0].__code__.co_filename))
        trees = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ClassDef) and node.name == cls.__name__
        ]
        if not trees:
            raise RunError(f"The source of the class {cls.__name__!r} was not found.")
        values: dict[str, Any] = {}
        for method in methods:
            names = _globals(method.__code__)
            values |= {n: method.__globals__[n] for n in names if n in method.__globals__}
        values |= {base.__name__: base for base in cls.__bases__}
        return {
            "source": fingerprint.digest(fingerprint.meaning(trees[-1])),
            "uses": self._uses(values, trees[-1]),
        }

    def _uses(self, values: dict[str, Any], tree: ast.AST) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in sorted(values.items()):
            if isinstance(value, types.ModuleType) and value.__name__.startswith(
                f"{fingerprint.PACKAGE}."
            ):
                known = {name: fingerprint.Use(value.__name__, None)}
                root = Path(__file__).parents[2]
                found[name] = fingerprint.reached(fingerprint.uses(tree, known), root)
            else:
                found[name] = self.of(value, name)
        return found


def _globals(code: types.CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _globals(constant)


def _library(module: str) -> dict[str, str]:
    """A module of a library, with the major and minor number of its release."""
    top = importlib.import_module(module.split(".")[0])
    version = ".".join(str(getattr(top, "__version__", "")).split(".")[:2])
    return {"module": module, "version": version}
