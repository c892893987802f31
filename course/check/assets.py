"""What pages load, scripts, styles, images and fonts, is in the site and on no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bs4 import Tag

from course.check.findings import Finding
from course.check.pages import Page, Site, is_external, is_local, line, normal

MISSING = "asset"
REQUEST = "request"
# Attributes that make a browser load something, by tag.
LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# Kinds of <link> that only name an address; a browser loads nothing for them.
ONLY_NAMED = {"alternate", "author", "canonical", "index", "license", "next", "prev", "search"}
CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)""")
CSS_IMPORT = re.compile(r"""@import\s+(?:"([^"]*)"|'([^']*)')""")
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A script that asks another host, with the address written out. The browser tests see the rest.
SCRIPT_LOAD = re.compile(
    r"""(?:\b(?:fetch|import|importScripts|Worker|WebSocket|EventSource)\s*\(|\.src\s*=|
    \bfrom)\s*["'`]((?:https?:|wss?:)?//[^"'`]+)""",
    re.VERBOSE,
)


def check(site: Site) -> Iterator[Finding]:
    """Findings for files that pages load and that are missing or lie on another host."""
    seen: set[str] = set()
    for page in site.pages.values():
        for tag, address in _addresses(page):
            finding = _judge(site, page, address, line(tag))
            if finding:
                yield finding
            elif is_local(address):
                name, _ = site.resolve(page, address)
                if name is not None and name not in seen:
                    seen.add(name)
                    yield from _inside(site, name, seen)
        for tag in page.soup.find_all("script", src=False):
            for match in SCRIPT_LOAD.finditer(tag.get_text()):
                yield _request(page.file, line(tag), match[1])


def _addresses(page: Page) -> Iterator[tuple[Tag, str]]:
    """Everything that the page itself makes a browser load."""
    for tag in page.soup.find_all([*LOADS, "link"]):
        if tag.name == "link":
            kinds = {str(kind).lower() for kind in tag.get_attribute_list("rel") if kind}
            if tag.get("href") and not kinds <= ONLY_NAMED:
                yield tag, str(tag["href"])
            continue
        for attribute in LOADS[tag.name]:
            value = str(tag.get(attribute) or "").strip()
            if attribute == "srcset":
                for candidate in value.split(","):
                    if candidate.strip():
                        yield tag, candidate.split()[0]
            elif value and not value.startswith("#"):
                yield tag, value
    for tag in page.soup.find_all("style"):
        for address in css_addresses(tag.get_text()):
            yield tag, address
    for tag in page.soup.find_all(style=True):
        for address in css_addresses(str(tag["style"])):
            yield tag, address


def _judge(site: Site, page: Page, address: str, at: int) -> Finding | None:
    if is_external(address):
        return _request(page.file, at, address)
    if not is_local(address):
        return None
    name, _ = site.resolve(page, address)
    if name is None or not site.holds(name):
        message = f"{address} does not exist; mend the address or add the file."
        return Finding(page.file, at, MISSING, message)
    return None


def _inside(site: Site, name: str, seen: set[str]) -> Iterator[Finding]:
    """Findings inside a style sheet or script that a page loads, and in what it imports."""
    path = site.root / name
    if path.suffix == ".css":
        for address in css_addresses(path.read_text(encoding="utf-8")):
            if is_external(address):
                yield _request(str(path), 0, address)
            elif is_local(address) and not address.startswith("#"):
                target = normal(PurePosixPath(name).parent / re.split(r"[?#]", address)[0])
                if target is None or not site.holds(target):
                    yield Finding(str(path), 0, MISSING, f"{address} does not exist.")
                elif target not in seen:
                    seen.add(target)
                    yield from _inside(site, target, seen)
    elif path.suffix in (".js", ".mjs"):
        for match in SCRIPT_LOAD.finditer(path.read_text(encoding="utf-8")):
            yield _request(str(path), 0, match[1])


def css_addresses(css: str) -> Iterator[str]:
    """The addresses that a style sheet loads, without those in comments."""
    css = CSS_COMMENT.sub("", css)
    for match in CSS_URL.finditer(css):
        yield next((group for group in match.groups() if group), "")
    for match in CSS_IMPORT.finditer(css):
        yield next((group for group in match.groups() if group), "")


def _request(file: str, at: int, address: str) -> Finding:
    message = f"{address} would be fetched from another host; serve it with the site instead."
    return Finding(file, at, REQUEST, message)
