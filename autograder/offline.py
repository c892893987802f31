"""What a notebook loses because it has no network: that is left to a teacher, never 0.

All that is read here comes from the notebook's process. It can lead to a teacher, and to no points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.notebook import Cell
from autograder.records import Question

# Classes by their names: Python's, and those of libraries that fetch pages, data or weights.
CLASSES = (
    "URLError",
    "gaierror",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectTimeout",
    "NewConnectionError",
    "MaxRetryError",
    "NameResolutionError",
    "ProxyError",
    "ConnectError",
    "ClientConnectorError",
    "ClientConnectorDNSError",
    "ServerNotFoundError",
    "LocalEntryNotFoundError",
)
# At the begin of a line. `\s` would go on over the ends of empty lines, and once for each of them.
BLANKS = r"[^\S\n]*"
# What other classes say of it, such as the plain `Exception` of Keras.
SAID = re.compile(
    r"urlopen error|URL fetch failure|name resolution|Name or service not known|"
    r"Network is unreachable|No address associated with hostname|"
    r"Failed to establish a new connection|Max retries exceeded"
)
# The same in the traceback of a test.
RAISED = re.compile(rf"^{BLANKS}(?:[\w.]+\.)?(?:{'|'.join(CLASSES)})(?::|$)", re.MULTILINE)
# Programs that print what went wrong, and raise nothing: it shows in a cell after them.
NO_MODULE = ("ModuleNotFoundError", "ImportError")
PROGRAMS = {
    r"\b(?:pip3?|conda|mamba)\s+install\b": NO_MODULE,
    r"\b(?:wget|curl|gdown|kaggle|git\s+clone)\b": ("FileNotFoundError", *NO_MODULE),
}
LINE = rf"^{BLANKS}(?:\w+{BLANKS}={BLANKS})?[!%].*"
SCRIPT = re.compile(r"\s*%%(?:bash|sh|script|!)")
TOLD = 3  # cells that are named
WHY = "and there is none here. What is needed from it should be handed out with the assignment."


def asked(errors: Sequence[Any], cells: Iterable[Cell]) -> str:
    """Which cells wanted something from the network and ended in an error for it, or "".

    Args:
        errors: of cells, as the student's process tells them: `cell`, `error` (its class), `text`.
        cells: of the notebook.
    """
    listed = {cell.number: cell for cell in cells}
    found: dict[int, str] = {}
    lacking: dict[str, int] = {}
    for item in errors:
        number = item.get("cell") if isinstance(item, Mapping) else None
        if type(number) is not int or number not in listed:
            continue
        name = item.get("error")
        if name in CLASSES:
            found[number] = str(name)
        elif SAID.search(str(item.get("text"))):
            found[number] = "an error of the network"
        else:
            lacking[str(name)] = max(number, lacking.get(str(name), 0))
    for program, lacks in PROGRAMS.items():
        last = max(lacking.get(name, 0) for name in lacks)
        for number, cell in listed.items():
            line = "" if SCRIPT.match(cell.source) else LINE
            if number <= last and re.search(line + program, cell.source, re.MULTILINE):
                found.setdefault(number, "a program that downloads")
    named = [f"cell {number} ({what})" for number, what in sorted(found.items())]
    more = f" and {len(named) - TOLD} more" if len(named) > TOLD else ""
    return f"{', '.join(named[:TOLD])}{more}"


def left(
    questions: Iterable[Question], errors: Sequence[Any], cells: Iterable[Cell]
) -> tuple[Question, ...]:
    """The questions; those without all their points are left to a teacher where it can be the
    network that they lack.

    Args:
        questions: as the tests found them.
        errors, cells: see `asked`.
    """
    named = asked(errors, cells)
    return tuple(_left(question, named) for question in questions)


def _left(question: Question, named: str) -> Question:
    failed = [case for case in question.cases if case.passed is False]
    if named:
        reason = f"The notebook wanted the network in {named}, {WHY}"
    elif any(RAISED.search(case.detail) or SAID.search(case.detail) for case in failed):
        reason = f"A test, or a function that it called, wanted the network, {WHY}"
    else:
        return question
    return question.doubted(reason)
