"""What a test changes around a student's function, as it would in the notebook's own process."""

from __future__ import annotations

import builtins
import random
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy


class Surroundings:
    """Watches this process, in which the tests run.

    A seed that a test sets goes along with the next call. A builtin or an input that a test
    replaces cannot go along.
    """

    def __init__(self) -> None:
        self.seeded: set[str] = set()
        self.watch("random", random, ("seed", "setstate"))
        self.watch("numpy", numpy.random, ("seed", "set_state"))
        self.builtins = own(vars(builtins))
        self.stdin = sys.stdin

    def watch(self, name: str, module: ModuleType, functions: tuple[str, ...]) -> None:
        """Notice calls of the functions that seed a generator which everybody shares."""
        for function in functions:
            setattr(module, function, self.noticed(name, getattr(module, function)))

    def noticed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted when it is called."""

        def seed(*arguments: Any, **named: Any) -> Any:
            self.seeded.add(name)
            return function(*arguments, **named)

        return seed

    def states(self) -> dict[str, Any]:
        """States of the generators that were seeded since they were asked for last, by module."""
        found: dict[str, Any] = {}
        if "random" in self.seeded:
            found["random"] = random.getstate()
        if "numpy" in self.seeded:
            found["numpy"] = numpy.random.get_state()
        self.seeded.clear()
        return found

    def replaced(self) -> str:
        """What a test has replaced that a function in another process does not see, or ""."""
        if sys.stdin is not self.stdin:
            return "sys.stdin"
        now = own(vars(builtins))
        differ = [name for name in now if now[name] is not self.builtins.get(name)]
        return f"the builtin {differ[0]}" if differ else ""


def own(found: dict[str, Any]) -> dict[str, Any]:
    """Builtins; names that begin with an underscore are the interpreter's."""
    return {name: value for name, value in found.items() if not name.startswith("_")}
