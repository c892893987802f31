"""Code cells of the text, with their lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course import chapters


def code(path: Path) -> list[tuple[Any, int]]:
    """The code cells of a page and the lines at which they begin; of a page without code, none.

    Raises:
        ChapterError: the page is no notebook.
    """
    text = path.read_text(encoding="utf-8")
    if "{code-cell}" not in text:
        return []
    notebook = chapters.read_notebook(text, path)
    places = zip(notebook.cells, notebook.metadata["source_map"], strict=True)
    return [(cell, line + 1) for cell, line in places if cell.cell_type == "code"]
