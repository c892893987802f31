from __future__ import annotations

import pytest

from course.check import links


def test_a_site_whose_links_all_lead_somewhere_has_no_findings(small_site, messages) -> None:
    assert messages(small_site, links.check) == []


def test_a_link_to_a_page_that_does_not_exist_is_found_with_its_line(small_site, messages) -> None:
    small_site.replace("index.html", "book/01-one.html", "book/one.html")
    (message,) = messages(small_site, links.check)
    assert message.startswith("index.html:12: link: book/one.html#results leads to no page")


def test_a_link_to_an_anchor_that_does_not_exist_is_found(small_site, messages) -> None:
    small_site.replace("index.html", "#results", "#result")
    (message,) = messages(small_site, links.check)
    assert "book/01-one.html has no anchor 'result'" in message


@pytest.mark.parametrize("address", ["/index.html", "../../index.html"])
def test_a_link_out_of_the_site_is_found(small_site, messages, address: str) -> None:
    small_site.page("book/02-two.html", f'<a href="{address}">home</a>')
    (message,) = messages(small_site, links.check)
    assert f"{address} leads out of the site" in message


def test_links_to_other_hosts_and_mail_addresses_are_allowed(small_site, messages) -> None:
    small_site.page("a.html", '<a href="https://keras.io/x#y">k</a><a href="mailto:a@b.org">m</a>')
    assert messages(small_site, links.check) == []


def test_a_redirect_to_a_page_that_does_not_exist_is_found(small_site, messages) -> None:
    small_site.write("old.html", '<meta http-equiv="refresh" content="0; url=book/new.html">')
    (message,) = messages(small_site, links.check)
    assert message.startswith("old.html:1: link: book/new.html leads to no page")


@pytest.mark.parametrize(
    ("place", "exists"),
    [
        ("/github/o/r/blob/gh-pages/book/01-one.ipynb", True),
        ("/github/o/r/blob/gh-pages/book/02-two.ipynb", False),
        ("/github/o/r/blob/gh-pages/book/01-one.md", False),
    ],
)
def test_colab_links_name_a_notebook_that_exists(
    small_site, messages, place: str, exists: bool
) -> None:
    small_site.page("a.html", f'<a href="https://colab.research.google.com{place}">Colab</a>')
    found = messages(small_site, links.check)
    assert [("opens no notebook" in message) for message in found] == ([] if exists else [True])
