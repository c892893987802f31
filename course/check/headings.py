"""Every page has one h1, a title, and a description for search engines."""

from __future__ import annotations

from collections.abc import Iterator

from course.check.findings import Finding
from course.check.pages import Site, line

HEADING = "heading"
DESCRIPTION = "description"
TITLE = "title"


def check(site: Site) -> Iterator[Finding]:
    """Findings for pages without exactly one h1, without a title or without a description."""
    for page in site.pages.values():
        title = page.soup.find("title")
        if title is None or not title.get_text(strip=True):
            yield Finding(page.file, 0, TITLE, "the page has no title.")
        if page.redirects:
            continue
        found = page.soup.find_all("h1")
        if not found:
            message = "the page has no h1; begin its source with one `# heading`."
            yield Finding(page.file, 0, HEADING, message)
        for extra in found[1:]:
            message = f"a second h1, {extra.get_text(' ', strip=True)!r}; make it an h2 (`##`)."
            yield Finding(page.file, line(extra), HEADING, message)
        meta = page.soup.find("meta", attrs={"name": "description"})
        if meta is None or not str(meta.get("content") or "").strip():
            message = "no description; add `myst: html_meta: description:` to the front matter."
            yield Finding(page.file, 0, DESCRIPTION, message)
