"""Turns MyST Markdown into the Markdown that any notebook program shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|:{3,})\{(?P<name>[^}]*)\} *(?P<title>.*)$")
OPTION = re.compile(r"^ *:[A-Za-z_-]+:.*$")
LABEL = re.compile(r"^\([A-Za-z0-9_-]+\)=\s*$", re.MULTILINE)
GLUE = re.compile(r"\{glue(?::text|:)?\}`([^`:]+)(?::([^`]+))?`")
# A word that the site's own number follows is said once: "Equation {eq}`a`".
NUMBERED = re.compile(
    r"(?:\b(?:[Ff]igure|[Tt]able|[Ee]quation|[Ff]ormula)\s+)?"
    r"\{(?P<role>numref|eq)\}`(?:[^`<]*<)?(?P<label>[^`>]+)>?`"
)
# "has the formula, {eq}`a`": the words before have said it.
SAID = re.compile(r"(\b[Ff]ormula[^.,;:!?{}`]{0,40}),\s+\{eq\}`[^`]+`")
# What stands before the first word of a sentence.
BEGINNING = re.compile(
    r"""(?:\A|\n[ >]*\n|[.?!][)\]*_"'”’]*\s)(?:\s|>|[-*+]\s|\d+\.\s|\#+\s|\|)*\Z"""
)
HTML = re.compile(r"^ {0,3}</?(?:link|script|style|div|noscript|canvas)\b")
CODE = re.compile(r"^ *(?P<fence>`{3,}|~{3,})(?!\{)")
NAMED = re.compile(r"\{[a-z:]+\}`([^`<]+?)\s*<[^`>]+>`")
BARE = re.compile(r"\{(?P<role>[a-z:]+)\}`(?P<text>[^`]+)`")
MATH = re.compile(r"\{math\}`([^`]+)`")
# What only a web page can show.
PAGE_ONLY = {"raw", "bibliography", "tableofcontents", "execution-report"}
DEMO = "(The interactive part is on the chapter's page.)"
TRANSPARENT = {"div", "container", "grid", "tab-set", "only", "margin"}


def markdown(text: str, values: Mapping[str, str]) -> str:
    """The text without directives and roles that only this site knows.

    Args:
        text: MyST Markdown.
        values: glued values by name.
    """
    lines = _without_demos(LABEL.sub("", text).splitlines())
    return _roles(_blocks(lines), values).strip("\n") + "\n"


def caption(text: str, values: Mapping[str, str]) -> str:
    """The caption of a figure as paragraphs in italics.

    Args:
        text: MyST Markdown.
        values: glued values by name.
    """
    paragraphs = markdown(text, values).strip().split("\n\n")
    # Underscores, because the text itself marks words with asterisks.
    return "\n\n".join(f"_{paragraph.strip()}_" for paragraph in paragraphs) + "\n"


def _without_demos(lines: list[str]) -> list[str]:
    """The lines with a sentence in place of each block of HTML that needs the site's scripts."""
    out: list[str] = []
    fence = ""
    inside = False
    for line in lines:
        code = CODE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif code:
            fence = code["fence"]
        elif inside or HTML.match(line):
            # As in CommonMark, a block of HTML ends at an empty line.
            inside = bool(line.strip())
            if inside:
                if next((said for said in reversed(out) if said.strip()), "") != DEMO:
                    out.append(DEMO)
                continue
        out.append(line)
    return out


def _blocks(lines: list[str]) -> str:
    out: list[str] = []
    index = 0
    while index < len(lines):
        opening = FENCE.match(lines[index])
        if opening is None:
            out.append(lines[index])
            index += 1
            continue
        end = _closing(lines, index, opening["fence"])
        out += _directive(opening["name"].strip(), opening["title"], lines[index + 1 : end])
        index = end + 1
    return "\n".join(out)


def _closing(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence; the last line when none does."""
    depth = 0
    for index in range(start + 1, len(lines)):
        line = lines[index].strip()
        if set(line) == {fence[0]} and len(line) >= len(fence):
            if not depth:
                return index
            depth -= 1
        elif FENCE.match(lines[index]) and line.startswith(fence) and line[len(fence)] == "{":
            depth += 1
    return len(lines)


def _directive(name: str, title: str, body: list[str]) -> list[str]:
    while body and (OPTION.match(body[0]) or not body[0].strip()):
        body = body[1:]
    if name in PAGE_ONLY:
        return []
    if name == "math":
        return ["$$", *_blocks(body).splitlines(), "$$"]
    if name in ("code-block", "code"):
        return [f"```{title}", *body, "```"]
    inner = _blocks(body).splitlines()
    if name in TRANSPARENT:
        return ["", *inner, ""]
    heading = title or name.replace("-", " ").capitalize()
    return ["", f"> **{heading}**", ">", *(f"> {line}".rstrip() for line in inner), ""]


def _roles(text: str, values: Mapping[str, str]) -> str:
    def glued(match: re.Match[str]) -> str:
        value = values.get(match[1], match[1])
        if not match[2]:
            return value
        try:
            return format(float(value), match[2])
        except ValueError:
            return value

    def bare(match: re.Match[str]) -> str:
        content = match["text"]
        return f"[{content}]" if match["role"].startswith("cite") else content

    text = MATH.sub(r"$\1$", NUMBERED.sub(_named(), SAID.sub(r"\1", GLUE.sub(glued, text))))
    return BARE.sub(bare, NAMED.sub(r"\1", text))


def _named() -> Callable[[re.Match[str]], str]:
    """Says "the figure" for a numbered one, and "the other figure" for the next in a paragraph."""
    last: dict[str, tuple[int, str]] = {}

    def name(match: re.Match[str]) -> str:
        before, label = match.string[: match.start()], match["label"].strip()
        kind = "formula" if match["role"] == "eq" else "figure"
        if label.startswith(("tab-", "table-")):
            kind = "table"
        paragraph = before.count("\n\n")
        known = last.setdefault(kind, (paragraph, label))
        other = known[0] == paragraph and known[1] != label
        if known[0] != paragraph:
            last[kind] = (paragraph, label)
        words = f"the other {kind}" if other else f"the {kind}"
        return words[0].upper() + words[1:] if BEGINNING.search(before) else words

    return name
