"""The self-check questions of a chapter, as a page shows them and as a notebook does.

On the page every question is a `fieldset`, with the explanations folded at its end. The script
`web/static/quiz.js` brings the button that checks to life; without it the explanations are there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course import quizzes
from course.errors import QuizError
from course.quizzes import MULTIPLE, NUMERIC, Question, Text

LOGGER = logging.getLogger(__name__)
SCRIPT, STYLE = "quiz.js", "quiz.css"
FENCE = re.compile(r"^(`{3,}|:{3,})\{quiz\}[ ]*\n(?:[ ]*\n)*\1[ ]*$", re.MULTILINE)
# Every word of ours that a reader sees; those of the script stand in the script.
CHECK, NUMBER, SEVERAL = "Check", "Your number", "Several answers can be right."
RIGHT, WRONG, OTHER = "{} is right.", "{} is not right.", "Any other number"
EXPLAINED = "Answers to question {}, explained"


class html_element(nodes.General, nodes.Element):
    """An element of HTML. Attributes: its tag, and html, its attributes by name."""


class html_line(nodes.General, nodes.TextElement):
    """An element of HTML that holds one line of text. Attributes: as above."""


def setup(app: Sphinx) -> None:
    """Register the directive, its nodes, and what a page with a quiz loads."""
    app.add_directive("quiz", Quiz)
    for node in (html_element, html_line):
        app.add_node(node, html=(visit, depart))
    app.connect("html-page-context", add_files)
    app.connect("env-check-consistency", warn_of_strays)


class Quiz(SphinxDirective):
    """Shows the questions of the page's chapter."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """The questions, as nodes."""
        shown = self.env.metadata[self.env.docname]
        if "quiz" in shown:
            raise self.error("This page shows its quiz already; remove one of the two.")
        shown["quiz"] = "yes"
        self.path = quizzes.file_of(Path(self.env.srcdir), _name(self.env.docname))
        self.env.note_dependency(str(self.path))
        try:
            found = quizzes.read(self.path)
            return [tag("div", *(self.question(q, n) for n, q in enumerate(found, 1)), cls="quiz")]
        except QuizError as error:
            raise self.error(str(error)) from error

    def question(self, asked: Question, number: int) -> nodes.Element:
        """One question with its answers, button and explanations."""
        return tag(
            "fieldset",
            self.one_line("legend", asked.text, number, f"{number}. "),
            *self.answers(asked, number),
            tag(
                "button",
                nodes.Text(CHECK),
                tag("span", nodes.Text(f" question {number}"), cls="quiz-unseen"),
                type="button",
                hidden="hidden",  # until the script is there
            ),
            tag("div", cls="quiz-verdict", role="status", aria_live="polite"),
            tag(
                "details",
                tag("summary", nodes.Text(EXPLAINED.format(number))),
                *self.explanations(asked, number),
            ),
            cls="quiz-question",
            data_kind=asked.kind,
        )

    def answers(self, asked: Question, number: int) -> list[html_element]:
        """What there is to choose, or the field for a number."""
        if asked.kind == NUMERIC:
            box = tag("input", type="text", inputmode="decimal", autocomplete="off")
            label = tag("span", nodes.Text(NUMBER))
            return [tag("label", label, box, cls="quiz-number")]
        several = asked.kind == MULTIPLE
        box_type = "checkbox" if several else "radio"
        made = [tag("p", nodes.Text(SEVERAL), cls="quiz-hint")] if several else []
        for answer in asked.answers:
            box = tag("input", type=box_type, name=f"quiz-{number}", autocomplete="off")
            text = self.one_line("span", answer.text, number, f"{answer.name}) ")
            made.append(tag("label", box, text, cls="quiz-answer"))
        return made

    def explanations(self, asked: Question, number: int) -> list[html_element]:
        """Why each answer is right or wrong."""
        made = []
        for answer in asked.answers:
            numeric = {"data_number": answer.text.text, "data_within": str(asked.within)}
            made.append(
                tag(
                    "div",
                    *self.explained(answer.because, number, verdict(answer.name, answer.right)),
                    cls="quiz-because",
                    data_right=str(answer.right).lower(),
                    **(numeric if asked.kind == NUMERIC else {}),
                )
            )
        if asked.otherwise:
            text = self.explained(asked.otherwise, number, verdict(OTHER, False))
            made.append(tag("div", *text, cls="quiz-because", data_right="false"))
        return made

    def explained(self, text: Text, number: int, words: str) -> list[nodes.Node]:
        """An explanation that begins with the verdict, in bold."""
        parsed = self.parsed(text, number)
        if not parsed or not isinstance(parsed[0], nodes.paragraph):
            parsed.insert(0, nodes.paragraph())
        first = parsed[0]
        assert isinstance(first, nodes.paragraph)
        first.insert(0, [nodes.strong(words, words), nodes.Text(" ")])
        return parsed

    def one_line(self, kind: str, text: Text, number: int, before: str) -> nodes.Element:
        """What is asked or chosen: one paragraph, because buttons and legends hold no more."""
        parsed = self.parsed(text, number)
        if len(parsed) != 1 or not isinstance(parsed[0], nodes.paragraph):
            message = "more than one paragraph. Lists and blocks belong under `because:`."
            raise self.fault(text, number, message)
        paragraph = parsed[0]
        made = html_line(paragraph.rawsource, before, *paragraph.children, tag=kind, html={})
        made.source, made.line = paragraph.source, paragraph.line
        return made

    def parsed(self, text: Text, number: int) -> list[nodes.Node]:
        """The nodes of a piece of MyST Markdown."""
        inside = nodes.Element()
        lines = StringList(text.text.splitlines(), str(self.path))
        self.state.nested_parse(lines, self.content_offset, inside)
        if next(inside.findall(nodes.raw), None) is not None:
            raise self.fault(text, number, "HTML. Write Markdown, and code in `backticks`.")
        if next(inside.findall(nodes.comment), None) is not None:
            raise self.fault(text, number, "a comment. Comments begin with # outside of texts.")
        return list(inside.children)

    def fault(self, text: Text, number: int, message: str) -> QuizError:
        """A fault of a text that only shows when it is parsed."""
        return QuizError(quizzes.shown(self.path), text.line, f"question {number}: {message}")


def tag(name: str, /, *children: nodes.Node, **attributes: str) -> html_element:
    """An element of HTML; `cls` is its class, `data_kind` becomes `data-kind`."""
    named = {{"cls": "class"}.get(k, k.replace("_", "-")): v for k, v in attributes.items()}
    return html_element("", *children, tag=name, html=named)


def verdict(name: str, right: bool) -> str:
    """The words that an explanation begins with."""
    return (RIGHT if right else WRONG).format(name)


def visit(self: HTML5Translator, node: nodes.Element) -> None:
    """Write the start of an element. Its attributes are escaped there."""
    write = self.emptytag if node["tag"] == "input" else self.starttag
    self.body.append(write(nodes.Element(), node["tag"], "", **node["html"]))


def depart(self: HTML5Translator, node: nodes.Element) -> None:
    """Write the end of an element; an input has none."""
    if node["tag"] != "input":
        self.body.append(f"</{node['tag']}>")


def add_files(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load script and style on a page with a quiz, and on no other."""
    del templatename, context, doctree
    if "quiz" in app.env.metadata.get(pagename, {}):
        app.add_css_file(STYLE)
        app.add_js_file(SCRIPT, defer="defer")


def warn_of_strays(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of questions that no page shows."""
    shown = {_name(page) for page in env.found_docs if "quiz" in env.metadata.get(page, {})}
    for path in sorted((Path(app.srcdir) / quizzes.FOLDER).glob("*")):
        if path.suffix != ".yml" or path.stem not in shown:
            LOGGER.warning(
                "no chapter shows these questions. A file is called like its chapter, and ends in "
                ".yml; the chapter has a directive {quiz} where they are to stand.",
                location=f"{path}:1",
                type="course",
                subtype="quiz",
            )


def in_notebook(text: str, found: list[Question]) -> str:
    """The text of a chapter with its questions in place of the directive, as Markdown."""
    return FENCE.sub(lambda _: markdown(found), text)


def markdown(found: list[Question]) -> str:
    """Questions as MyST Markdown, with folded answers."""
    return "\n\n".join(_asked(asked, number) for number, asked in enumerate(found, 1))


def _asked(asked: Question, number: int) -> str:
    numeric = asked.kind == NUMERIC
    given = [] if numeric else [f"- {a.name}) {_joined(a.text)}" for a in asked.answers]
    hint = f" *{SEVERAL}*" if asked.kind == MULTIPLE else ""
    folded = [f"- **{verdict(a.name, a.right)}** {_item(a.because)}" for a in asked.answers]
    if asked.otherwise:
        folded.append(f"- **{verdict(OTHER, False)}** {_item(asked.otherwise)}")
    return "\n".join(
        [
            f"**{number}.** {_joined(asked.text)}{hint}",
            "",
            *given,
            *([""] if given else []),
            f"<details>\n<summary>{EXPLAINED.format(number)}</summary>\n",
            *folded,
            "\n</details>",
        ]
    )


def _joined(text: Text) -> str:
    return " ".join(text.text.split())


def _item(text: Text) -> str:
    """A text as an item of a list: what follows its first line stands below it."""
    return "\n".join(f"  {row}".rstrip() for row in text.text.splitlines()).strip()


def _name(docname: str) -> str:
    """The name of the chapter of a page."""
    return docname.rpartition("/")[2]
