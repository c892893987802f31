"""The self-check questions of a chapter, read from its file `book/quizzes/NAME.yml`.

Scalars are taken as they are written: `right: yes` is a word, not a truth value, and `1,400` stays
text. Every fault names file, line and question, and what to write instead.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from course.errors import QuizError

NAME = "quizzes"
FOLDER = f"book/{NAME}"
SINGLE, MULTIPLE, NUMERIC = KINDS = ("single", "multiple", "numeric")
QUESTIONS = range(3, 6)
CHOICES = range(2, 7)
LETTERS = string.ascii_lowercase
BLOCK = "Put the text on the lines below the key, after `|`, indented."


@dataclass(frozen=True)
class Text:
    """MyST Markdown, and the line of the file on which it begins."""

    text: str
    line: int


@dataclass(frozen=True)
class Answer:
    """What a reader can answer.

    Attributes:
        name: how explanations call it: its letter, or the number as the book writes it.
        text: what there is to choose; the number of a numeric question.
        right: whether it is right.
        because: why it is right or wrong.
    """

    name: str
    text: Text
    right: bool
    because: Text


@dataclass(frozen=True)
class Question:
    """A question and all its answers.

    Attributes:
        text: the question.
        kind: one of `KINDS`.
        answers: those to choose from; of a numeric question those that have an explanation.
        within: how far a number may be off.
        otherwise: what to say to any other number.
    """

    text: Text
    kind: str
    answers: tuple[Answer, ...]
    within: float = 0.0
    otherwise: Text | None = None

    def texts(self) -> Iterator[Text]:
        """Everything that a reader reads, in the order of the file."""
        yield self.text
        for answer in self.answers:
            yield answer.text
            yield answer.because
        if self.otherwise:
            yield self.otherwise


def file_of(root: Path, name: str) -> Path:
    """The file of a chapter's questions.

    Args:
        root: the folder of the course.
        name: of the chapter.
    """
    return root / FOLDER / f"{name}.yml"


def read(path: Path) -> list[Question]:
    """Read the questions of a chapter.

    Raises:
        QuizError: the file is missing, is no YAML, or has a question that is not complete.
    """
    if not path.is_file():
        raise QuizError(shown(path), 0, "missing. Write it; CONTRIBUTING.md shows how.")
    return _Reader(path).questions()


def shown(path: Path) -> str:
    """The file as messages call it, whichever folder the course lies in."""
    return f"{FOLDER}/{path.name}"


class _Reader:
    """Walks the nodes of one file, which know their lines."""

    def __init__(self, path: Path) -> None:
        self.file = shown(path)
        try:
            self.source = path.read_text(encoding="utf-8")
            self.root = yaml.compose(self.source, Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            raise QuizError(self.file, 0, f"not in UTF-8 ({error}). Save it so.") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
            line = mark.line + 1 if mark else 0
            raise QuizError(self.file, line, f"no YAML: {problem}. {BLOCK}") from error

    def questions(self) -> list[Question]:
        if not isinstance(self.root, yaml.SequenceNode):
            line = self.root.start_mark.line + 1 if self.root else 0
            message = "no list of questions. Begin each with `- question: |`."
            raise QuizError(self.file, line, message)
        found = [self._question(node, n) for n, node in enumerate(self.root.value, 1)]
        if len(found) not in QUESTIONS:
            amount = "one question" if len(found) == 1 else f"{len(found)} questions"
            bounds = f"{QUESTIONS[0]} to {QUESTIONS[-1]}"
            raise QuizError(self.file, 0, f"{amount}. A chapter has {bounds}.")
        return found

    def _question(self, node: yaml.Node, number: int) -> Question:
        where = f"question {number}"
        keys = self._mapping(node, where, {"question", "kind", "answers", "within", "otherwise"})
        text = self._text(keys, "question", node, where, "Ask it: `question: |`")
        kind = self._scalar(keys["kind"], where) if "kind" in keys else SINGLE
        if kind not in KINDS:
            self._fail(keys["kind"], where, f"kind {kind!r} is unknown. It is {_or(KINDS)}.")
        listed = keys.get("answers")
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            advice = "List them under `answers:`, each with `- right:` or `- wrong:`"
            self._fail(listed or node, where, f"no answers. {advice}.")
        names = iter(LETTERS)
        if kind != NUMERIC and len(listed.value) not in CHOICES:
            bounds = f"{CHOICES[0]} to {CHOICES[-1]}"
            amount = "one answer" if len(listed.value) == 1 else f"{len(listed.value)} answers"
            self._fail(listed, where, f"{amount}. Give {bounds} of them.")
        answers = tuple(self._answer(a, where, kind, next(names, "")) for a in listed.value)
        self._judge(listed, where, kind, answers)
        for key in ("within", "otherwise"):
            if key in keys and kind != NUMERIC:
                self._fail(keys[key], where, f"`{key}:` is for `kind: {NUMERIC}`. Remove it.")
        if kind != NUMERIC:
            return Question(text, kind, answers)
        advice = "Say what helps after any other number: `otherwise: |`"
        otherwise = self._text(keys, "otherwise", node, where, advice)
        within = self._number(keys["within"], where) if "within" in keys else 0.0
        if within < 0:
            self._fail(keys["within"], where, "`within:` is negative. Give a distance.")
        return Question(text, kind, answers, within, otherwise)

    def _answer(self, node: yaml.Node, question: str, kind: str, letter: str) -> Answer:
        where = f"{question}, answer {letter}"
        keys = self._mapping(node, where, {"right", "wrong", "because"})
        verdicts = [key for key in ("right", "wrong") if key in keys]
        if len(verdicts) != 1:
            said = "both `right:` and `wrong:`" if verdicts else "neither `right:` nor `wrong:`"
            self._fail(node, where, f"{said}. Write one of them, with the answer behind it.")
        (verdict,) = verdicts
        text = self._text(keys, verdict, node, where, f"Write the answer: `{verdict}: |`")
        because = self._text(
            keys, "because", node, where, f"Say why it is {verdict}: `because: |`", "explanation"
        )
        name = letter
        if kind == NUMERIC:
            number = self._number(keys[verdict], where)
            name = f"{number:,.0f}" if number.is_integer() else text.text
        return Answer(name, text, verdict == "right", because)

    def _judge(self, node: yaml.Node, where: str, kind: str, answers: tuple[Answer, ...]) -> None:
        """Refuse what cannot be answered."""
        right = [answer.name for answer in answers if answer.right]
        texts = [answer.text.text for answer in answers]
        if not right:
            self._fail(node, where, "no right answer. Mark it with `right:`.")
        if kind != MULTIPLE and len(right) > 1:
            advice = "Mark one with `right:`"
            advice += f", or write `kind: {MULTIPLE}`" if kind == SINGLE else ""
            self._fail(node, where, f"{len(right)} right answers ({_and(right)}). {advice}.")
        if kind != NUMERIC and len(right) == len(answers):
            self._fail(node, where, "no wrong answer. Add one that a reader could believe.")
        if len(set(texts)) < len(texts):
            twice = next(text for text in texts if texts.count(text) > 1)
            self._fail(node, where, f"the answer {twice!r} stands there twice. Remove one.")

    def _mapping(self, node: yaml.Node, where: str, known: set[str]) -> dict[str, yaml.Node]:
        """The values of a mapping by key; each key is known and stands there once."""
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, where, f"keys are expected here: {_or(sorted(known))}.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._scalar(key, where)
            if name not in known:
                self._fail(key, where, f"unknown key `{name}`. Use {_or(sorted(known))}.")
            if name in found:
                self._fail(key, where, f"`{name}:` stands there twice. Remove one.")
            found[name] = value
        return found

    def _text(
        self,
        keys: dict[str, yaml.Node],
        key: str,
        owner: yaml.Node,
        where: str,
        advice: str,
        missing: str = "",
    ) -> Text:
        node = keys.get(key)
        text = self._scalar(node, where).strip() if node is not None else ""
        if node is None or not text:
            self._fail(node or owner, where, f"no {missing or f'`{key}:`'}. {advice}.")
        # The text of a block begins on the line below its `|`.
        return Text(text, node.start_mark.line + (2 if node.style in ("|", ">") else 1))

    def _scalar(self, node: yaml.Node, where: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, where, f"a text is expected here. {BLOCK}")
        rest = self.source[node.end_mark.index :].partition("\n")[0]
        if node.style is None and rest.lstrip().startswith("#"):
            self._fail(node, where, f"YAML takes {rest.strip()!r} for a comment. {BLOCK}")
        return str(node.value)

    def _number(self, node: yaml.Node, where: str) -> float:
        text = self._scalar(node, where).strip()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self._fail(node, where, f"{text!r} is no number. Write digits only, as in 1400 or 0.5.")
        return number

    def _fail(self, node: yaml.Node, where: str, message: str) -> NoReturn:
        raise QuizError(self.file, node.start_mark.line + 1, f"{where}: {message}")


def _or(words: tuple[str, ...] | list[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return ", ".join(quoted[:-1]) + f" or {quoted[-1]}"


def _and(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}"
