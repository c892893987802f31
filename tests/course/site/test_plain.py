"""MyST Markdown becomes Markdown that any notebook program shows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.site import plain

VALUES = {"ch01-accuracy": "0.98934", "ch01-spread": "0.9889 ± 0.0004 (3 seeds)"}


@pytest.mark.parametrize(
    ("myst", "markdown"),
    [
        ("Plain *text*.", "Plain *text*."),
        ("(where)=\n# Title", "# Title"),
        ("As {numref}`fig-a` and {eq}`eq-b`", "As fig-a and eq-b"),
        ("{ref}`the place <where>` and {doc}`text </book/x>`", "the place and text"),
        ("{cite:t}`lesson-s0` and {cite:p}`a,b`", "[lesson-s0] and [a,b]"),
        ("{math}`a_1 < b`", "$a_1 < b$"),
        ("{glue:text}`ch01-accuracy`", "0.98934"),
        ("{glue:text}`ch01-accuracy:.2f`", "0.99"),
        ("{glue:text}`ch01-accuracy:.1%`", "98.9%"),
        ("{glue:text}`ch01-spread`", "0.9889 ± 0.0004 (3 seeds)"),
        ("{glue:text}`ch01-spread:.2f`", "0.9889 ± 0.0004 (3 seeds)"),
        ("{glue:}`ch01-accuracy`", "0.98934"),
        ("{glue:text}`unknown`", "unknown"),
        ("```{math}\n:label: eq-b\na = b\n```", "$$\na = b\n$$"),
        ("```{code-block} python\nf(x)\n```", "```python\nf(x)\n```"),
        ("```python\nf(x)\n```", "```python\nf(x)\n```"),
        ("```{bibliography}\n:style: plain\n```\nEnd", "End"),
        (":::{div} provenance\nInside.\n:::", "Inside."),
        (":::{tip} Predict\nWhat?\n\nWhy?\n:::", "> **Predict**\n>\n> What?\n>\n> Why?"),
        ("```{note}\nText.\n```", "> **Note**\n>\n> Text."),
        (
            "::::{tab-set}\n:::{tab-item} One\nFirst.\n:::\n:::{tab-item} Two\nSecond.\n:::\n::::",
            "> **One**\n>\n> First.\n\n\n> **Two**\n>\n> Second.",
        ),
        (
            ":::{dropdown} Answer\n```python\nx = 1\n```\n:::",
            "> **Answer**\n>\n> ```python\n> x = 1\n> ```",
        ),
        (":::{tip} Open\nNever closed", "> **Open**\n>\n> Never closed"),
    ],
)
def test_what_only_the_site_knows_becomes_plain_markdown(myst: str, markdown: str) -> None:
    assert plain.markdown(myst, VALUES).strip() == markdown


PIECES = st.sampled_from(
    [
        *("```", ":::", "::::", "{note}", "{tip} T", "{math}", "{glue:text}`a:.2f`"),
        *(
            "{ref}`b <c>`",
            "`",
            "\n",
            "  ",
            "text",
            "(label)=",
            ":option: x",
            "{",
            "}",
            ">",
            "$",
            "`x`",
            "<c>",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_turned_and_no_directive_is_left(text: str) -> None:
    once = plain.markdown(text, {"a": "1.5"})
    assert not any(plain.FENCE.match(line) for line in once.splitlines())
    assert not re.search(r"\{(glue|ref|numref)[:a-z]*\}`[^`]+`", once)


@given(st.text(st.characters(max_codepoint=300), max_size=40))
def test_no_text_is_refused(text: str) -> None:
    plain.markdown(text, {})


@given(st.lists(st.sampled_from(["Some text.", "", "* item", "# Title", "`code`", "$x$"])))
def test_plain_markdown_stays_as_it_is(lines: list[str]) -> None:
    text = "\n".join(lines).strip("\n") + "\n"
    assert plain.markdown(text, {}) == text
