"""What a test has around its call of a function and goes along: NumPy's errors, warnings."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from typing import Any

# Of one call; and characters of one text.
MOST, MAX_TEXT = 50, 2_000


@contextlib.contextmanager
def surrounded(states: dict[str, Any]) -> Iterator[list[warnings.WarningMessage]]:
    """Do something as the test has it done.

    Args:
        states: of the test's process: `errors`, what NumPy does about errors; `warnings`, whether
            the test has its own mind about which are given.

    Yields:
        A list that fills with the warnings that are given.
    """
    with contextlib.ExitStack() as stack:
        if "errors" in states:
            with contextlib.suppress(ImportError):
                numpy = importlib.import_module("numpy")
                stack.enter_context(numpy.errstate(**states["errors"]))
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        if states.get("warnings") is True:
            warnings.simplefilter("always")
        yield caught


def told(caught: list[warnings.WarningMessage]) -> list[list[Any]]:
    """Of each warning its text, the module of its class, and the names of the class and of those
    above it."""
    found = []
    for item in caught[:MOST]:
        with contextlib.suppress(Exception):
            names = [kind.__name__ for kind in item.category.__mro__[:MOST]]
            found.append([str(item.message)[:MAX_TEXT], str(item.category.__module__)[:200], names])
    return found
