"""Data frames, series and indexes of pandas as plain columns.

Columns travel as arrays, so no Arrow is needed on either side. pandas is imported only on the
trusted side, and only when a frame arrives.
"""

from __future__ import annotations

import contextlib
import re
import sys
from typing import TYPE_CHECKING, Any

from autograder.values.encode import EXTENSIONS, NotCarried
from autograder.values.parts import is_array

if TYPE_CHECKING:
    from autograder.values.decode import Decoder
    from autograder.values.encode import Encoder

# Types of pandas itself that may be asked for by name when a column is made again.
DTYPE = re.compile(
    r"object|str|string|boolean|U?Int(8|16|32|64)|Float(32|64)"
    r"|datetime64\[(s|ms|us|ns)(, [\w/+-]{1,40})?\]|timedelta64\[(s|ms|us|ns)\]"
)
# Of these, a missing value is neither equal to another nor different from it.
UNKNOWN = re.compile(r"string|boolean|U?Int\d+|Float\d+")
MAX_COLUMNS = 20_000
# Classes of tables.
TABLES = ("DataFrame", "Series")
# The name of a time zone, and one that has no name.
ZONE = re.compile(r"[A-Za-z][\w/+-]{1,40}")
OFFSET = re.compile(r"UTC[+-]\d\d:\d\d(:\d\d)?")
# Lists in each other in what is noted beside a table.
MAX_DEEP = 8
# How often an index of times ticks, such as `D`, `-1h`, `90min` or `W-SUN`.
FREQUENCY = re.compile(r"(-?[1-9]\d{0,5})?[A-Za-z]{1,4}(-[A-Z]{3})?")
# pandas computes all times of an index to see whether they fit.
MAX_TICKS = 100_000


def encoded(encoder: Encoder, value: Any, depth: int) -> Any:
    """What pandas made, as JSON; or None where it did not."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    # By the class: what stands for an object would have to be asked for its `__class__`.
    kind = type(value)
    if issubclass(kind, pandas.DataFrame | pandas.Series):
        if kind not in (pandas.DataFrame, pandas.Series):
            # It may be asked for more than a table holds.
            raise NotCarried(f"{kind.__module__}.{kind.__qualname__}")
        return table(encoder, value, depth) | attributes(encoder, value, depth)
    if issubclass(kind, pandas.Index):
        return {"index": index(encoder, value, depth)}
    if kind.__name__ in EXTENSIONS:
        return extension(encoder, value, depth)
    if value is pandas.NaT or value is pandas.NA:
        return {"stamp": ["NaT" if value is pandas.NaT else "NA", ""]}
    if kind in (pandas.Timestamp, pandas.Timedelta):
        return {"stamp": [kind.__name__, str(value), getattr(value, "unit", ""), zone(value)]}
    return None


def extension(encoder: Encoder, value: Any, depth: int) -> Any:
    """An array of pandas' own, as the column that it would be; None of what is only called so."""
    pandas = sys.modules["pandas"]
    if not issubclass(type(value), pandas.api.extensions.ExtensionArray):
        return None
    held = pandas.Series(value, dtype=value.dtype, copy=False)
    exact = type(held.array) is type(value) and held.array.dtype == value.dtype
    if not exact or getattr(value, "_readonly", False):
        return None
    found = column(encoder, held, depth)
    if "dtype" in found:
        again = pandas.array([], dtype=found["dtype"])
        if type(again) is not type(value) or again.dtype != value.dtype:
            # Such as text that is kept in another way than by default.
            return None
    return {"extension": found}


def table(encoder: Encoder, value: Any, depth: int) -> dict[str, Any]:
    """A frame or a series as JSON."""
    pandas = sys.modules["pandas"]
    if isinstance(value, pandas.DataFrame):
        names = pandas.DataFrame.columns.__get__(value)
        columns = [column(encoder, value.iloc[:, place], depth) for place in range(len(names))]
        return {
            "frame": [index(encoder, names, depth), index(encoder, value.index, depth), columns]
        }
    name = encoder.node(value.name, depth + 1)
    return {"series": [name, index(encoder, value.index, depth), column(encoder, value, depth)]}


def attributes(encoder: Encoder, value: Any, depth: int) -> dict[str, Any]:
    """What a notebook has noted beside a table, as an entry of its node."""
    noted = dict(getattr(value, "attrs", {}))
    if noted and not plain(noted):
        raise NotCarried("a table whose attrs are more than text and numbers")
    return {"attrs": encoder.node(noted, depth + 1)} if noted else {}


def plain(value: Any, depth: int = 0) -> bool:
    """Whether a value is text, numbers, and lists and dictionaries of them."""
    if type(value) in (list, tuple):
        return depth < MAX_DEEP and all(plain(item, depth + 1) for item in value)
    if type(value) is dict:
        return plain([*value, *value.values()], depth)
    return value is None or type(value) in (bool, int, float, str)


def zone(time: Any) -> str:
    """The name of a time's zone, or "" of one that the text of the time says."""
    told = str(getattr(time, "tz", None) or "")
    if not told or OFFSET.fullmatch(told):
        return ""
    try:
        found = ZONE.fullmatch(told) and time.tz_convert(told).utcoffset() == time.utcoffset()
    except Exception:
        found = False
    if not found:
        raise NotCarried("a time in a zone of its own")
    return "" if told == "UTC" else told


def column(encoder: Encoder, values: Any, depth: int) -> Any:
    """The values of a series or an index as JSON, with the name of their type."""
    dtype = values.dtype
    name = str(dtype)
    if name == "category":
        return {
            "codes": encoder.array(values.array.codes, depth),
            "categories": index(encoder, values.array.categories, depth),
            "ordered": bool(values.array.ordered),
        }
    if dtype.kind in "biufcmM" and not DTYPE.fullmatch(name) and hasattr(dtype, "isnative"):
        return {"numbers": encoder.array(values.to_numpy(), depth)}
    if dtype.kind in "mM" and ", " not in name:
        return {"numbers": encoder.array(values.to_numpy(), depth)}
    if dtype.kind == "M":
        # The type says which zone; a zone for each of the times would take four times as long.
        times = values.array
        if len(times):
            zone(times[0])
        values = times.tz_convert("UTC")
    if not DTYPE.fullmatch(name):
        # Its items are made anew each time that they are asked for.
        raise NotCarried(f"a value that holds a column of type {name:.40}")
    items = values.astype(object).tolist()
    return {"items": [encoder.node(item, depth + 2) for item in items], "dtype": name}


def index(encoder: Encoder, value: Any, depth: int) -> Any:
    """An index as JSON."""
    pandas = sys.modules["pandas"]
    if isinstance(value, pandas.RangeIndex):
        return {"range": [value.start, value.stop, value.step, encoder.node(value.name, depth + 1)]}
    if isinstance(value, pandas.MultiIndex):
        levels = [value.get_level_values(level) for level in range(value.nlevels)]
        return {"levels": [index(encoder, level, depth) for level in levels]}
    found = {"column": column(encoder, value, depth), "name": encoder.node(value.name, depth + 1)}
    if type(value) in (pandas.DatetimeIndex, pandas.TimedeltaIndex):
        found["freq"] = value.freqstr
    return found


def decoded(decoder: Decoder, kind: str, content: Any, depth: int, noted: Any = None) -> Any:
    """The frame, series, index or time that JSON stands for.

    Args:
        decoder: of the message.
        kind: which of them.
        content: its JSON.
        depth: where it is.
        noted: JSON of what is noted beside it, or None.

    Raises:
        Malformed: it is not of the vocabulary.
    """
    from autograder.values.decode import Malformed

    try:
        import pandas
    except ImportError:
        return decoder.opaque("a data frame, and the grader's environment has no pandas")
    if kind == "stamp":
        return time_from(*content)
    if kind == "index":
        return index_from(decoder, content, depth)
    if kind == "extension":
        return extension_from(decoder, content, depth)
    if kind == "series":
        name, rows, values = content
        made = pandas.Series(
            column_from(decoder, values, depth),
            dtype=told(values),
            index=index_from(decoder, rows, depth),
            name=decoder.node(name, depth + 1),
        )
        return annotated(decoder, made, noted, depth)
    names, rows, columns = content
    if type(columns) is not list or len(columns) > MAX_COLUMNS:
        raise Malformed("too many columns")
    places = index_from(decoder, rows, depth)
    series = [
        pandas.Series(column_from(decoder, c, depth), dtype=told(c), index=places) for c in columns
    ]
    frame = pandas.DataFrame(dict(enumerate(series)), index=places)
    frame.columns = index_from(decoder, names, depth)
    return annotated(decoder, frame, noted, depth)


def annotated(decoder: Decoder, table: Any, noted: Any, depth: int) -> Any:
    """The table, with what is noted beside it."""
    from autograder.values.decode import Malformed

    if noted is not None:
        found = decoder.node(noted, depth + 1)
        # pandas compares and copies it with each step of a computation.
        if type(found) is not dict or not plain(found):
            raise Malformed("attrs that are more than text and numbers")
        table.attrs = found
    return table


def time_from(name: Any, text: Any, unit: Any = "", zone: Any = "") -> Any:
    """The time, or the mark of one that is missing, that JSON stands for."""
    import pandas

    from autograder.values.decode import Malformed

    if name in ("NaT", "NA"):
        return getattr(pandas, name)
    if name not in ("Timestamp", "Timedelta") or type(text) is not str or len(text) > 80:
        raise Malformed("no time")
    time = getattr(pandas, name)(text)
    if unit:
        time = time.as_unit(unit)
    if zone:
        if type(zone) is not str or not ZONE.fullmatch(zone):
            raise Malformed("no time zone")
        time = time.tz_convert(zone)
    return time


def column_from(decoder: Decoder, content: Any, depth: int) -> Any:
    """The values of a column."""
    import pandas

    if "numbers" in content:
        # The marks of tensors have no place here.
        numbers = {key: part for key, part in content["numbers"].items() if key != "tensor"}
        return decoder.node(numbers, depth + 1)
    if "codes" in content:
        return pandas.Categorical.from_codes(
            decoder.node(content["codes"], depth + 1),
            index_from(decoder, content["categories"], depth),
            ordered=content.get("ordered") is True,
        )
    dtype = content["dtype"]
    if type(dtype) is not str or not DTYPE.fullmatch(dtype):
        return decoder.opaque(f"a column of type {dtype!s:.40}")
    items = decoder.node(list(content["items"]), depth + 1)
    values = pandas.Series(items, dtype=dtype)
    if not decoder.gaps and UNKNOWN.fullmatch(dtype) and values.hasnans:
        return decoder.opaque(f"a column of type {dtype} with missing values")
    return values.array


def extension_from(decoder: Decoder, content: Any, depth: int) -> Any:
    """An array of pandas' own."""
    import pandas

    from autograder.values.decode import Malformed

    values = column_from(decoder, content, depth)
    if "numbers" not in content:
        return values
    if not is_array(values) or values.ndim != 1:
        raise Malformed("an array of pandas without numbers")
    if values.dtype.kind in "mM":
        return pandas.array(values)
    return pandas.arrays.NumpyExtensionArray(values)


def told(content: Any) -> Any:
    """The type of a column's values where pandas would find another: of objects that are text."""
    return object if content.get("dtype") == "object" else None


def index_from(decoder: Decoder, content: Any, depth: int) -> Any:
    """An index."""
    import pandas

    if "range" in content:
        start, stop, step, name = content["range"]
        return pandas.RangeIndex(start, stop, step, name=decoder.node(name, depth + 1))
    if "levels" in content:
        levels = [index_from(decoder, level, depth) for level in content["levels"]]
        return pandas.MultiIndex.from_arrays(levels, names=[level.name for level in levels])
    values = column_from(decoder, content["column"], depth)
    name = decoder.node(content["name"], depth + 1)
    made = pandas.Index(values, dtype=told(content["column"]), name=name)
    often = content.get("freq")
    if (
        type(made) in (pandas.DatetimeIndex, pandas.TimedeltaIndex)
        and type(often) is str
        and FREQUENCY.fullmatch(often)
        and len(made) <= MAX_TICKS
    ):
        # pandas refuses one that does not fit the times.
        with contextlib.suppress(Exception):
            made.freq = often
    return made
