"""Who types the code that a page shows, from the top to the bottom, must get no NameError."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

from course.check import cells
from course.check.findings import Finding
from course.errors import ChapterError

RULE = "typed"
# Cells with these tags are not on the page; one with `hide-input` is, behind a button.
REMOVED = frozenset(("remove-input", "remove-cell"))


def check(book_dir: Path) -> Iterator[Finding]:
    """Findings for code on a page that uses what only a cell beside the page sets.

    Args:
        book_dir: the folder of the text. Pages that are no notebooks are passed over: the check of
            figures names them.
    """
    for path in sorted(book_dir.glob("*.md")):
        removed, shown = set[str](), set[str]()
        found = []
        with contextlib.suppress(ChapterError):
            found = cells.code(path)
        for cell, line in found:
            made, used = names(cell.source)
            if REMOVED.intersection(cell.metadata.get("tags", ())):
                removed |= made
                continue
            lacking = sorted((used & removed) - shown - made)
            shown |= made
            if lacking:
                yield Finding(
                    str(path),
                    line,
                    RULE,
                    f"the code uses {', '.join(lacking)}, set in a cell that the page does not "
                    "show; tag that cell `hide-input`, or set it where readers see it.",
                )


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell makes, and those that it uses; none of one that is no plain Python."""
    made, used = set[str](), set[str]()
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name):
                (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                made.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                made |= {(one.asname or one.name).partition(".")[0] for one in node.names}
            elif isinstance(node, ast.arg):
                made.add(node.arg)
    return made, used
