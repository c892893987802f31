"""Checks of the built site and of its text; `course check` runs them all."""

from __future__ import annotations

from pathlib import Path

from course.check import (
    assets,
    figures,
    headings,
    images,
    links,
    markup,
    numbers,
    pages,
    structure,
    typed,
)
from course.check.findings import Finding
from course.errors import SiteError

__all__ = ["Finding", "check_site"]


def check_site(html_dir: Path, book_dir: Path) -> tuple[list[Finding], int]:
    """Run every check.

    Args:
        html_dir: the built site.
        book_dir: the sources of the text.

    Returns:
        The findings, sorted by place, and the number of pages.

    Raises:
        SiteError: one of the folders does not exist or is empty.
    """
    if not book_dir.is_dir():
        raise SiteError(f"{book_dir} does not exist. Name the folder of the text with --book.")
    site = pages.read(html_dir)
    found = [
        finding
        for check in (links.check, assets.check, images.check, headings.check, markup.check)
        for finding in check(site)
    ]
    texts = (numbers.check, structure.check, figures.check, typed.check)
    text = [finding for check in texts for finding in check(book_dir)]
    return sorted({*found, *text}), len(site.pages)
