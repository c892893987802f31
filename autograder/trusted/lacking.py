"""What a test has looked for in a module in vain: an import of the notebook's may bring it."""

from __future__ import annotations

import doctest
import functools
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import Any

# Errors that have led to each other.
MOST = 20


class Lacking:
    """Looks at the errors that end cases; as objects, since a notebook can write any text.

    Attributes:
        found: what the running case has looked for and not found, in words, or "".
        place: where the error came along that has ended it, or None.
    """

    def __init__(self) -> None:
        self.found = ""
        self.place: TracebackType | None = None
        self.also: Callable[..., None] = lambda *_: None

    def begin(self, file: Any, also: Callable[..., None] = lambda *_: None) -> None:
        """A case begins.

        Args:
            file: Otter's, of this case alone; where it makes messages itself, it is told the error.
            also: is given class, error and place of each.
        """
        self.found, self.also, self.place = "", also, None
        kind: Any = doctest.DocTestRunner
        told = kind.report_unexpected_exception
        kind.report_unexpected_exception = self.noted(getattr(told, "__wrapped__", told))
        if hasattr(file, "_generate_error_message"):
            file._generate_error_message = self.noted(file._generate_error_message)

    def noted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose arguments hold an error, perhaps with its class and place."""

        @functools.wraps(function)
        def note(*arguments: Any, **named: Any) -> Any:
            for given in (*arguments, *named.values()):
                parts = given if type(given) is tuple else (given,)
                for part in parts:
                    if issubclass(type(part), BaseException):
                        self.place = self.place or part.__traceback__
                        self.look(part)
            return function(*arguments, **named)

        return note

    def line(self, function: Any) -> int | None:
        """At which line of a test's function the error came, or None."""
        place = self.place
        while place is not None and place.tb_frame.f_code is not function.__code__:
            place = place.tb_next
        return None if place is None else place.tb_lineno

    def look(self, error: BaseException | None) -> None:
        """Note what an error, or one that a test has caught before it, says of a module."""
        first = error
        for _ in range(MOST):
            if error is None:
                return
            if error is first or caught_by_test(error):
                self.also(type(error), error, error.__traceback__)
            # Python sets both; of an exception that has arrived from a notebook they are None.
            if (
                isinstance(error, AttributeError)
                and issubclass(type(error.obj), ModuleType)
                and (error is first or caught_by_test(error))
            ):
                whose = str(vars(error.obj).get("__name__"))
                self.found = self.found or f"{whose}.{error.name}"[:200]
            error = error.__cause__ or error.__context__


def caught_by_test(error: BaseException) -> bool:
    """Whether it was no library that has caught an error: these look for names, and go on."""
    place = error.__traceback__
    return place is not None and "__spec__" not in place.tb_frame.f_globals
