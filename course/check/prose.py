"""The running text of a MyST source: no code, no maths, no roles, but with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

# What stands in the text for code, maths or a role; for a role that cites a source.
GAP = "\N{PILCROW SIGN}"
CITATION = "\N{SECTION SIGN}\N{PILCROW SIGN}"
DIRECTIVE = re.compile(r"^\{([\w:.+-]+)\}\s*(.*)$")
# Directives whose body is no prose.
NO_PROSE = {
    *("code", "code-block", "code-cell", "sourcecode", "literalinclude", "parsed-literal"),
    *("math", "raw", "eval-rst", "toctree", "tableofcontents", "bibliography", "mermaid"),
}
CAPTION = re.compile(r"^(\s*)(?:caption|alt):[ ]*(?:[|>][-+]?\s*$)?(.*)$")
WAIVER = re.compile(r"^\s*fact\b:?\s*(.*)$")
PUBLISHED = re.compile(r"\bpublish", re.IGNORECASE)


@dataclass(frozen=True)
class Waiver:
    """A comment `% fact: reason`: the numbers of the next block are facts, not measurements."""

    line: int
    reason: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, a heading, an item or a row of a table.

    Attributes:
        text: the words, one source line a line, with `GAP` and `CITATION` for what is left out.
        line: the line of its first word in the source, counted from 1.
        waiver: the comment that stands above it.
        published: it is a cell of a column of published numbers.
    """

    text: str
    line: int
    waiver: Waiver | None = None
    published: bool = False


@dataclass
class _Scope:
    """What holds from a comment to the end of the block below it."""

    waiver: Waiver | None = None
    level: int = 0
    end: int | None = None


def parser() -> MarkdownIt:
    """A parser of the MyST that the book uses."""
    return (
        MarkdownIt("commonmark")
        .enable("table")
        .use(front_matter_plugin)
        .use(myst_block_plugin)
        .use(myst_role_plugin)
        .use(footnote_plugin)
        .use(dollarmath_plugin)
        .use(amsmath_plugin)
        .use(colon_fence_plugin)
        .use(deflist_plugin)
        .use(attrs_plugin)
    )


def passages(
    source: str, first_line: int = 1, outer: Waiver | None = None
) -> Iterator[Passage | Waiver]:
    """The running text of a source, and the comments that mark facts, in their order.

    Args:
        source: MyST Markdown, a whole file or the body of a directive.
        first_line: the line of the file on which it begins.
        outer: the comment that stands above the directive.
    """
    tokens = parser().parse(source)
    scope = _Scope(outer)
    for index, token in enumerate(tokens):
        start, end = token.map or (0, 0)
        if scope.end is not None and token.map and start >= scope.end:
            scope = _Scope(outer)
        if token.type == "myst_line_comment":
            # A comment of two lines is one token.
            for offset, comment in enumerate(token.content.splitlines()):
                if match := WAIVER.match(comment):
                    waiver = Waiver(first_line + start + offset, match[1].strip())
                    scope = _Scope(waiver, token.level)
                    yield waiver
            continue
        if (
            scope.waiver is not outer
            and scope.end is None
            and token.level == scope.level
            and token.map
        ):
            scope.end = end
        if token.type == "inline" and token.children is not None:
            if not _in_table(tokens, index):
                text = _text(token.children)
                yield Passage(text, first_line + start, scope.waiver)
        elif token.type == "table_open":
            for row in _rows(tokens[index:], first_line):
                yield replace(row, waiver=scope.waiver)
        elif token.type in ("fence", "colon_fence"):
            yield from _directive(token, first_line + start, scope.waiver)


def _text(children: Sequence[Token]) -> str:
    parts = []
    for child in children:
        if child.type == "text":
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(_text(child.children or ()))
        elif child.type == "myst_role":
            name = str(child.meta.get("name", ""))
            parts.append((CITATION if name.startswith("cite") else GAP) + _breaks(child))
        elif child.type in ("code_inline", "math_inline", "math_inline_double", "html_inline"):
            parts.append(GAP + _breaks(child))
    return "".join(parts)


def _breaks(token: Token) -> str:
    return "\n" * token.content.count("\n")


def _in_table(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index - 1].type in ("th_open", "td_open")


def _rows(tokens: Sequence[Token], first_line: int) -> Iterator[Passage]:
    """One passage a row; cells of columns that are headed "published" each by themselves."""
    published: list[bool] = []
    row: list[str] = []
    line = first_line
    for index, token in enumerate(tokens):
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            row, line = [], first_line + (token.map[0] if token.map else 0)
        elif token.type == "inline" and _in_table(tokens, index):
            text = _text(token.children or ())
            column = len(row)
            if tokens[index - 1].type == "th_open":
                published.append(bool(PUBLISHED.search(text) or CITATION in text))
                row.append("" if published[-1] else text)
            elif column < len(published) and published[column]:
                row.append("")
                yield Passage(text, line, published=True)
            else:
                row.append(text)
        elif token.type == "tr_close":
            yield Passage(" | ".join(row), line)


def _directive(token: Token, line: int, waiver: Waiver | None) -> Iterator[Passage | Waiver]:
    """The prose of a directive: its title, its body, and the caption of a code cell's figure."""
    match = DIRECTIVE.match(token.info.strip())
    if match is None:
        return
    name, title = match[1], match[2]
    lines = token.content.split("\n")
    body = _after_options(lines)
    yield from _captions(lines[:body], line + 1, waiver)
    if name in NO_PROSE:
        return
    if title:
        yield from passages(title, line, waiver)
    yield from passages("\n".join(lines[body:]), line + 1 + body, waiver)


def _after_options(lines: Sequence[str]) -> int:
    """The index of the first line after a directive's options."""
    if lines and lines[0].strip() == "---":
        for index, text in enumerate(lines[1:], start=1):
            if text.strip() == "---":
                return index + 1
    index = 0
    while index < len(lines) and re.match(r"^:[\w-]+:", lines[index]):
        index += 1
    return index


def _captions(
    options: Sequence[str], first_line: int, waiver: Waiver | None
) -> Iterator[Passage | Waiver]:
    """Captions among YAML options, on the same line or indented below it."""
    for index, text in enumerate(options):
        match = CAPTION.match(text)
        if match is None:
            continue
        indent, rest = len(match[1]), match[2]
        below = []
        for following in options[index + 1 :]:
            if following.strip() and len(following) - len(following.lstrip()) <= indent:
                break
            below.append(following.strip())
        if rest:
            yield from passages(rest, first_line + index, waiver)
        else:
            yield from passages("\n".join(below), first_line + index + 1, waiver)
