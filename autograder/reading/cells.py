"""Turns cells of a stranger's notebook into HTML in which nothing of theirs is markup.

Text goes through a Markdown renderer that knows no raw HTML; code and outputs are escaped; of the
kinds of output, pictures and plain text are shown. A table of pandas is shown as its plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
PICTURES = ("image/png", "image/jpeg")
# A page stays readable when a notebook printed a million lines.
MOST = 20_000


def joined(found: object) -> str:
    """A text of the notebook format, which is one string or a list of lines; else nothing."""
    if isinstance(found, list):
        return "".join(line for line in found if isinstance(line, str))
    return found if isinstance(found, str) else ""


def rendered(cells: Sequence[Mapping[str, Any]]) -> str:
    """The cells as HTML.

    Args:
        cells: of a notebook of format 4; what is not of the format is left out.
    """
    return "\n".join(map(_cell, cells))


def _cell(cell: Mapping[str, Any]) -> str:
    text = joined(cell.get("source"))
    if cell.get("cell_type") == "markdown":
        return _markdown(text, cell.get("attachments"))
    if cell.get("cell_type") != "code":
        return f"<pre>{html.escape(text)}</pre>"
    outputs = cell.get("outputs")
    shown = map(_output, outputs if isinstance(outputs, list) else ())
    return str(highlight(text, PythonLexer(), HtmlFormatter())) + "".join(shown)


def _markdown(text: str, attachments: object) -> str:
    pasted = attachments if isinstance(attachments, dict) else {}
    renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Only pasted pictures are shown: one from elsewhere would tell who reads this, and when.
    renderer.add_render_rule("image", _image)
    return str(renderer.render(text, {"pasted": pasted}))


def _image(
    _renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: object, known: Any
) -> str:
    token = tokens[place]
    source = str(token.attrs.get("src", ""))
    told = html.escape(token.content)
    contents = known["pasted"].get(source.removeprefix("attachment:"))
    picture = _picture(contents, told) if isinstance(contents, dict) else ""
    return picture or f"[picture: {told or 'without a text'}]"


def _picture(contents: Mapping[str, Any], told: str) -> str:
    for kind in PICTURES:
        data = joined(contents.get(kind))
        if BASE64.fullmatch(data):
            return f'<img src="data:{kind};base64,{"".join(data.split())}" alt="{told}">'
    return ""


def _output(output: object) -> str:
    if not isinstance(output, dict):
        return ""
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(joined(output.get("text")))
    if kind == "error":
        return _plain("\n".join(map(joined, output.get("traceback") or ())))
    data = output.get("data")
    if not isinstance(data, dict):
        return ""
    return _picture(data, "output of the cell above") or _plain(joined(data.get("text/plain")))


def _plain(text: str) -> str:
    clean = ESCAPES.sub("", text)
    rest = "" if len(clean) <= MOST else f"\n… {len(clean) - MOST:,} characters are left out"
    return f'<pre class="output">{html.escape(clean[:MOST])}{rest}</pre>' if clean else ""
