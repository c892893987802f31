"""Turns MyST Markdown into the Markdown that any notebook program shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|:{3,})\{(?P<name>[^}]*)\} *(?P<title>.*)$")
OPTION = re.compile(r"^ *:[A-Za-z_-]+:.*$")
LABEL = re.compile(r"^\([A-Za-z0-9_-]+\)=\s*$", re.MULTILINE)
GLUE = re.compile(r"\{glue(?::text|:)?\}`([^`:]+)(?::([^`]+))?`")
NAMED = re.compile(r"\{[a-z:]+\}`([^`<]+?)\s*<[^`>]+>`")
BARE = re.compile(r"\{(?P<role>[a-z:]+)\}`(?P<text>[^`]+)`")
MATH = re.compile(r"\{math\}`([^`]+)`")
# What only a web page can show.
PAGE_ONLY = {"raw", "bibliography", "tableofcontents", "execution-report"}
TRANSPARENT = {"div", "container", "grid", "tab-set", "only", "margin"}


def markdown(text: str, values: Mapping[str, str]) -> str:
    """The text without directives and roles that only this site knows.

    Args:
        text: MyST Markdown.
        values: glued values by name.
    """
    return _roles(_blocks(LABEL.sub("", text).splitlines()), values).strip("\n") + "\n"


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
        return ["$$", *body, "$$"]
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

    text = MATH.sub(r"$\1$", GLUE.sub(glued, text))
    return BARE.sub(bare, NAMED.sub(r"\1", text))
