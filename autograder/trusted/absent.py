"""Which modules a case has looked for in vain: what a notebook installs or writes is not here."""

from __future__ import annotations

import re
import sys

# The last line of a traceback.
NO_MODULE = re.compile(r"^[^\S\n]*ModuleNotFoundError: No module named ['\"]([\w.]+)", re.MULTILINE)


class Absent:
    """The last of the finders: it is asked for what no other has found, and finds nothing.

    Attributes:
        names: that were asked for.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(self, name: str, *_: object) -> None:
        """Remember a name."""
        self.names.add(name)

    def begin(self) -> None:
        """A case begins."""
        self.names.clear()
        if self not in sys.meta_path:
            sys.meta_path.append(self)

    def named(self, message: str) -> str:
        """The module whose lack ended a case, or "".

        Args:
            message: of the case. It can hold an error of a function of the student's, who looked
                for a module elsewhere: that is none of ours.
        """
        found = [name for name in NO_MODULE.findall(message) if name in self.names]
        return found[-1] if found else ""
