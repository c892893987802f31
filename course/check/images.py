"""Every image has a text that says what is to be seen in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from course.check.findings import Finding
from course.check.pages import Site, line

RULE = "alt text"
FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp)", re.IGNORECASE)
ADVICE = "give the cell `mystnb: image: alt:` beside its caption"


def check(site: Site) -> Iterator[Finding]:
    """Findings for images without an alternative text, or with a file name for one."""
    for page in site.pages.values():
        for tag in page.soup.find_all("img"):
            name = PurePosixPath(unquote(urlsplit(str(tag.get("src") or "")).path))
            alt = tag.get("alt")
            text = str(alt or "").strip()
            if alt is None:
                message = f"{name} has no alt text; {ADVICE}."
            elif not text and not _decorates(tag):
                message = f"{name} has an empty alt text; {ADVICE}."
            elif text in (name.name, name.stem) or FILE_NAME.fullmatch(text):
                message = f"{name} has its file name for alt text; {ADVICE}."
            else:
                continue
            yield Finding(page.file, line(tag), RULE, message)


def _decorates(tag: Tag) -> bool:
    """An image may stay silent where its link or button says in words what it is."""
    if tag.get("role") in ("none", "presentation") or tag.get("aria-hidden") == "true":
        return True
    around = tag.find_parent(["a", "button"])
    return around is not None and bool(around.get_text(strip=True))
