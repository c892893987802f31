"""Numbers in running text that look measured come from an output, not from a keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from course import quizzes
from course.check.findings import Finding
from course.check.prose import CITATION, PUBLISHED, Passage, Waiver, passages
from course.errors import QuizError

RULE = "typed number"
# Names of measurements, and words that judge: a sentence with one of them speaks of results.
METRIC = re.compile(
    r"\b(?:accura\w+|loss(?:es)?|errors?|mse|mae|rmse|scores?|recall|precision|f1|auc)\b",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"\b(?:correct\w*|right|wrong\w*|mistakes?|misclassif\w+|recogni[sz]\w+|reach\w*)\b",
    re.IGNORECASE,
)
# A number beside one of these words is chosen, unless the sentence also speaks of results.
SETTING = re.compile(
    r"\b(?:rates?|dropout|decay|momentum|smoothing|threshold|probabilit\w+|epsilon)\b",
    re.IGNORECASE,
)
# How long a chapter takes to read is an estimate that nobody can measure here.
READING = re.compile(r"\breading\b|\bread\b", re.IGNORECASE)
# What stands before a number that is a version or a number of a thing.
NAMED = re.compile(
    r"(?:\b(?:python|keras|tensorflow|numpy|pandas|matplotlib|scikit-learn|sphinx|jupyter|version|"
    r"licen[cs]e|cc by(?:-sa)?|chapters?|sections?|figures?|fig\.|tables?|equations?|exercises?)|"
    r"§|v)\s*$",
    re.IGNORECASE,
)
NUMBER = r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?"
# A number with its unit, when it has one; never the beginning of a word or of a version.
PATTERN = re.compile(
    rf"(?P<number>{NUMBER})(?!\.\d)(?P<unit>\s*%|\s+per\s?cent\b|"
    r"\s*(?:ms|sec|secs|seconds?|min|mins|minutes?|hours?)\b|\s(?:s|h)\b|\s+times\b|(?=\s*±)|)"
    r"(?![\w])"
)
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?=\W*[A-Z\N{PILCROW SIGN}\N{SECTION SIGN}])")
TIME = re.compile(r"ms|s|secs?|seconds?|mins?|minutes?|h|hours?")
ADVICE = (
    "looks measured but is typed; quote it with {glue:text}, or mark a fact: cite it, say "
    "“published”, set it as `code` or $maths$, or write `% fact: reason` on the line above"
)


def check(book_dir: Path) -> Iterator[Finding]:
    """Findings for the chapters below a folder."""
    for path in sorted(book_dir.rglob("*.md")):
        yield from check_source(str(path), path.read_text(encoding="utf-8"))
    for path in sorted((book_dir / quizzes.NAME).glob("*.yml")):
        yield from check_questions(path)


def check_questions(path: Path) -> Iterator[Finding]:
    """Findings for the questions of one chapter."""
    try:
        found = quizzes.read(path)
    except QuizError as error:
        yield Finding(str(path), error.line, "quiz", error.problem)
        return
    for question in found:
        for text in question.texts():
            yield from check_source(str(path), text.text, text.line)


def check_source(file: str, source: str, first_line: int = 1) -> Iterator[Finding]:
    """Findings for one chapter, or for a text of another file.

    Args:
        file: how findings name it.
        source: its MyST Markdown.
        first_line: the line of the file on which it begins.
    """
    before = first_line - 1
    lines = source.split("\n")
    unused: dict[Waiver, None] = {}
    for passage in passages(source, first_line):
        if isinstance(passage, Waiver):
            if passage.reason:
                unused[passage] = None
            else:
                message = "`% fact:` gives no reason; say where the numbers below come from."
                yield Finding(file, passage.line, RULE, message)
            continue
        for number, at in measured(passage):
            if passage.waiver is not None:
                unused.pop(passage.waiver, None)
            else:
                line = before + _line(lines, passage.line - before + at, number)
                yield Finding(file, line, RULE, f"{number} {ADVICE}.")
    for waiver in unused:
        message = "`% fact:` stands above no number that needs it; remove it."
        yield Finding(file, waiver.line, RULE, message)


def measured(passage: Passage) -> Iterator[tuple[str, int]]:
    """Numbers of a passage that look measured, each with the lines that precede it in there."""
    if passage.published:
        return
    start = 0
    for end in [*(match.start() for match in SENTENCE_END.finditer(passage.text)), None]:
        sentence = passage.text[start:end]
        if CITATION not in sentence and not PUBLISHED.search(sentence):
            for match in PATTERN.finditer(sentence):
                if _looks_measured(match, sentence):
                    yield (
                        re.sub(r"\s+", " ", match[0].strip()),
                        passage.text.count("\n", 0, start + match.start()),
                    )
        start = end or 0


def _looks_measured(match: re.Match[str], sentence: str) -> bool:
    """Judge one number by its form, its unit and the words around it."""
    if NAMED.search(sentence[: match.start()]):
        return False
    decimals = len(match["number"].partition(".")[2])
    unit = match["unit"].strip()
    if TIME.fullmatch(unit):
        return not READING.search(sentence)
    if unit == "times":
        return decimals > 0
    named = bool(METRIC.search(sentence))
    judged = named or bool(VERDICT.search(sentence))
    if unit:  # per cent
        return decimals > 0 or judged
    if sentence[match.end() :].lstrip().startswith("±"):
        return True
    if decimals >= 2:
        return judged or not SETTING.search(sentence)
    return decimals == 1 and named


def _line(lines: list[str], guess: int, number: str) -> int:
    """The line that holds the number, at the guess or near it, counted from 1."""
    digits = number.split(" ")[0].rstrip("%")
    for line in (guess, guess + 1, guess - 1, guess + 2):
        if 1 <= line <= len(lines) and digits in lines[line - 1]:
            return line
    return guess
