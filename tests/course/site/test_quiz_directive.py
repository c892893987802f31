"""The questions of a chapter, as a page and as a notebook show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import small_course
from docutils import frontend, utils
from docutils.writers import html5_polyglot
from quiz_site import Site

from course import quizzes
from course.quizzes import Question
from course.site import quiz

NOTEBOOK = """\
**1.** How many *weights* has `Model`, as in $1 < 2$?

- a) None, & no "bias".
- b) Two

<details>
<summary>Answers to question 1, explained</summary>

- **a is not right.** It has {glue:text}`a-parameters`.
- **b is right.** One of them is {math}`w_1`:

  - the other is not.

</details>

**2.** Which run is loaded elsewhere? *Several answers can be right.*

- a) the first
- b) the second
- c) the third

<details>
<summary>Answers to question 2, explained</summary>

- **a is right.** Yes.
- **b is right.** Yes.
- **c is not right.** There is none.

</details>

**3.** How many seeds?

<details>
<summary>Answers to question 3, explained</summary>

- **2 is right.** 0 and 1.
- **1,400 is not right.** Too many.
- **Any other number is not right.** Count again.

</details>"""


@pytest.fixture
def found(tmp_path: Path) -> list[Question]:
    """The questions of the small course."""
    path = tmp_path / "a-train.yml"
    path.write_text(small_course.QUIZ, encoding="utf-8")
    return quizzes.read(path)


@pytest.mark.parametrize("fence", ["```{quiz}\n```", ":::{quiz}\n\n:::"])
def test_a_notebook_has_the_questions_with_folded_answers_in_place_of_the_directive(
    found: list[Question], fence: str
) -> None:
    text = f"## Check yourself\n\n{fence}\n\nThen."
    assert quiz.in_notebook(text, found) == f"## Check yourself\n\n{NOTEBOOK}\n\nThen."


QUIZ = small_course.QUIZ.replace("{glue:text}`a-parameters`", "*two*")
TWO_PARAGRAPHS = QUIZ.replace(" & no ", "\n\n        & no ").replace(
    "wrong: None", "wrong: |\n        None"
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site without pages."""
    return Site(tmp_path / "site")


def test_a_page_shows_questions_with_labels_button_and_folded_explanations(site: Site) -> None:
    site.write("a", QUIZ)
    assert site.build() == ""

    page = site.page("book/a")
    first, second, third = page.select(".quiz fieldset.quiz-question")
    assert [q["data-kind"] for q in (first, second, third)] == ["single", "multiple", "numeric"]

    legend = first.find("legend")
    assert first.contents[0] is legend
    assert legend.get_text() == "1. How many weights has Model, as in \\(1 < 2\\)?"
    assert legend.find("em").get_text() == "weights"
    assert "math" in legend.select_one("span.math")["class"]
    labels = first.select("label")
    assert [label.get_text() for label in labels] == ["a) None, & no “bias”.", "b) Two"]
    for label in labels:
        assert label.input["type"] == "radio"
        assert label.input["name"] == "quiz-1"
    assert [label.input["type"] for label in second.select("label")] == ["checkbox"] * 3
    assert {label.input["name"] for label in second.select("label")} == {"quiz-2"}
    assert third.select_one("label").get_text() == "Your number"
    assert third.select_one("label input")["type"] == "text"

    for number, asked in enumerate((first, second, third), 1):
        assert asked.button.get_text() == f"Check question {number}"
        assert asked.button["type"] == "button"
        assert asked.button.has_attr("hidden")
        status = asked.select_one("[role=status]")
        assert (status["aria-live"], status.contents) == ("polite", [])
        assert asked.details.summary.get_text() == f"Answers to question {number}, explained"
        assert not asked.details.has_attr("open")

    said = [b.get_text(" ", strip=True) for b in first.select("details .quiz-because")]
    assert said[0] == "a is not right. It has two ."
    assert said[1].startswith("b is right. One of them is")
    assert first.select(".quiz-because")[1].li.get_text().strip() == "the other is not."
    assert [b["data-right"] for b in second.select(".quiz-because")] == ["true", "true", "false"]
    numbers = third.select(".quiz-because")
    assert [b.get("data-number") for b in numbers] == ["2", "1400", None]
    assert [b.get("data-within") for b in numbers] == ["0.1", "0.1", None]
    assert [b.strong.get_text() for b in numbers] == [
        "2 is right.",
        "1,400 is not right.",
        "Any other number is not right.",
    ]


def test_only_a_page_with_a_quiz_loads_its_script_deferred_and_its_style(site: Site) -> None:
    site.write("a", QUIZ)
    site.write("none", None, "Text.\n")
    site.build()
    (script,) = site.page("book/a").select('script[src*="quiz.js"]')
    assert script.has_attr("defer")
    assert len(site.page("book/a").select('link[href*="quiz.css"]')) == 1
    for page in ("book/none", "index", "search"):
        assert "quiz" not in str(site.page(page).head)
    assert not [
        n for tag in site.page("book/a").select(".quiz *") for n in tag.attrs if n[:2] == "on"
    ]


def test_what_stands_in_the_questions_is_escaped(site: Site) -> None:
    site.write("a", QUIZ.replace('& no "bias".', "`<b>` \\<script>").replace("the first", "1 <2"))
    site.build()
    page = site.page("book/a")
    assert page.select_one(".quiz label").get_text() == "a) None, <b> <script>"
    assert "<b>" in page.select_one(".quiz label code").get_text()
    assert page.select(".quiz b") == page.select(".quiz script") == []
    assert page.select(".quiz fieldset")[1].label.get_text() == "a) 1 <2"


def test_attributes_are_escaped() -> None:
    settings = frontend.get_default_settings(html5_polyglot.Writer)
    translator: Any = html5_polyglot.HTMLTranslator(utils.new_document("page", settings))
    for node in (quiz.tag("div", data_a='"><b>'), quiz.tag("input", value="<'&")):
        quiz.visit(translator, node)
        quiz.depart(translator, node)
    assert "".join(translator.body) == (
        '<div data-a="&quot;&gt;&lt;b&gt;"></div><input value="&lt;\'&amp;" />'
    )


def test_a_page_is_read_again_when_its_questions_change_and_no_other(site: Site) -> None:
    site.write("a", QUIZ)
    site.write("b", QUIZ)
    site.build()
    other = site.root / "_build" / "html" / "book" / "b.html"
    before = other.stat().st_mtime_ns
    path = quizzes.file_of(site.root, "a")
    path.write_text(QUIZ.replace("Count again.", "Look at the list."), encoding="utf-8")
    assert site.build() == ""
    assert "Look at the list." in site.page("book/a").get_text()
    assert other.stat().st_mtime_ns == before


def test_a_quiz_that_cannot_be_shown_is_a_fault_of_the_build(site: Site) -> None:
    site.write("twice", QUIZ, "```{quiz}\n```\n\n```{quiz}\n```\n")
    site.write("missing", None)
    site.write("few", "- question: Why?\n")
    site.write("paragraphs", TWO_PARAGRAPHS)
    site.write("html", QUIZ.replace("Too many.", "Too <b>many</b>."))
    site.write("comment", QUIZ.replace('"0 and 1."', "|\n        % why"))
    site.write("stray", QUIZ, "Text.\n")
    (site.root / quizzes.FOLDER / "few.yaml").write_text("")
    said = site.build()
    for message in (
        "twice.md:6: ERROR: This page shows its quiz already; remove one of the two.",
        "missing.md:3: ERROR: book/quizzes/missing.yml: missing. Write it;",
        "few.md:3: ERROR: book/quizzes/few.yml:1: question 1: no answers.",
        "paragraphs.md:3: ERROR: book/quizzes/paragraphs.yml:5: question 1: more than one",
        "html.md:3: ERROR: book/quizzes/html.yml:27: question 3: HTML. Write Markdown",
        "comment.md:3: ERROR: book/quizzes/comment.yml:26: question 3: a comment.",
        "stray.yml:1: WARNING: no chapter shows these questions.",
        "few.yaml:1: WARNING: no chapter shows these questions.",
    ):
        assert message in said
    assert said.count("ERROR") + said.count("WARNING") == 8, said
