from __future__ import annotations

from pathlib import Path

import pytest

from course.check import pages
from course.errors import SiteError


def test_a_missing_folder_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"html does not exist.*make site"):
        pages.read(tmp_path / "html")


def test_an_empty_folder_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"holds no pages.*make site"):
        pages.read(tmp_path)


def test_files_of_the_theme_are_no_pages(small_site) -> None:
    assert set(pages.read(small_site.root).pages) == {"index.html", "book/01-one.html"}


@pytest.mark.parametrize(
    ("address", "name", "fragment"),
    [
        ("../index.html", "index.html", ""),
        ("02-two.html#sec%20a", "book/02-two.html", "sec a"),
        ("./a/../b.html?q=1", "book/b.html", ""),
        ("#here", "book/01-one.html", "here"),
        ("../", "index.html", ""),
        ("../book", "book/index.html", ""),
        ("../../secret.html", None, ""),
        ("/index.html", None, ""),
    ],
)
def test_relative_addresses_are_resolved_inside_the_site(
    small_site, address: str, name: str | None, fragment: str
) -> None:
    site = pages.read(small_site.root)
    assert site.resolve(site.pages["book/01-one.html"], address) == (name, fragment)
