from __future__ import annotations

from course.check import headings


def test_a_page_with_one_h1_a_title_and_a_description_has_no_findings(small_site, messages) -> None:
    assert messages(small_site, headings.check) == []


def test_a_page_without_h1_is_found(small_site, messages) -> None:
    small_site.replace("index.html", '<h1 id="top-heading">Heading</h1>', "<h2>Heading</h2>")
    (message,) = messages(small_site, headings.check)
    assert message.startswith("index.html: heading: the page has no h1")


def test_a_second_h1_is_found_with_its_line_and_words(small_site, messages) -> None:
    small_site.page("index.html", "<p></p>\n<h1>Again <em>me</em></h1>")
    (message,) = messages(small_site, headings.check)
    assert message.startswith("index.html:13: heading: a second h1, 'Again me'")


def test_a_missing_and_an_empty_description_are_found(small_site, messages) -> None:
    small_site.replace("index.html", "What the page is about.", " ")
    small_site.replace("book/01-one.html", '<meta name="description"', '<meta name="keywords"')
    assert [message.split(": ")[:2] for message in messages(small_site, headings.check)] == [
        ["book/01-one.html", "description"],
        ["index.html", "description"],
    ]


def test_a_page_without_title_is_found(small_site, messages) -> None:
    small_site.replace("index.html", "<title>Page</title>", "<title></title>")
    assert messages(small_site, headings.check) == ["index.html: title: the page has no title."]


def test_a_redirect_needs_only_a_title(small_site, messages) -> None:
    small_site.write(
        "old.html", '<title>T</title><meta http-equiv="refresh" content="0; url=index.html">'
    )
    assert messages(small_site, headings.check) == []
