"""Values as a teacher reads them later: names, shapes, ranges, the first numbers; nothing long.

Nothing here asks the student's process: a stand-in is named and left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.trusted.standins import Function, Opaque, Remote
from autograder.values import standard
from autograder.values.encode import EXTENSIONS

# Characters of one value, and of all values of a question together.
LONG, ALL = 240, 4_000
FIRST = 8
NUMBERS = "biuf"


def values(found: Mapping[str, Any]) -> dict[str, str]:
    """A line on every value, until there are enough.

    Args:
        found: values by name.
    """
    described: dict[str, str] = {}
    room = ALL
    for name, value in sorted(found.items()):
        line = described_as(value)
        room -= len(name) + len(line)
        if room < 0:
            described["…"] = f"{len(found) - len(described)} more values"
            break
        described[name] = line
    return described


def described_as(value: Any) -> str:
    """One line on a value; never raises, whatever it is."""
    try:
        text = described(value, 0)
    except BaseException as error:
        text = f"a {type(value).__name__} ({type(error).__name__} while looking at it)"
    return text if len(text) <= LONG else f"{text[:LONG]} …"


def described(value: Any, depth: int) -> str:
    """One line, perhaps long; `type` is asked, which no stand-in can answer for itself."""
    kind = type(value)
    if issubclass(kind, Opaque | Function | Remote):
        # Read past the stand-in, which would ask the student's process or refuse.
        if issubclass(kind, Function):
            return f"function {object.__getattribute__(value, '__name__')}"
        return str(object.__getattribute__(value, "_reason"))
    if kind in (bool, int, float, complex, str, bytes, type(None), type(...), range):
        return scalar(value)
    if issubclass(kind, np.ndarray):
        return array(value)
    if issubclass(kind, np.generic):
        return f"{value.item()!r} ({value.dtype})"
    if kind in (list, tuple, set, frozenset, dict):
        return container(value, depth)
    if kind.__module__.partition(".")[0] == "pandas":
        return table(value)
    if standard.known(kind) is not None:
        return repr(value)
    if isinstance(value, type):
        # A notebook's class of exceptions, which would be asked for what it has not.
        return f"class {type.__getattribute__(value, '__name__')}"
    history = getattr(value, "history", None)
    if kind.__name__ == "History" and type(history) is dict:
        return f"history {container(history, depth)}"
    return f"a {kind.__module__}.{kind.__qualname__}"


def scalar(value: Any) -> str:
    """A value that is written out; long text is cut before it is quoted."""
    if type(value) is int and value.bit_length() > 1000:
        return f"a number of {value.bit_length()} bits"
    if type(value) in (str, bytes) and len(value) > LONG:
        return f"{value[: LONG // 2]!r} … ({len(value)} characters)"
    return repr(value)


def array(values: Any) -> str:
    """Shape, dtype, range and the first numbers of an array."""
    plain = np.asarray(values)
    head = f"array {plain.shape} {plain.dtype}"
    if plain.dtype.kind in NUMBERS and plain.size:
        finite = plain if plain.dtype.kind != "f" else plain[np.isfinite(plain)]
        if finite.size:
            head += f", from {float(finite.min()):.6g} to {float(finite.max()):.6g}"
        if finite.size < plain.size:
            head += f", {plain.size - finite.size} not finite"
    first = plain.flat[:FIRST].tolist()
    shown = ", ".join(
        described(item, 1) if plain.dtype.kind == "O" else brief(item) for item in first
    )
    return f"{head}: {shown}{', …' if plain.size > FIRST else ''}" if plain.size else head


def brief(item: Any) -> str:
    """A number of an array."""
    return f"{item:.6g}" if type(item) is float else repr(item)[:40]


def container(value: Any, depth: int) -> str:
    """Kind and length of a container, and the first of what is in it."""
    kind, length = type(value).__name__, len(value)
    if depth > 2:
        return f"{kind} of {length}"
    if type(value) is dict:
        first = [
            (described(k, depth + 1), described(v, depth + 1)) for k, v in _first(value.items())
        ]
        shown = ", ".join(f"{k}: {v}" for k, v in first)
    else:
        shown = ", ".join(described(item, depth + 1) for item in _first(value))
    return (
        f"{kind} of {length}: {shown}{', …' if length > FIRST else ''}"
        if length
        else f"{kind} of 0"
    )


def _first(items: Any) -> list[Any]:
    return [item for item, _ in zip(items, range(FIRST), strict=False)]


def table(value: Any) -> str:
    """Shape, columns and the first row of a data frame; a series as its array."""
    kind = type(value).__name__
    if kind == "DataFrame":
        columns = ", ".join(f"{name!s:.40} ({dtype})" for name, dtype in value.dtypes.items())
        return f"data frame {value.shape}: {columns}"
    if kind in EXTENSIONS.union(("Series", "Index", "RangeIndex")):
        return f"{kind.lower()} {array(value.to_numpy())}"
    return f"{kind} {value!s:.80}"
