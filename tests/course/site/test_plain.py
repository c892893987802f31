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
        ("As {numref}`fig-a` and {eq}`eq-b`", "As the figure and the formula"),
        ("In {numref}`fig-a`, look at the edge.", "In the figure, look at the edge."),
        ("Look. {numref}`fig-a` shows it.", "Look. The figure shows it."),
        ("- {numref}`fig-a` shows it.", "- The figure shows it."),
        ("Where the peak of\n{numref}`fig-a` lies", "Where the peak of\nthe figure lies"),
        ("{numref}`Figure %s <fig-a>` and Table {numref}`tab-a`", "The figure and the table"),
        ("Compare {numref}`a` with {numref}`b`.", "Compare the figure with the other figure."),
        ("See {numref}`a`.\n\nSee {numref}`b`.", "See the figure.\n\nSee the figure."),
        ("Equation {eq}`eq-b` said 24.", "The formula said 24."),
        ("It has the formula,\n{eq}`eq-b`: every layer", "It has the formula: every layer"),
        (
            'Try.\n\n<link href="a.css">\n<div id="a">\n<p>No script.</p>\n</div>\n\n'
            '<script src="a.js"></script>\n\nThen',
            f"Try.\n\n{plain.DEMO}\n\n\nThen",
        ),
        ("```html\n<div>\n```", "```html\n<div>\n```"),
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
        ("```{math}\n```{note}", "$$\n\n> **Note**\n>\n$$"),
    ],
)
def test_what_only_the_site_knows_becomes_plain_markdown(myst: str, markdown: str) -> None:
    assert plain.markdown(myst, VALUES).strip() == markdown


def test_a_caption_is_set_in_italics_whatever_it_marks_itself() -> None:
    text = (
        "A *ramp* with {math}`a_1`, as in {numref}`fig-a`.\n\nThe end is {glue:}`ch01-accuracy`.\n"
    )
    assert plain.caption(text, VALUES) == (
        "_A *ramp* with $a_1$, as in the figure._\n\n_The end is 0.98934._\n"
    )


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
