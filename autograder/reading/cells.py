"""Turns cells of a stranger's notebook into HTML in which nothing of theirs is markup.

Text goes through a Markdown renderer that knows no raw HTML; code and outputs are escaped; of the
kinds of output, pictures and plain text are shown. A table of pandas is shown as its plain text.

Markdown and colours of code can take a time that grows with the square of a text. So each cell and
each page has a bound for them; what is over it is shown as plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
PICTURES = ("image/png", "image/jpeg")
# A page stays readable when a notebook printed a million lines.
MOST = 20_000
# Effort for one cell and for one page, about a character each: the slowest texts that were found
# take less than a second for a cell.
CELL, PAGE = 20_000, 200_000
# Characters of pasted pictures on a page: one can be named a thousand times.
PASTED = 60_000_000
TOO_LONG = (
    '<p class="empty">This cell, or what stands before it, is too long to be laid out. It is shown '
    "as plain text.</p>\n"
)


@dataclass
class Room:
    """What is left of a page's effort.

    Attributes:
        left: characters, or what takes as long.
        pasted: characters of pasted pictures.
    """

    left: int = PAGE
    pasted: int = PASTED

    def takes(self, effort: int) -> bool:
        """Whether a cell of this effort is laid out; then it is taken off."""
        fits = effort <= min(CELL, self.left)
        self.left -= effort if fits else 0
        return fits

    def shows(self, picture: str) -> bool:
        """Whether a pasted picture is shown; then it is taken off."""
        fits = len(picture) <= self.pasted
        self.pasted -= len(picture) if fits else 0
        return fits


def joined(found: object) -> str:
    """A text of the notebook format, which is one string or a list of lines; else nothing."""
    if isinstance(found, list):
        return "".join(line for line in found if isinstance(line, str))
    return found if isinstance(found, str) else ""


def rendered(cells: Sequence[Mapping[str, Any]], room: Room) -> str:
    """The cells as HTML.

    Args:
        cells: of a notebook of format 4; what is not of the format is left out.
        room: for all cells of a page.
    """
    return "\n".join(_cell(cell, room) for cell in cells)


def _cell(cell: Mapping[str, Any], room: Room) -> str:
    text = joined(cell.get("source"))
    if cell.get("cell_type") == "markdown":
        fits = room.takes(_effort(text))
        return _markdown(text, cell.get("attachments"), room) if fits else TOO_LONG + _source(text)
    if cell.get("cell_type") != "code":
        return _source(text)
    outputs = cell.get("outputs")
    shown = map(_output, outputs if isinstance(outputs, list) else ())
    code = _code(text) if room.takes(len(text)) else TOO_LONG + _source(text)
    return code + "".join(shown)


def _source(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


def _code(text: str) -> str:
    return str(highlight(text, PythonLexer(), HtmlFormatter()))


def _effort(text: str) -> int:
    """What it takes to lay Markdown out.

    Every row of a table is filled up to the columns of its head, and for every `[name]: address`
    the lines after it are looked through.
    """
    lines = text.replace("\r", "\n").split("\n")
    columns = max(line.count("|") for line in lines)
    return len(text) + len(lines) * (columns + text.count("]:"))


def _markdown(text: str, attachments: object, room: Room) -> str:
    pasted = attachments.items() if isinstance(attachments, dict) else ()
    addresses = {name: _address(kinds) for name, kinds in pasted if isinstance(kinds, dict)}
    renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Only pasted pictures are shown: one from elsewhere would tell who reads this, and when.
    renderer.add_render_rule("image", _image)
    return str(renderer.render(text, {"pasted": addresses, "room": room}))


def _image(
    _renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: object, known: Any
) -> str:
    token = tokens[place]
    source = str(token.attrs.get("src", ""))
    told = html.escape(token.content)
    address = known["pasted"].get(source.removeprefix("attachment:"), "")
    shown = address and known["room"].shows(address)
    return _picture(address, told) if shown else f"[picture: {told or 'without a text'}]"


def _address(contents: Mapping[str, Any]) -> str:
    """A picture as an address that holds all of it, or ""."""
    for kind in PICTURES:
        data = "".join(joined(contents.get(kind)).split())
        if BASE64.fullmatch(data):
            return f"data:{kind};base64,{data}"
    return ""


def _picture(address: str, told: str) -> str:
    return f'<img src="{address}" alt="{told}">'


def _output(output: object) -> str:
    if not isinstance(output, dict):
        return ""
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(joined(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        return _plain("\n".join(map(joined, lines)) if isinstance(lines, list) else "")
    data = output.get("data")
    if not isinstance(data, dict):
        return ""
    address = _address(data)
    if address:
        return _picture(address, "output of the cell above")
    return _plain(joined(data.get("text/plain")))


def _plain(text: str) -> str:
    clean = ESCAPES.sub("", text)
    rest = "" if len(clean) <= MOST else f"\n… {len(clean) - MOST:,} characters are left out"
    return f'<pre class="output">{html.escape(clean[:MOST])}{rest}</pre>' if clean else ""
