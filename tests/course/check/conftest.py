"""A small site that passes every check, for tests to break in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from course.check import pages
from course.check.findings import Finding

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<title>Page</title>
<meta name="description" content="What the page is about." />
<link rel="stylesheet" href="{up}_static/course.css?v=1" />
<link rel="canonical" href="https://example.org/{name}" />
<script src="{up}_static/course.js"></script>
</head>
<body>
<h1 id="top-heading">Heading</h1>
{body}
</body>
</html>
"""


class SmallSite:
    """A folder of pages with a style sheet, a script, an image and a notebook."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("_static", "_images", "book"):
            (root / name).mkdir()
        self.write("_static/course.css", "body { background: url('dots.svg') } /* url(no) */")
        self.write("_static/course.js", 'console.log("https://example.org is only a text");')
        self.write("_static/dots.svg", "<svg/>")
        self.write("_static/part.html", "<p>not a page</p>")
        self.write("_images/3f4e.png", "")
        self.write("book/01-one.ipynb", "{}")
        self.page("index.html", '<a href="book/01-one.html#results">one</a>')
        self.page(
            "book/01-one.html",
            '<section id="results"></section><a href="../index.html">home</a><a href="#">top</a>'
            '<img src="../_images/3f4e.png" alt="Two curves that fall apart." />',
        )

    def write(self, name: str, text: str) -> None:
        """Put a file into the site."""
        (self.root / name).write_text(text, encoding="utf-8")

    def page(self, name: str, body: str) -> None:
        """Put a page into the site that has all that a page needs, and this body."""
        self.write(name, PAGE.format(name=name, up="../" * name.count("/"), body=body))

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file of the site in one place."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))


Check = Callable[[pages.Site], Iterator[Finding]]


@pytest.fixture
def small_site(tmp_path: Path) -> SmallSite:
    """A site without faults."""
    root = tmp_path / "html"
    root.mkdir()
    return SmallSite(root)


@pytest.fixture
def messages() -> Callable[[SmallSite, Check], list[str]]:
    """Runs one check on a site: what it finds, without the folder's own path."""

    def run(site: SmallSite, check: Check) -> list[str]:
        return texts(site, check(pages.read(site.root)))

    return run


def texts(site: SmallSite, findings: Iterable[Finding]) -> list[str]:
    """Findings as the command prints them, without the folder's own path."""
    return [str(finding).replace(f"{site.root}/", "") for finding in sorted(findings)]
