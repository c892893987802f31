"""The built pages, read once for all checks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from course.errors import SiteError


@dataclass(frozen=True)
class Page:
    """One HTML page.

    Attributes:
        name: path below the site's folder, with `/`, as in `book/05-mnist.html`.
        file: path as a reader would type it.
        soup: the parsed page.
    """

    name: str
    file: str
    soup: BeautifulSoup

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Everything that a link's fragment can name."""
        named = {str(tag["id"]) for tag in self.soup.find_all(id=True)}
        named |= {str(tag["name"]) for tag in self.soup.find_all("a", attrs={"name": True})}
        return frozenset(named)

    @cached_property
    def redirects(self) -> bool:
        """Whether the page only sends its reader on to another one."""
        return any(
            str(meta["http-equiv"]).lower() == "refresh"
            for meta in self.soup.find_all("meta", attrs={"http-equiv": True})
        )


@dataclass(frozen=True)
class Site:
    """A folder of built pages.

    Attributes:
        root: the folder.
        pages: name to page, without the parts that Sphinx keeps in folders like `_static`.
    """

    root: Path
    pages: dict[str, Page]

    def resolve(self, page: Page, address: str) -> tuple[str | None, str]:
        """Where a relative address leads.

        Args:
            page: the page that names the address.
            address: as it stands in the page; without scheme and host.

        Returns:
            The name of a file of the site, or None when the address leads out of it, and the
            fragment.
        """
        parts = urlsplit(address)
        path = unquote(parts.path)
        if not path:
            return page.name, unquote(parts.fragment)
        if path.startswith("/"):
            return None, unquote(parts.fragment)
        name = normal(PurePosixPath(page.name).parent / path)
        if name is not None and (path.endswith("/") or (self.root / name).is_dir()):
            name = normal(PurePosixPath(name) / "index.html")
        return name, unquote(parts.fragment)

    def holds(self, name: str) -> bool:
        """Whether the site has a file of this name."""
        return (self.root / name).is_file()


def normal(path: PurePosixPath) -> str | None:
    """The path without `.` and `..`, or None when it leads out of the site."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def is_external(address: str) -> bool:
    """Whether a browser would ask another host for this address."""
    parts = urlsplit(address.strip())
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ws", "wss", "ftp")


def is_local(address: str) -> bool:
    """Whether the address names a file of this site, or a place in it."""
    parts = urlsplit(address.strip())
    return not parts.netloc and not parts.scheme


def line(tag: Tag) -> int:
    """The line of a tag in its page, counted from 1; 0 when it is not known."""
    return tag.sourceline or 0


def read(html_dir: Path) -> Site:
    """Read all pages of a built site.

    Raises:
        SiteError: there is no such folder, or there are no pages in it.
    """
    if not html_dir.is_dir():
        raise SiteError(f"{html_dir} does not exist. Build the site first: make site")
    pages: dict[str, Page] = {}
    for path in sorted(html_dir.rglob("*.html")):
        relative = path.relative_to(html_dir)
        if any(part.startswith("_") for part in relative.parts[:-1]):
            continue
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        pages[relative.as_posix()] = Page(relative.as_posix(), str(path), soup)
    if not pages:
        raise SiteError(f"{html_dir} holds no pages. Build the site first: make site")
    return Site(html_dir, pages)
