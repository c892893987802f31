"""Is this a notebook that a kernel may be started for?"""

from __future__ import annotations

import json
from typing import Any

from autograder.errors import Rejected
from autograder.intake.limits import Limits, size

NO_NOTEBOOK = "Your file is not a Jupyter notebook"
SAVE_AGAIN = "Open it in Jupyter or Colab, save it, and hand in the .ipynb file."
CELL_TYPES = ("code", "markdown", "raw")


def check(data: bytes, limits: Limits) -> None:
    """Refuse what is no notebook of format 4, or a needlessly large one.

    Args:
        data: the file's bytes.
        limits: see `Limits`.

    Raises:
        Rejected: with the reason and the next step.
    """
    if len(data) > limits.notebook:
        raise Rejected(
            f"Your notebook has {size(len(data))}; {size(limits.notebook)} are allowed. "
            "Clear the outputs of cells that show many pictures, save, and hand it in again."
        )
    # Counted before reading: a list of a million empty lists is small as text and large as objects.
    brackets = data.count(b"{") + data.count(b"[")
    if brackets > limits.brackets or data.count(b",") > limits.commas:
        raise Rejected("Your notebook holds too many parts. Clear its outputs and save it again.")
    found = _parse(data)
    if not isinstance(found, dict) or not isinstance(found.get("cells", found), list):
        if isinstance(found, dict) and "worksheets" in found:
            raise Rejected(f"Your notebook has a format from before 2015. {SAVE_AGAIN}")
        raise Rejected(f"{NO_NOTEBOOK}: it has no cells. {SAVE_AGAIN}")
    if _deeper_than(found, limits.depth):
        raise Rejected("Your notebook nests its parts too deeply. Clear its outputs and save it.")
    if type(found.get("nbformat")) is not int or found["nbformat"] != 4:
        raise Rejected(f"Your notebook does not say that it has format 4. {SAVE_AGAIN}")
    _check_cells(found["cells"], limits)


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise Rejected(
            "Your notebook nests its parts too deeply. Clear its outputs and save it."
        ) from None
    except ValueError:  # UnicodeDecodeError and JSONDecodeError are kinds of it
        if data[:1] == b"%" or data[:2] in (b"PK", b"\x1f\x8b"):
            kind = "it looks like a PDF or an archive"
        elif not data.strip():
            kind = "it is empty"
        else:
            kind = "it cannot be read as JSON"
        raise Rejected(f"{NO_NOTEBOOK}: {kind}. {SAVE_AGAIN}") from None


def _check_cells(cells: list[Any], limits: Limits) -> None:
    if len(cells) > limits.cells:
        raise Rejected(f"Your notebook has {len(cells)} cells; {limits.cells} are allowed.")
    outputs = characters = 0
    for place, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
            raise Rejected(f"Cell {place} of your notebook is damaged. {SAVE_AGAIN}")
        source = cell.get("source", "")
        lines = source if isinstance(source, list) else [source]
        shown = cell.get("outputs", [])
        if not all(isinstance(line, str) for line in lines) or not isinstance(shown, list):
            raise Rejected(f"Cell {place} of your notebook is damaged. {SAVE_AGAIN}")
        try:
            characters += sum(len(line.encode("utf-8")) for line in lines)
        except UnicodeEncodeError:
            raise Rejected(
                f"Cell {place} of your notebook holds half a character. Write it again and save."
            ) from None
        outputs += len(shown)
    if outputs > limits.outputs:
        raise Rejected(
            f"Your notebook shows {outputs} outputs; {limits.outputs} are allowed. "
            "Clear them, save, and hand it in again."
        )
    if characters > limits.source:
        raise Rejected(
            f"The text of your cells has {size(characters)}; {size(limits.source)} are allowed. "
            "Move data from the cells to a file."
        )


def _deeper_than(found: Any, most: int) -> bool:
    """Whether lists and dicts are nested more than `most` deep, without recursion."""
    level = [found]
    for _ in range(most):
        level = [
            part
            for item in level
            for part in (item.values() if isinstance(item, dict) else item)
            if isinstance(part, (dict, list))
        ]
        if not level:
            return False
    return True
