"""What shares its memory in the notebook and not here, and arguments of a call that share theirs.

An array can look at another one, or at a column of a table; a list can lie in a cell of a table.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from autograder.values.changes import Watched
from autograder.values.parts import Parts
from autograder.values.tables import WITHIN, in_cells, in_pieces, is_table, pieces, wholes

# Bytes of the arrays of one case that are watched.
MOST = 256 << 20


def state(array: Any) -> Any:
    """What an array is like now. Of objects it has them, which nobody asks for anything."""
    return array.copy() if array.dtype.hasobject else zlib.crc32(array.tobytes())


def differs(array: Any, before: Any) -> bool:
    """Whether an array has changed itself; of objects, whether there are others."""
    if array.dtype.hasobject:
        return bool(array.tobytes() != before.tobytes())
    return bool(zlib.crc32(array.tobytes()) != before)


class Views:
    """Watches values whose copies share no memory, as they do in the notebook.

    A function can answer with `x.T`, or `x[1:]`. As long as a test only reads, a copy is as good.
    A column that a test replaces, or an object that it puts into a cell, is another one in the
    notebook too: the arrays and objects that were there are watched.

    Attributes:
        wholes: arrays, tables and indexes by identity, and which columns count; None: all.
        parts: of values, of which the objects in cells are watched; by identity.
        watched: the arrays, and what they were like.
        cells: the objects.
    """

    def __init__(self) -> None:
        self.wholes: dict[int, tuple[Any, set[int] | None]] = {}
        self.parts: dict[int, Any] = {}
        self.watched: list[tuple[Any, Any]] = []
        self.cells = Watched([])

    def note(self, values: list[Any]) -> None:
        """From now on it matters whether a test changes the numbers of these values."""
        self.wholes |= {id(value): (value, None) for value in wholes(values)}
        self.renew()

    def note_variables(
        self, values: dict[str, Any], columns: dict[str, set[int]], joint: list[str]
    ) -> None:
        """The same of variables.

        Args:
            values: by their names.
            columns: of those that share numbers; the place of an array is 0, and see `WITHIN`.
            joint: names of those that share what is in cells.
        """
        for name, places in columns.items():
            value = values.get(name)
            if WITHIN in places:
                self.wholes |= {id(whole): (whole, None) for whole in wholes([value])}
            elif in_pieces(value):
                self.wholes[id(value)] = value, places
        self.note_cells([values.get(name) for name in joint])

    def note_cells(self, values: list[Any]) -> None:
        """From now on it matters whether a test changes what is in the cells of tables of these
        values, or other parts of them."""
        self.parts |= {id(part): part for part in Parts(values).found.values()}
        self.renew()

    def changed(self) -> bool:
        """Whether one of them has changed."""
        return any(differs(*watched) for watched in self.watched) or self.cells.differs()

    def renew(self) -> None:
        """What they are now is how they were: a function has changed them, in the notebook too."""
        self.watched, left = [], MOST
        for value, places in self.wholes.values():
            for piece in pieces(value, places):
                left -= piece.array.nbytes
                if left >= 0:
                    self.watched.append((piece.array, state(piece.array)))
        self.cells = objects(list(self.parts.values()))


def objects(parts: list[Any]) -> Watched:
    """Watches parts of values that can change, and of tables what is in their cells."""
    return Watched([*in_cells(parts), *(part for part in parts if not is_table(part))])


class Overlaps:
    """Arrays of arguments that lie in the same memory.

    Args:
        given: the arguments.
    """

    def __init__(self, given: list[Any]) -> None:
        self.wholes = wholes(given)

    def other(self, part: Any) -> bool:
        """Whether a part of the arguments is an array, and another one has numbers of it."""
        return issubclass(type(part), np.ndarray) and any(
            np.may_share_memory(piece.array, part)
            for other in self.wholes
            if other is not part
            for piece in pieces(other)
        )
