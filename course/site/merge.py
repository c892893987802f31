"""Brings a chapter's text and its outputs together. Nothing is executed here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sphinx.util import logging

from course import chapters, fingerprint
from course.errors import OutputsError
from course.execution import outputs
from course.site import provenance

LOGGER = logging.getLogger(__name__)
ROLE = re.compile(r"\{[a-z:]+\}`([^`]*)`")
MATH = re.compile(r"\$([^$]*)\$")
COMMONMARK = MarkdownIt("commonmark")
BREAKS = ("softbreak", "hardbreak")
GAP = Token("softbreak", "", 0)


def read(text: str, *, name: str, root: str, profile: str) -> Any:
    """The notebook that Jupyter Book shows: a chapter with the outputs that belong to it.

    Args:
        text: the chapter's text.
        name: its name.
        root: the folder of the course.
        profile: whose outputs to show.

    Returns:
        A notebook node. A cell that changed since the outputs were made has none.
    """
    path = Path(root) / chapters.FOLDER / f"{name}.md"
    notebook = chapters.read_notebook(text, path)
    try:
        found = outputs.read(outputs.file_of(Path(root), profile, name))
    except OutputsError:
        found = None  # the state of the chapter has said so already
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    lines = notebook.metadata["source_map"]
    if found is not None:
        give(code, found)
        notebook.cells.append(nbformat.v4.new_markdown_cell(provenance.footer(found)))
        lines.append(len(text.splitlines()))
    for cell, line in zip(notebook.cells, lines, strict=True):
        if cell.cell_type == "code":
            describe(cell, f"{path}:{line + 1}")
    return notebook


def give(code: list[Any], found: outputs.Outputs) -> None:
    """Give code cells their outputs, in place.

    When cells were added or removed, an unchanged cell still finds its own, by what it means.
    """
    recorded = found.key["cells"]
    now = [fingerprint.cell_meaning(cell.source) for cell in code]
    waiting: dict[str, list[Any]] = {}
    for digest, cell in zip(recorded, found.cells, strict=True):
        waiting.setdefault(digest, []).append(cell)
    for digest, cell in zip(now, code, strict=True):
        if waiting.get(digest):
            source = waiting[digest].pop(0)
            cell.outputs, cell.execution_count = source.outputs, source.execution_count


def describe(cell: Any, location: str) -> None:
    """Give the picture of a cell that has no alternative text its caption for one, in place."""
    if not any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
        return
    options = cell.metadata.setdefault("mystnb", {})
    image = options.setdefault("image", {})
    caption = options.get("figure", {}).get("caption", "")
    if not image.get("alt"):
        image["alt"] = plain(caption)
    if not image["alt"]:
        LOGGER.warning(
            "a figure has neither caption nor alternative text. Add mystnb: figure: caption: to "
            "its cell.",
            location=location,
            type="course",
            subtype="alt",
        )


def plain(caption: str) -> str:
    """A caption without markup, on one line."""
    source = MATH.sub(r"`\1`", ROLE.sub(r"\1", caption))
    blocks = [block.children or [] for block in COMMONMARK.parse(source)]
    words = [" " if token.type in BREAKS else token.content for b in blocks for token in [*b, GAP]]
    return " ".join("".join(words).replace("\\", "").split())
