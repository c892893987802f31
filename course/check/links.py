"""Links inside the site lead to pages and anchors that exist; Colab gets notebooks that exist."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from course.check.findings import Finding
from course.check.pages import Page, Site, is_local, line

RULE = "link"
# Browsers scroll to the top for these, whatever the page holds.
TOP = ("", "top")
COLAB = "colab.research.google.com"


def check(site: Site) -> Iterator[Finding]:
    """Findings for every link of every page that leads nowhere."""
    for page in site.pages.values():
        for tag in page.soup.find_all(["a", "area"], href=True):
            address = str(tag["href"]).strip()
            message = _local(site, page, address) if is_local(address) else _colab(site, address)
            if message:
                yield Finding(page.file, line(tag), RULE, message)
        for tag in page.soup.find_all("meta", attrs={"http-equiv": True, "content": True}):
            _, found, address = str(tag["content"]).partition("url=")
            message = _local(site, page, address.strip()) if found and is_local(address) else None
            if message:
                yield Finding(page.file, line(tag), RULE, message)


def _local(site: Site, page: Page, address: str) -> str | None:
    name, fragment = site.resolve(page, address)
    if name is None:
        return f"{address} leads out of the site; write the link relative to the page."
    if not site.holds(name):
        return f"{address} leads to no page or file; mend the link or add {name}."
    target = site.pages.get(name)
    if target is not None and fragment not in TOP and fragment not in target.anchors:
        return f"{address}: {name} has no anchor {fragment!r}; mend the link or the label."
    return None


def _colab(site: Site, address: str) -> str | None:
    """Colab opens `…/blob/BRANCH/PATH`; the published branch holds what this folder holds."""
    parts = urlsplit(address)
    if parts.netloc != COLAB:
        return None
    _, found, place = unquote(parts.path).partition("/blob/")
    notebook = place.partition("/")[2]
    if not found or not notebook.endswith(".ipynb") or not site.holds(notebook):
        return f"{address} opens no notebook; the site has no file {notebook or '*.ipynb'}."
    return None
