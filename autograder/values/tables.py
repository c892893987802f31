"""What a table is made of, and what else may hold it: arrays of its columns, objects in its cells.

A table is copied as a whole. In the notebook an array can look at the numbers of a column, as in
`ages = table["age"].values`, and a list can lie in a cell and be a variable too.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.values.changes import snapshot
from autograder.values.frames import TABLES
from autograder.values.kept import Graph, changeable, references
from autograder.values.parts import Parts, is_array
from autograder.values.real import real

# Columns of a table that are looked at, and cells of one of them.
MOST_COLUMNS, MOST_CELLS = 1_000, 200_000
# Columns of a table that a call has brought; up to so many are taken by their places.
MOST_ASKED, FEW = 100, 50
# Objects in cells that stay if a table changes.
MOST_KEPT = 20_000
# In place of the place of a column: all that a value holds.
WITHIN = -1
# Pairs of arrays of which it is found out whether they share numbers.
MOST_PAIRS = 500_000
# Indexes that keep their items in one array, which others can look at.
INDEXED = ("Index", "DatetimeIndex", "TimedeltaIndex")


def is_table(value: Any) -> bool:
    """Whether a value is a real table or column of pandas."""
    return real(type(value), TABLES)


def copies_on_write() -> bool:
    """Whether pandas copies a table that shares numbers with another one before it changes it."""
    pandas = sys.modules.get("pandas")
    with contextlib.suppress(Exception):
        if int(pandas.__version__.split(".")[0]) >= 3:  # type: ignore[union-attr]
            return True
        return pandas.options.mode.copy_on_write is True  # type: ignore[union-attr]
    return False


def columns(
    value: Any, objects: bool = False, places: set[int] | None = None, most: int = MOST_COLUMNS
) -> dict[int, Any]:
    """Arrays that look at the columns of a table, or at an index, by place; none of a column that
    is kept in another way.

    Args:
        value: the table or index.
        objects: whether only columns of objects count.
        places: of the columns that count; None: all.
        most: so many columns are looked at.
    """
    found: dict[int, Any] = {}
    with contextlib.suppress(Exception):
        numpy = sys.modules["numpy"]
        whole = type(value).__name__ == "DataFrame"
        kinds = value.dtypes.tolist() if whole else [value.dtype]
        wanted = {
            place
            for place, kind in enumerate(kinds[:most])
            if isinstance(kind, numpy.dtype) and (kind.kind == "O" or not objects)
        }
        wanted = wanted if places is None else wanted & places
        if not whole:
            return {place: value.to_numpy() for place in wanted}
        if len(wanted) <= FEW:
            return {place: value.iloc[:, place].to_numpy() for place in sorted(wanted)}
        # One after the other is faster than each by its place.
        for place, (_, column) in enumerate(itertools.islice(value.items(), most)):
            if place in wanted:
                found[place] = column.to_numpy()
    return found


def cells(table: Any) -> list[Any]:
    """The objects in the cells of a table that can change in place; one for each cell."""
    return [
        item
        for array in columns(table, objects=True).values()
        for item in array[:MOST_CELLS].tolist()
        if changeable(item)
    ]


def alone(parts: Parts) -> list[Any]:
    """The parts of values that can change themselves, each once."""
    return [part for part in parts.found.values() if type(part) is not tuple]


def cells_of(parts: Iterable[Any]) -> Parts:
    """What lies in the cells of the tables among parts of values, with all that it holds."""
    return Parts([item for part in parts if is_table(part) for item in cells(part)])


def in_cells(parts: Iterable[Any]) -> list[Any]:
    """The same, but for tuples."""
    return alone(cells_of(parts))


@dataclass(frozen=True)
class Piece:
    """An array that is a value or looks at one.

    Attributes:
        whole: the array, table or index.
        place: of the column.
        array: that looks at it.
    """

    whole: Any
    place: int
    array: Any


def pieces(value: Any, places: set[int] | None = None) -> list[Piece]:
    """The pieces of an array, a table or an index; of anything else there are none.

    Args:
        value: which.
        places: of the columns that count; None: all.
    """
    if is_array(value):
        return [Piece(value, 0, value)]
    if not is_table(value) and not real(type(value), INDEXED):
        return []
    found = columns(value, places=places)
    return [Piece(value, place, array) for place, array in found.items()]


def in_pieces(value: Any) -> bool:
    """Whether a value is an array, a table or an index."""
    return is_array(value) or real(type(value), (*TABLES, *INDEXED))


def wholes(values: Iterable[Any]) -> list[Any]:
    """The arrays, tables and indexes among the parts of values."""
    return [part for part in Parts(list(values)).found.values() if in_pieces(part)]


def joint(values: dict[str, Any]) -> list[str]:
    """The names of values that are, or hold, what lies in the cell of a table too.

    Args:
        values: by their names. One that several names have counts once.
    """
    # Each once.
    parts = {id(value): (name, Parts([value])) for name, value in values.items()}
    lying = {place: cells_of(found.found.values()) for place, (_, found) in parts.items()}
    inside = {id(part) for found in lying.values() for part in alone(found)}
    if not inside:
        return []
    holders: dict[int, list[str]] = {place: [] for place in inside}
    for place, (name, found) in parts.items():
        # One that lies in two cells is a twin.
        again = [lying[place].found[first] for _, first in lying[place].twins]
        for part in [*alone(found), *alone(lying[place]), *again]:
            holders.get(id(part), []).append(name)
    return list(dict.fromkeys(name for held in holders.values() if len(held) > 1 for name in held))


def meeting(mine: list[Any], theirs: list[Any]) -> Iterator[tuple[Piece, Piece]]:
    """Pieces that may share their numbers, so that one changes with the other.

    Args:
        mine: arrays, tables and indexes.
        theirs: of which the others are. Of very many pairs, the first are looked at.
    """
    pandas_own = copies_on_write()
    known: dict[int, list[Piece]] = {}
    left = MOST_PAIRS
    for one, other in itertools.product(mine, theirs):
        if one is other or (pandas_own and not (is_array(one) or is_array(other))):
            continue
        for value in (one, other):
            if id(value) not in known:
                known[id(value)] = pieces(value)
        pairs = len(known[id(one)]) * len(known[id(other)])
        if pairs > left:
            continue
        left -= pairs
        for pair in itertools.product(known[id(one)], known[id(other)]):
            if sys.modules["numpy"].may_share_memory(pair[0].array, pair[1].array):
                yield pair


def owner(array: Any) -> Any:
    """What holds the memory of an array."""
    while is_array(array.base):
        array = array.base
    return array


def looked_at(table: Any) -> bool:
    """Whether something beside pandas looks at the numbers of a table, or has what is in a cell."""
    asked = columns(table, most=MOST_ASKED).values()
    owners = {id(found): found for found in map(owner, asked)}
    del asked
    # pandas holds each once.
    if any(references(owners, place) > 1 for place in owners):
        return True
    graph = Graph(found := cells(table))
    # So does the array of the column.
    graph.counted.update(map(id, found))
    return bool(graph.outside())


class Before:
    """What a table was made of, before it is changed.

    Args:
        table: which.
    """

    def __init__(self, table: Any) -> None:
        self.table = table
        self.columns = columns(table)

    def with_cells(self, new: Any) -> Any:
        """What the table becomes, with the objects of its cells that are what they were."""
        with contextlib.suppress(Exception):
            if type(new) is type(self.table):
                return self.filled(new)
        return new

    def filled(self, new: Any) -> Any:
        """The same of what is a table as well."""
        left = MOST_KEPT
        for place, array in columns(new, objects=True).items():
            old = self.columns.get(place)
            if old is None or old.dtype.kind != "O" or len(old) != len(array):
                continue
            items = array.tolist()
            same = [
                row
                for row, (was, now) in enumerate(zip(old[:left].tolist(), items, strict=False))
                if changeable(was) and alike(was, now)
            ]
            left -= len(items)
            for row in same:
                items[row] = old[row]
            if same:
                new = replaced(new, place, items)
            if left <= 0:
                break
        return new

    def held(self) -> bool:
        """Whether something still has a column that is another now, or an object that was in a
        cell and is not there any more.

        One of another length or type was not changed in place: what looks at it stays as it is.
        """
        now = columns(self.table)
        mine, self.columns = self.columns, {}
        there = set(map(id, cells(self.table)))
        found = [
            item
            for array in mine.values()
            if array.dtype.kind == "O"
            for item in array[:MOST_CELLS].tolist()
            if changeable(item) and id(item) not in there
        ]
        owners = {
            id(held): held
            for place, array in mine.items()
            if place in now and changed(array, now[place])
            for held in (owner(array),)
        }
        mine.clear()
        if any(references(owners, place) for place in owners):
            return True
        owners.clear()
        return bool(Graph(found).outside())


def changed(array: Any, now: Any) -> bool:
    """Whether a column has become another one, and may have in place."""
    return (array.shape, array.dtype) == (now.shape, now.dtype) and not alike(array, now)


def alike(was: Any, now: Any) -> bool:
    """Whether two objects hold the same."""
    found = snapshot(was)
    return found is not None and bool(found == snapshot(now))


def replaced(table: Any, place: int, items: list[Any]) -> Any:
    """The table with these objects in one of its columns."""
    pandas = sys.modules["pandas"]
    column = pandas.Series(items, index=table.index, dtype=object)
    if type(table).__name__ == "Series":
        column.name, column.attrs = table.name, table.attrs
        return column
    table.isetitem(place, column)
    return table
