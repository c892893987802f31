"""A figure has two texts: the caption says what to see, the alternative text what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.check import cells
from course.check.findings import Finding
from course.check.images import RULE
from course.errors import ChapterError
from course.site import merge

ADVICE = "say in `mystnb: image: alt:` what is in the picture, for a reader who cannot see it"


def check(book_dir: Path) -> Iterator[Finding]:
    """Findings for figures of chapters that have no alternative text of their own.

    The site falls back on the caption, which a screen reader then reads twice.

    Args:
        book_dir: the folder of the text.
    """
    for path in sorted(book_dir.glob("*.md")):
        try:
            found = cells.code(path)
        except ChapterError as error:
            yield Finding(str(path), 0, RULE, " ".join(str(error).split()))
            continue
        for cell, line in found:
            fault = _fault(cell.metadata)
            if fault:
                yield Finding(str(path), line, RULE, fault)


def _fault(metadata: Any) -> str:
    """What is wrong with the texts of a cell's figure; nothing for a cell without one."""
    options = metadata.get("mystnb") or {}
    figure, image = (options.get(key) for key in ("figure", "image"))
    if figure is None and image is None:
        return ""
    name = (figure or {}).get("name") or "the figure"
    said = _words((image or {}).get("alt"))
    if not said:
        return f"{name} has no alternative text of its own; {ADVICE}."
    if said == _words((figure or {}).get("caption")):
        return f"{name} repeats its caption as alternative text; {ADVICE}."
    return ""


def _words(text: object) -> list[str]:
    return re.findall(r"\w+", merge.plain(str(text or "")).casefold())
