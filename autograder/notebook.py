"""The cells of a submitted notebook, read as the JSON that it is."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from autograder.errors import Rejected

MAX_CELLS = 5_000
# Outputs of a cell that are looked at.
MAX_OUTPUTS = 100
# What Otter 7.0 shows of a passed check, followed by an emoji.
PASSED = re.compile(r"<p><strong><pre style='display: inline;'>[^<]{1,200}</pre></strong> passed! ")


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: its place among all cells, from 1.
        checks: questions that Otter checks after it, by the cell's metadata.
        emojis: how many passed checks Otter has shown below it, as the notebook was saved.
    """

    number: int
    source: str
    checks: tuple[str, ...] = ()
    emojis: int = 0


def cells(content: bytes) -> tuple[Cell, ...]:
    """Code cells of a notebook, without those that Otter leaves out.

    Raises:
        Rejected: it is no notebook, not for Python, or too long.
    """
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise Rejected(
            "This is no notebook: it is not JSON. Download it again as .ipynb and hand that in."
        ) from None
    if type(found) is not dict:
        raise Rejected("This is no notebook: it has no cells.")
    listed = found.get("cells")
    if listed is None and type(found.get("worksheets")) is list and found["worksheets"]:
        sheet = found["worksheets"][0]
        listed = sheet.get("cells") if type(sheet) is dict else None
    if type(listed) is not list:
        raise Rejected("This is no notebook: it has no cells.")
    if len(listed) > MAX_CELLS:
        raise Rejected(f"The notebook has {len(listed):,} cells; at most {MAX_CELLS:,} are graded.")
    language = mapping(mapping(found.get("metadata")).get("kernelspec")).get("language", "python")
    if language != "python":
        raise Rejected(f"The notebook is for {language!s:.40}; this assignment is in Python.")
    read = [cell(number, item) for number, item in enumerate(listed, 1)]
    return tuple(item for item in read if item is not None)


def checks_any(cells: Iterable[Cell], questions: Collection[str]) -> bool:
    """Whether a notebook checks one of these questions, by its text.

    A name in quotes beside any check will do, as in `for name in ["q1", "q2"]: grader.check(name)`.
    """
    cells = tuple(cells)
    if any(set(cell.checks) & set(questions) for cell in cells):
        return True
    text = "\n".join(cell.source for cell in cells)
    if re.search(r"\.check_all\b", text):
        return True
    return bool(re.search(r"\.check\b", text)) and any(
        f"{quote}{name}{quote}" in text for name in questions for quote in "\"'"
    )


def mapping(value: Any) -> dict[str, Any]:
    """The value where it is a JSON object, else an empty one."""
    return value if type(value) is dict else {}


def cell(number: int, item: Any) -> Cell | None:
    """One cell, or None where nothing is to be run."""
    item = mapping(item)
    if item.get("cell_type") != "code":
        return None
    source = item.get("source", item.get("input", ""))
    if type(source) is list and all(type(line) is str for line in source):
        source = "".join(source)
    if type(source) is not str:
        raise Rejected(f"Cell {number} is damaged: its text is no text.")
    metadata = mapping(item.get("metadata"))
    own = mapping(metadata.get("otter"))
    tags = metadata.get("tags")
    if own.get("ignore") or (type(tags) is list and "otter_ignore" in tags):
        return None
    tests = own.get("tests")
    checks = [test for test in tests if type(test) is str] if type(tests) is list else []
    return Cell(number, source, tuple(checks), emojis(item.get("outputs")))


def emojis(outputs: Any) -> int:
    """How many of the outputs of a cell are passed checks, as Otter shows them."""
    found = 0
    for output in outputs[:MAX_OUTPUTS] if type(outputs) is list else ():
        shown = mapping(mapping(output).get("data")).get("text/html")
        first = shown[0] if type(shown) is list and shown else shown
        found += type(first) is str and PASSED.match(first) is not None
    return found
