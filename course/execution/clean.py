"""Outputs as they are published: small pictures, quiet logs, nothing that changes by chance."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import nbformat
import oxipng
from PIL import Image

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# In a pattern, \b outside brackets is the end of a word; \x08 is the backspace.
BACKSPACE = re.compile(r"[^\x08]\x08|^\x08+")
COLOURS = 64
# TensorFlow's advice to whoever wrote the code, which stands among the results of a cell.
ADVICE = re.compile(r"^WARNING:tensorflow:.*\n?", re.MULTILINE)
# What the library rich puts before a text that it prints in a notebook.
RICH = '<pre style="white-space:pre;overflow-x:auto;'
# Numbers of memory addresses differ at every run and mean nothing to a reader.
ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")


def clean(cells: list[Any]) -> None:
    """Clean the outputs of executed code cells, in place."""
    for count, cell in enumerate(cells, 1):
        cell.execution_count = count
        # A stream comes in pieces; what a piece overwrites may stand in the one before.
        merged = [_output(o) for o in _merged([_told(o) for o in cell.outputs if not _noise(o)])]
        cell.outputs = [o for o in merged if o.output_type != "stream" or o.text]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def _noise(output: Any) -> bool:
    # TensorFlow and the run store talk to stderr while they work; a reader wants the result.
    return bool(output.output_type == "stream" and output.name == "stderr")


def _told(output: Any) -> Any:
    # Keras shows a summary as five coloured boxes; as text it is one, and dark pages like it.
    if RICH in output.get("data", {}).get("text/html", ""):
        text = output.data["text/plain"]
        return nbformat.v4.new_output("stream", name="stdout", text=text)
    return output


def _output(output: Any) -> Any:
    if output.output_type == "stream":
        output.text = ADVICE.sub("", ADDRESS.sub("", log(output.text)))
    elif "data" in output:
        data = output.data
        if "image/png" in data:
            data["image/png"] = small_png(data["image/png"])
            data.pop("text/plain", None)
        for kind in ("text/plain", "text/html"):
            if kind in data:
                data[kind] = ADDRESS.sub("", ESCAPES.sub("", data[kind]))
    return output


def _merged(outputs: list[Any]) -> list[Any]:
    merged: list[Any] = []
    for output in outputs:
        stream = output.output_type == "stream"
        if stream and merged and merged[-1].get("name") == output.name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def log(text: str) -> str:
    """A log as a terminal shows it in the end: what was overwritten is gone, colours too."""
    lines = []
    for line in ESCAPES.sub("", text).split("\n"):
        shown = line.rstrip("\r").rsplit("\r", 1)[-1]
        while BACKSPACE.search(shown):
            shown = BACKSPACE.sub("", shown)
        lines.append(shown)
    return "\n".join(lines)


def small_png(encoded: str) -> str:
    """A PNG with a palette where that is smaller; base64 in, base64 out.

    Figures have few colours and lose little; photographs in colour lose shades. A picture that is
    transparent somewhere stays as it is: on a dark page its colours are not the ones it was drawn
    with.
    """
    original = base64.b64decode(encoded)
    with Image.open(io.BytesIO(original)) as opened:
        if any(opened.convert("RGBA").getchannel("A").histogram()[:255]):
            return encoded
        picture = opened.convert("RGB")
    palette = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    best = original
    for candidate in (palette, picture):
        buffer = io.BytesIO()
        candidate.save(buffer, format="PNG", optimize=True)
        if len(buffer.getvalue()) < len(best):
            best = buffer.getvalue()
    packed = oxipng.optimize_from_memory(best, level=4, strip=oxipng.StripChunks.safe())
    return base64.b64encode(min(best, packed, key=len)).decode()
