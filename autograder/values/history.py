"""What stands for the history of a training in a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What a test asks for to tell a dictionary, a list or a table; no history and no tensor has it.
ABSENT = frozenset({"keys", "items", "append", "columns", "iloc"})


class History:
    """What a training leaves behind: of all it has, `history` is carried."""

    def __init__(self, history: dict[Any, Any], opaque: Callable[[str], Any]) -> None:
        self.history = history
        self._opaque = opaque

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ABSENT:
            raise AttributeError(f"'History' object has no attribute {name!r}")
        return getattr(self._opaque(f"the {name} of a history"), name)
