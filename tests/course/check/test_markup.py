from __future__ import annotations

import pytest

from course.check import markup


def test_words_and_code_on_purpose_have_no_findings(small_site, messages) -> None:
    small_site.page("a.html", "<p>Sets {1, 2}.</p><code>{term}`a`</code><pre>```{note}</pre>")
    assert messages(small_site, markup.check) == []


@pytest.mark.parametrize(
    "text", ["```{list-table} A", ":::{note}", "see {numref}`fig-a`", "see [a](#b)", "% fact: a"]
)
def test_source_that_shows_as_text_is_found(small_site, messages, text: str) -> None:
    small_site.page("a.html", f"<p>{text}</p>")
    (message,) = messages(small_site, markup.check)
    assert message.startswith("a.html:12: markup: ")
    assert "shows as text" in message
