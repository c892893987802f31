"""Warnings that a function of the student's has given, given again where the test can see them."""

from __future__ import annotations

import builtins
import sys
import warnings
from typing import Any

from autograder.values.wire import WireError

# Of one call; and characters of one text.
MOST, MAX_TEXT = 50, 2_000
# Python's own classes of warnings, by name.
OWN = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Warning)
}


def warn(told: Any) -> None:
    """Give the warnings that an answer tells of.

    Args:
        told: as it arrived: for each its text, the module of its class, and the names of the class
            and of those above it.

    Raises:
        WireError: they are described as none can be.
        Warning: the test has asked for warnings to be raised.
    """
    if told is None:
        return
    if type(told) is not list or len(told) > MOST:
        raise WireError("no warnings")
    for item in told:
        if type(item) is not list or len(item) != 3:
            raise WireError("no warning")
        text, module, names = item
        if type(text) is not str or type(module) is not str or type(names) is not list:
            raise WireError("no warning")
        # As if it came from the test's own call.
        warnings.warn(text[:MAX_TEXT], category(module, names), stacklevel=7)


def category(module: str, names: list[Any]) -> type[Warning]:
    """The class of a warning: a library's that this process has loaded, or one of Python's own."""
    loaded = getattr(sys.modules.get(module), "__dict__", {})
    named = [name for name in names[:MOST] if type(name) is str]
    found = loaded.get(named[0]) if named else None
    if isinstance(found, type) and issubclass(found, Warning):
        return found
    return next((OWN[name] for name in named if name in OWN), UserWarning)
