"""Every chapter has the same shape: opening, predictions, summary, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.token import Token

from course import quizzes
from course.check.findings import Finding
from course.check.prose import parser
from course.errors import QuizError

RULE = "shape"
QUIZ = "quiz"
CELL = "{code-cell}"
# What the opening states, each in bold with a full stop, before the first code.
STATED = ("Data", "Hardware", "Run time")
PREDICT = re.compile(
    r"^(?:`{3,}|:{3,})\{(?:admonition|tip)\} +Predict before you look", re.MULTILINE
)
SUMMARY = "Summary"


def check(book_dir: Path) -> Iterator[Finding]:
    """Findings for chapters that lack a part which every chapter has.

    Args:
        book_dir: the folder of the text; a page with code cells in it is a chapter.
    """
    for path in sorted(book_dir.glob("*.md")):
        source = path.read_text(encoding="utf-8")
        tokens = parser().parse(source)
        if any(_is_directive(token, CELL) for token in tokens):
            yield from _opening(path, source, tokens)
            yield from _end(path, tokens)
            yield from _questions(path)


def _opening(path: Path, source: str, tokens: Sequence[Token]) -> Iterator[Finding]:
    first = next(i for i, token in enumerate(tokens) if _is_directive(token, CELL))
    before = tokens[:first]
    words = " ".join(" ".join(t.content.split()) for t in before if t.type == "inline")
    for stated in STATED:
        if f"**{stated}.**" not in words:
            message = f"the opening does not state **{stated}.** before the first code."
            yield Finding(str(path), 0, RULE, message)
    if not any(token.type == "bullet_list_open" for token in before):
        message = "the opening has no list of what the reader will be able to do."
        yield Finding(str(path), 0, RULE, message)
    if not PREDICT.search(source):
        message = "no box asks to “Predict before you look”; an experiment begins with a guess."
        yield Finding(str(path), 0, RULE, message)


def _end(path: Path, tokens: Sequence[Token]) -> Iterator[Finding]:
    """The summary is the last section but the questions and what to try or read next."""
    sections = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h2"]
    titles = [tokens[i + 1].content for i in sections]
    if SUMMARY not in titles:
        message = f"no section `## {SUMMARY}`; a chapter ends with one, and with its questions."
        yield Finding(str(path), 0, RULE, message)
        return
    at = titles.index(SUMMARY)
    bounds = [*sections, len(tokens)][at + 1 : at + 3]
    if len(bounds) < 2 or not any(_is_directive(t, "{quiz}") for t in tokens[slice(*bounds)]):
        line = (tokens[sections[at]].map or [0])[0] + 1
        message = "the section after the summary has no `{quiz}`; put the questions there."
        yield Finding(str(path), line, RULE, message)


def _questions(path: Path) -> Iterator[Finding]:
    """The questions are there, three to five, and explain every answer."""
    try:
        quizzes.read(path.parent / quizzes.NAME / f"{path.stem}.yml")
    except QuizError as error:
        file = path.parent / quizzes.NAME / f"{path.stem}.yml"
        yield Finding(str(file), error.line, QUIZ, error.problem)


def _is_directive(token: Token, name: str) -> bool:
    return token.type in ("fence", "colon_fence") and token.info.split()[:1] == [name]
