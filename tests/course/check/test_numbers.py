from __future__ import annotations

from pathlib import Path

import pytest

from course.check import numbers


def found(source: str) -> list[tuple[int, str]]:
    """Line and number of each finding in a source."""
    findings = numbers.check_source("book/a.md", source)
    return [(finding.line, finding.message.split(" looks")[0]) for finding in findings]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The net reaches 0.9889 on the test set.", "0.9889"),
        ("It ends at 0.99.", "0.99"),
        ("The mean squared error (mse) was 9.2 here.", "9.2"),
        ("It gets 98.9 % of them.", "98.9 %"),
        ("The accuracy is 97%.", "97%"),
        ("It is right in 97 per cent of the cases.", "97 per cent"),
        ("One epoch takes 98 s on two cores.", "98 s"),
        ("Training takes 5–6 minutes.", "6 minutes"),
        ("It is 2.5 times slower.", "2.5 times"),
        ("It gets 97 ± 2 digits.", "97"),
        ("The error rate is 0.02.", "0.02"),
        ("It reaches 0.98 at the highest rate.", "0.98"),
    ],
)
def test_a_number_that_looks_measured_is_found(sentence: str, number: str) -> None:
    assert found(sentence) == [(1, number)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The layer has 843,658 parameters, 16 maps of 28×28 and about 15.9 M weights.",
        "In 1998 the net had 5 layers; 20 % of the pictures are for validation.",
        "Keras 3.15 and TensorFlow 2.21.0 need Python 3.11 or version 3.12.",
        "The text is under CC BY 4.0, see section 2.10.",
        "Reading it takes 50 minutes.",
        "The learning rate rises to 0.004, dropout is 0.25.",
        "Dropout `0.25`, learning rate $0.001$ and ``0.98``.",
        "It reaches {glue:text}`ch01-accuracy:.4f` in {glue:text}`ch01-minutes` minutes.",
        "The published accuracy is 0.9929.",
        "That lesson reports 0.9929 {cite:p}`lesson-s1`.",
        "{cite:t}`lesson-s1` reports 0.9929.",
    ],
)
def test_a_fact_a_setting_a_source_or_a_glued_value_is_not_found(sentence: str) -> None:
    assert found(sentence) == []


def test_a_source_excuses_its_own_sentence_only() -> None:
    text = "It reached 0.9929 {cite:p}`a`. Ours\nreaches 0.9889."
    assert found(text) == [(2, "0.9889")]


def test_code_and_maths_are_not_read() -> None:
    text = (
        "```python\nx = 0.9889\n```\n\n    y = 0.9889\n\n$$\n0.9889\n$$\n\n```{math}\n0.9889\n```\n"
    )
    assert found(text) == []


def test_front_matter_and_the_code_of_a_cell_are_not_read() -> None:
    text = "---\na: 0.9889\n---\n\n```{code-cell} python\nx = 0.9889\n```\n"
    assert found(text) == []


def test_the_caption_of_a_cell_is_read() -> None:
    text = (
        "```{code-cell} python\n---\nmystnb:\n  figure:\n    caption: |\n      It reaches\n"
        "      0.9889.\n---\nx = 0.9777\n```\n"
    )
    assert found(text) == [(7, "0.9889")]


def test_titles_and_bodies_of_nested_directives_are_read_with_their_lines() -> None:
    text = (
        "# Heading\n\n::::{admonition} To 0.9881\n:class: tip\n\n- item\n\n```{note}\n"
        "Deep 0.9882\n```\n::::\n"
    )
    assert found(text) == [(3, "0.9881"), (9, "0.9882")]


def test_in_a_table_the_column_and_the_row_of_published_numbers_are_allowed() -> None:
    text = (
        "| model | ours | published |\n|---|---|---|\n| dense | 0.9881 | 0.9991 |\n"
        "| as published | 0.9992 | 0.9993 |\n"
    )
    assert found(text) == [(3, "0.9881")]


def test_a_fact_comment_allows_the_block_below_it_and_no_more() -> None:
    text = "% fact: 196,608 × 1,000 × 8 bytes\n- 1.47 GiB\n- 1.48 GiB\n\nThen 1.49 GiB.\n"
    assert found(text) == [(5, "1.49")]


def test_a_fact_comment_above_a_directive_allows_all_of_it() -> None:
    text = "% fact: arithmetic\n:::{note} Of 0.9881\nIt has 0.9882.\n:::\n\nIt has 0.9883.\n"
    assert found(text) == [(6, "0.9883")]


def test_a_fact_comment_needs_a_reason_and_a_number() -> None:
    findings = list(numbers.check_source("a.md", "% fact:\nNone.\n\n% fact: because\nNone.\n"))
    assert [(finding.line, finding.message.split(";")[0]) for finding in findings] == [
        (1, "`% fact:` gives no reason"),
        (4, "`% fact:` stands above no number that needs it"),
    ]


def test_other_comments_allow_nothing() -> None:
    assert found("% note to self\nIt reaches 0.9889.\n") == [(2, "0.9889")]


def test_every_chapter_is_read_and_named(tmp_path: Path) -> None:
    (tmp_path / "01.md").write_text("Fine.", encoding="utf-8")
    (tmp_path / "02.md").write_text("# A\n\nIt reaches 0.9889.", encoding="utf-8")
    (finding,) = numbers.check(tmp_path)
    assert str(finding).startswith(f"{tmp_path / '02.md'}:3: typed number: 0.9889 looks measured")
    assert "{glue:text}" in finding.message


QUESTION = """\
- question: Which?
  answers:
    - right: That one
      because: |
        Because it
        is larger.
    - wrong: This one
      because: It is {glue:text}`ch01-accuracy`, or $0.9889$.
"""


def test_the_questions_of_every_chapter_are_read_and_named_with_the_line_of_the_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "quizzes" / "01.yml"
    path.parent.mkdir()
    path.write_text(QUESTION * 3, encoding="utf-8")
    assert list(numbers.check(tmp_path)) == []

    measured = QUESTION.replace("is larger.", "reaches 0.9889.")
    path.write_text(QUESTION * 2 + measured, encoding="utf-8")
    (finding,) = numbers.check(tmp_path)
    assert str(finding).startswith(f"{path}:22: typed number: 0.9889 looks measured")


def test_questions_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "quizzes" / "01.yml"
    path.parent.mkdir()
    path.write_text(QUESTION * 2 + QUESTION.replace("right: That", "wrong: That"), encoding="utf-8")
    (finding,) = numbers.check(tmp_path)
    assert str(finding) == (f"{path}:19: quiz: question 3: no right answer. Mark it with `right:`.")
