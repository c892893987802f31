"""Two texts a figure: the caption says what to see, the alternative text what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.check import figures

ROOT = Path(__file__).parents[3]
CAPTION = "The *loss* of {term}`training` falls\n      below $x_1$."
ALT = "Line chart of the loss over ten epochs."
CHAPTER = f"""\
---
kernelspec: {{name: python3}}
---

# One

```{{code-cell}} python
1 + 1
```

```{{code-cell}} python
---
mystnb:
  image:
    alt: >-
      {ALT}
  figure:
    name: fig-01-loss
    caption: |
      {CAPTION}
---
plots.curves(found)
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with one chapter, whose figure has both texts."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "01-one.md").write_text(CHAPTER, encoding="utf-8")
    return folder


def found(book: Path, text: str | None = None) -> list[str]:
    if text is not None:
        (book / "01-one.md").write_text(text, encoding="utf-8")
    return [str(finding).replace(f"{book}/", "") for finding in figures.check(book)]


def test_a_figure_with_two_texts_has_no_fault(book: Path) -> None:
    assert found(book) == []


@pytest.mark.parametrize(
    "without",
    [
        CHAPTER.replace(f"  image:\n    alt: >-\n      {ALT}\n", ""),
        CHAPTER.replace(f"    alt: >-\n      {ALT}\n", "    width: 600px\n"),
        CHAPTER.replace(f"    alt: >-\n      {ALT}\n", ""),
        CHAPTER.replace(f"    alt: >-\n      {ALT}\n", '    alt: " "\n'),
    ],
)
def test_a_figure_without_an_alternative_text_is_named(book: Path, without: str) -> None:
    (message,) = found(book, without)
    assert message.startswith("01-one.md:12: alt text: fig-01-loss has no alternative text")
    assert "`mystnb: image: alt:`" in message


@pytest.mark.parametrize(
    "copied",
    [
        "The loss of training falls below x_1.",
        "the loss of training  falls\n      below x_1",
        CAPTION,
    ],
)
def test_a_figure_that_repeats_its_caption_is_named(book: Path, copied: str) -> None:
    (message,) = found(book, CHAPTER.replace(ALT, copied))
    assert message.startswith("01-one.md:12: alt text: fig-01-loss repeats its caption")


def test_a_figure_without_a_name_is_named_by_its_line(book: Path) -> None:
    text = CHAPTER.replace("    name: fig-01-loss\n", "").replace(ALT, '""')
    (message,) = found(book, text.replace(">-\n      ", ""))
    assert message.startswith("01-one.md:12: alt text: the figure has no alternative text")


def test_a_picture_without_a_caption_needs_a_text_too(book: Path) -> None:
    head = CHAPTER.partition("  image:")[0]
    (message,) = found(book, f"{head}  image:\n    width: 600px\n---\nplots.curves(found)\n```\n")
    assert message.startswith("01-one.md:12: alt text: the figure has no alternative text")


def test_a_cell_with_other_options_is_no_figure(book: Path) -> None:
    head = CHAPTER.partition("mystnb:")[0]
    assert found(book, f"{head}tags: [hide-input]\nmystnb: {{}}\n---\n1\n```\n") == []


def test_a_cell_that_is_shown_as_an_example_is_no_figure(book: Path) -> None:
    cell = CHAPTER.partition("# One\n\n")[2].replace(ALT, '""')
    assert found(book, f"# One\n\n````text\n{cell}````\n") == []


def test_a_chapter_that_cannot_be_read_is_named(book: Path) -> None:
    (message,) = found(book, CHAPTER.replace("mystnb:", "mystnb: ["))
    assert message.startswith("01-one.md: alt text: ")
    assert "no readable MyST notebook" in message
    assert "\n" not in message


def test_the_figures_of_the_book_have_two_texts() -> None:
    assert found(ROOT / "book") == []
