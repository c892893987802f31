"""Values of a few classes of Python's own library, made again of plain data.

The list is closed, and classes are compared exactly: what is derived from one is another.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.values.wire import WireError

if TYPE_CHECKING:
    from autograder.values.decode import Decoder
    from autograder.values.encode import Encoder

# Characters of a `Decimal`, and of a path.
MOST = 10_000
EMPTY: dict[Any, Any] = {}
VIEWS: dict[str, type] = {
    kind.__name__: kind for kind in map(type, (EMPTY.keys(), EMPTY.values(), EMPTY.items()))
}
SIMPLE = (type(None), bool, int, float, complex, str, bytes)


def of_zone(time: Any) -> bool | None:
    """Whether a time is one of UTC; None of another zone."""
    zone = time.tzinfo
    return zone is not None if zone is None or zone is datetime.UTC else None


def in_zone(utc: Any) -> Any:
    """The zone of a time."""
    return datetime.UTC if utc is True else None


def of_date(value: Any) -> list[Any]:
    return [value.year, value.month, value.day]


def of_clock(value: Any) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, of_zone(value)]


def of_decimal(value: Any) -> list[Any]:
    text = str(value)
    return [text if len(text) <= MOST else None]


def date_from(*numbers: Any) -> Any:
    return datetime.date(*numbers)


def datetime_from(*parts: Any) -> Any:
    *numbers, fold, utc = parts
    kind: Any = datetime.datetime
    return kind(*numbers, in_zone(utc)).replace(fold=fold)


def time_from(*parts: Any) -> Any:
    *numbers, fold, utc = parts
    kind: Any = datetime.time
    return kind(*numbers, in_zone(utc)).replace(fold=fold)


def timedelta_from(*numbers: Any) -> Any:
    return datetime.timedelta(*numbers)


def decimal_from(text: Any) -> Any:
    if type(text) is not str or len(text) > MOST:
        raise WireError("no decimal number")
    from decimal import Decimal

    return Decimal(text)


def fraction_from(above: Any, below: Any) -> Any:
    # Not at the beginning: beside the notebook may lie a file of this name.
    from fractions import Fraction

    return Fraction(above, below)


def path_from(text: Any) -> Any:
    if type(text) is not str or len(text) > MOST:
        raise WireError("no path")
    from pathlib import Path

    return Path(text)


# Of each class, by its module and its name: what its values are made of, and what makes them.
# A value of which a part is None is not carried.
CLASSES: dict[tuple[str, str], tuple[Callable[[Any], list[Any]], Callable[..., Any]]] = {
    ("datetime", "date"): (of_date, date_from),
    ("datetime", "datetime"): (lambda value: [*of_date(value), *of_clock(value)], datetime_from),
    ("datetime", "time"): (of_clock, time_from),
    ("datetime", "timedelta"): (
        lambda value: [value.days, value.seconds, value.microseconds],
        timedelta_from,
    ),
    ("decimal", "Decimal"): (of_decimal, decimal_from),
    ("fractions", "Fraction"): (lambda value: [value.numerator, value.denominator], fraction_from),
}
MAKERS = {name: make for (_, name), (_, make) in CLASSES.items()} | {"Path": path_from}


def known(kind: type) -> tuple[str, str] | None:
    """Module and name of a class of the list, or None of any other."""
    named = (kind.__module__, kind.__name__)
    if named not in CLASSES:
        return None
    module = sys.modules.get(named[0])
    folder, _, _ = str(getattr(module, "__file__", "")).rpartition(os.sep)
    own = folder == os.__file__.rpartition(os.sep)[0]
    return named if own and getattr(module, named[1], None) is kind else None


def encoded(encoder: Encoder, value: Any, kind: type, depth: int) -> Any:
    """A value of such a class as JSON, or None of any other."""
    if VIEWS.get(kind.__name__) is kind:
        return view(encoder, value, kind, depth)
    if encoder.back is not None and kind is type(path_from(".")):
        # A test's own. The notebook's are asked, since the files are there.
        return {"standard": ["Path", str(value)]}
    named = known(kind)
    if named is None:
        return None
    parts = CLASSES[named][0](value)
    if any(type(part) not in (int, bool, str) for part in parts):
        return None
    take, make = CLASSES[named]
    if take(make(*parts)) != parts:
        # Such as a fraction that was not reduced.
        return None
    return {"standard": [named[1], *(encoder.node(part, depth + 1) for part in parts)]}


def view(encoder: Encoder, value: Any, kind: type, depth: int) -> Any:
    """The keys, values or items of a dictionary as JSON."""
    items = list(value)
    inner = [part for item in items for part in (item if kind is VIEWS["dict_items"] else (item,))]
    if encoder.back is not None and any(type(part) not in SIMPLE for part in inner):
        # What a function changes in it would not be seen.
        return None
    return {"standard": [kind.__name__, encoder.node(items, depth + 1)]}


def decoded(decoder: Decoder, content: Any, depth: int) -> Any:
    """The value that JSON stands for.

    Raises:
        WireError: there is none.
    """
    if type(content) is not list or not content or type(content[0]) is not str:
        raise WireError("no value of Python's library")
    name, *nodes = content
    parts = [decoder.node(node, depth + 1) for node in nodes]
    if name in VIEWS and len(parts) == 1 and type(parts[0]) is list:
        return view_from(name, parts[0])
    if name == "Path" and not decoder.paths:
        raise WireError("a path, which only a test hands over")
    if name not in MAKERS or any(type(part) not in (int, bool, str) for part in parts):
        raise WireError("no value of Python's library")
    return MAKERS[name](*parts)


def view_from(name: str, items: list[Any]) -> Any:
    """The keys, values or items of a dictionary that has no others."""
    if name == "dict_keys":
        return dict.fromkeys(items).keys()
    if name == "dict_items":
        if any(type(item) is not tuple or len(item) != 2 for item in items):
            raise WireError("items that are none")
        return dict(items).items()
    return dict(enumerate(items)).values()
