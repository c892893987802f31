"""What a test changes around a student's function, as it would in the notebook's own process."""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy

from autograder.trusted.generators import Generators

# Modules through which a test looks for a file or sets a variable of the environment.
BETWEEN = {"genericpath", "posixpath", "pathlib", "os", "glob", "collections"}
LOOKS, LISTS, SETS = (
    ("stat", "lstat", "access"),
    ("listdir", "scandir"),
    ("__setitem__", "__delitem__"),
)


class Surroundings:
    """Watches this process, in which the tests run.

    A seed that a test sets goes along with the next call, and so do `np.errstate` and that it waits
    for warnings. A builtin or an input that a test replaces cannot go along.

    Attributes:
        missing: a file that a test has looked for in the notebook's folder and that is not here, or
            this folder, where it has listed that; or "".
        kept: folders that are the grader's own: what lacks in them is nothing of the notebook's.
        named: is told a path that a test asks about.
        changed: whether the running case has changed `os.environ`, by hand.
        patching: how many replacements of `unittest.mock` hold just now.
        generators: those that everybody shares.
    """

    def __init__(self) -> None:
        self.missing, self.changed, self.patching, self.kept = "", False, 0, frozenset[str]()
        self.named: Callable[[Any], object] = bool
        for name in LOOKS:
            setattr(os, name, self.looking(unwrapped(getattr(os, name))))
        for name in LISTS:
            setattr(os, name, self.listing(unwrapped(getattr(os, name))))
        for name in SETS:
            variables = type(os.environ)
            setattr(variables, name, self.setting(unwrapped(getattr(variables, name))))
        self.errors, self.filters = numpy.geterr(), list(warnings.filters)
        self.generators = Generators()
        self.builtins = own(vars(builtins))
        self.stdin = sys.stdin

    def states(self) -> dict[str, Any]:
        """What goes along with a call: of the generators that tests have seeded, and of what they
        do about errors of NumPy and about warnings."""
        found = self.generators.going()
        if numpy.geterr() != self.errors:
            found["errors"] = numpy.geterr()
        if list(warnings.filters) != self.filters:
            found["warnings"] = True
        return found

    def replaced(self) -> str:
        """What a test has replaced that a function in another process does not see, or ""."""
        if sys.stdin is not self.stdin:
            return "sys.stdin"
        now = own(vars(builtins))
        differ = [name for name in now if now[name] is not self.builtins.get(name)]
        return f"the builtin {differ[0]}" if differ else ""

    def begin(self) -> None:
        """A case begins; what was there before it is nothing that it has changed."""
        self.missing, self.changed = "", False
        self.generators.begin()

    def unseen(self) -> str:
        """What a test has changed that a function in another process does not see, though it may
        need none of it; or ""."""
        if self.patching:
            return "something with unittest.mock"
        return "os.environ" if self.changed else ""

    def watch_mocks(self) -> None:
        """Notice what `unittest.mock` replaces; only where tests speak of it, as it is slow to
        import."""
        mock = importlib.import_module("unittest.mock")
        for kind in (mock._patch, mock._patch_dict):
            kind.__enter__ = self.counted(unwrapped(kind.__enter__), 1)
            kind.__exit__ = self.counted(unwrapped(kind.__exit__), -1)

    def counted(self, function: Callable[..., Any], step: int) -> Callable[..., Any]:
        """The function, by whose calls replacements begin or end."""

        @functools.wraps(function)
        def counting(*arguments: Any, **named: Any) -> Any:
            self.patching += step
            return function(*arguments, **named)

        return counting

    def looking(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted when a test looks for a file that is not here."""

        @functools.wraps(function)
        def look(path: Any, *arguments: Any, **named: Any) -> Any:
            if by_test(2):
                self.named(path)
            try:
                found = function(path, *arguments, **named)
            except FileNotFoundError:
                self.not_here(path)
                raise
            if found is False:
                self.not_here(path)
            return found

        return look

    def listing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted when a test lists this folder: files of the notebook's lack in it."""

        @functools.wraps(function)
        def list_(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            if isinstance(path, str | os.PathLike) and Path(path) == Path() and by_test(2):
                self.missing = "."
            return function(path, *arguments, **named)

        return list_

    def setting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted when a test changes a variable; libraries change some at import."""

        @functools.wraps(function)
        def set_(*arguments: Any) -> Any:
            self.changed = self.changed or by_test(2)
            return function(*arguments)

        return set_

    def not_here(self, path: Any) -> None:
        """Note a path below this folder, if it is a test that asks for it."""
        if not isinstance(path, str | os.PathLike) or not by_test(3):
            return
        looked = Path(path)
        if not looked.is_absolute() and not self.kept & set(looked.parts[:1]):
            self.missing = str(looked)


def unwrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as it was before anybody watched it."""
    found: Callable[..., Any] = getattr(function, "__wrapped__", function)
    return found


def by_test(depth: int) -> bool:
    """Whether the code so many calls up is a test's: no module, as far as Python knows."""
    frame = sys._getframe(depth)
    while frame is not None and str(frame.f_globals.get("__name__")).split(".")[0] in BETWEEN:
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and "__spec__" not in frame.f_globals


def own(found: dict[str, Any]) -> dict[str, Any]:
    """Builtins; names that begin with an underscore are the interpreter's."""
    return {name: value for name, value in found.items() if not name.startswith("_")}
