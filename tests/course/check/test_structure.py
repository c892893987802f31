"""The shape of a chapter: what every one begins and ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.check import structure

ROOT = Path(__file__).parents[3]
CHAPTER = """\
---
kernelspec: {name: python3}
---

# One

At the end of it you

- count.

**Data.** None. **Hardware.** Any. **Run
time.** None.

```{code-cell} python
1 + 1
```

:::{admonition} Predict before you look
:class: tip
How much?
:::

## Summary

Two.

## Check yourself

```{quiz}
```

## What comes next

Three.
"""
QUESTION = """\
- question: How much?
  answers:
    - right: Two
      because: It is.
    - wrong: Three
      because: It is not.
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with one chapter and its questions."""
    folder = tmp_path / "book"
    (folder / "quizzes").mkdir(parents=True)
    (folder / "quizzes" / "01-one.yml").write_text(3 * QUESTION, encoding="utf-8")
    (folder / "01-one.md").write_text(CHAPTER, encoding="utf-8")
    return folder


def found(book: Path) -> list[str]:
    return [f"{Path(f.file).name}:{f.line} {f.message}" for f in structure.check(book)]


def test_a_chapter_with_all_its_parts_has_no_fault(book: Path) -> None:
    assert found(book) == []


def test_a_page_without_code_is_no_chapter(book: Path) -> None:
    (book / "glossary.md").write_text("# Glossary\n", encoding="utf-8")
    assert found(book) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("**Data.** None.", "", "01-one.md:0 the opening does not state **Data.**"),
        ("**Hardware.** Any.", "", "01-one.md:0 the opening does not state **Hardware.**"),
        ("**Run\ntime.** None.", "", "01-one.md:0 the opening does not state **Run time.**"),
        ("- count.", "", "01-one.md:0 the opening has no list"),
        ("Predict before you look", "Guess", "01-one.md:0 no box asks"),
        ("## Summary", "## In short", "01-one.md:0 no section `## Summary`"),
        ("```{quiz}\n```", "", "01-one.md:23 the section after the summary has no `{quiz}`"),
        ("Two.\n", "```{quiz}\n```\n\n## More\n", "01-one.md:23 the section after"),
        ("## Check yourself\n\n```{quiz}\n```", "```{quiz}\n```", "01-one.md:23 the section"),
    ],
)
def test_a_part_that_is_missing_or_misplaced_is_named(
    book: Path, old: str, new: str, named: str
) -> None:
    assert old in CHAPTER
    (book / "01-one.md").write_text(CHAPTER.replace(old, new), encoding="utf-8")
    (message,) = found(book)
    assert message.startswith(named)


def test_what_is_stated_after_the_first_code_does_not_count(book: Path) -> None:
    text = CHAPTER.replace("**Data.** None.", "").replace("Two.\n", "**Data.** None.\n")
    (book / "01-one.md").write_text(text, encoding="utf-8")
    (message,) = found(book)
    assert "**Data.**" in message


@pytest.mark.parametrize(
    ("questions", "named"),
    [
        (None, "01-one.yml:0 missing"),
        (2 * QUESTION, "01-one.yml:0 2 questions. A chapter has 3 to 5."),
        (6 * QUESTION, "01-one.yml:0 6 questions"),
        (3 * QUESTION.replace("      because: It is not.\n", ""), "01-one.yml:5 question 1"),
    ],
)
def test_too_few_or_too_many_questions_and_answers_without_explanation_are_named(
    book: Path, questions: str | None, named: str
) -> None:
    file = book / "quizzes" / "01-one.yml"
    file.unlink()
    if questions is not None:
        file.write_text(questions, encoding="utf-8")
    (message,) = found(book)
    assert message.startswith(named)


def test_the_chapters_of_the_book_have_all_their_parts() -> None:
    assert found(ROOT / "book") == []
