"""Results that running text quotes: `glue` puts a value into a chapter's outputs under a name."""

from __future__ import annotations

from typing import Any

KEY = "course"
# myst-nb finds glued values by this prefix, and shows nothing for them in the cell itself.
PREFIX = "application/papermill.record/"


def glue(name: str, value: Any, *, headline: str | None = None) -> None:
    """Keep `value` in the outputs of this chapter, so that text can quote it by `name`.

    Args:
        name: unique in the whole book; begins with the chapter, as in `ch01-dense-accuracy`.
        value: a number, a string or anything with a short `str()`. NumPy scalars become Python's.
        headline: says what the value is when it is a main result of the chapter; `course status`
            prints it.
    """
    from IPython.display import display

    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    metadata: dict[str, Any] = {"scrapbook": {"name": name, "mime_prefix": PREFIX}}
    if headline is not None:
        metadata[KEY] = {"headline": headline, "value": str(value)}
    plain = repr(value) if isinstance(value, str) else str(value)
    display({PREFIX + "text/plain": plain}, raw=True, metadata=metadata)
