"""What a test asked the student's functions, and what they answered, as a teacher reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.trusted.seen import LONG, described_as

# Calls of one case that are kept, and characters of all of them together.
MOST, ALL = 12, 4_000


class Calls:
    """The calls of one test case.

    Attributes:
        count: how many there were.
        lines: the first of them.
    """

    def __init__(self) -> None:
        self.count = 0
        self.lines: list[str] = []

    def asked(self, name: str, given: Sequence[Any], named: Mapping[str, Any]) -> None:
        """Note a call before it is made: a function can change what it is given."""
        self.count += 1
        if self.count <= MOST:
            told = [described_as(item) for item in given]
            told += [f"{key}={described_as(item)}" for key, item in named.items()]
            self.lines.append(f"{name[:LONG]}({'; '.join(told)})")

    def answered(self, value: Any) -> None:
        """Note the answer to the last call."""
        if self.count <= MOST:
            self.lines[-1] += f" → {described_as(value)}"

    def raised(self, error: BaseException) -> None:
        """Note that the last call gave an exception in place of an answer."""
        if self.count <= MOST:
            self.lines[-1] += f" raised {type(error).__name__}: {str(error)[:LONG]}"

    def text(self) -> str:
        """A line for each call, or "" where there were none."""
        lines = [*self.lines]
        if self.count > len(lines):
            lines.append(f"… and {self.count - len(lines)} more calls")
        text = "\n".join(lines)
        return text if len(text) <= ALL else f"{text[:ALL]} …"
