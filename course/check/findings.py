"""What a check has found, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of the site or of its text. Findings sort by place.

    Attributes:
        file: path of the page or the source, as a reader would type it.
        line: line in that file, counted from 1; 0 when the whole file is meant.
        rule: short name of the check.
        message: what is wrong and what to do about it, on one line.
    """

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """`file:line: rule: message`, a form that editors understand."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.rule}: {self.message}"
