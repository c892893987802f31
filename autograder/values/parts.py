"""Parts of a call's arguments, so that what is one object in a test is one in the answer too.

Both sides have the same arguments. A part is named by its path: places from one list, tuple,
dictionary or array of objects to the next, the first one among the arguments.
"""

from __future__ import annotations

import collections
import sys
from collections.abc import Container
from typing import Any

from autograder.values.encode import EXTENSIONS, MAX_DEPTH, MAX_NODES, TENSOR_CLASSES
from autograder.values.real import real
from autograder.values.wire import WireError

Path = tuple[int, ...]
# Parts that are looked at, as many as a message can hold; marks of one value that are read.
MOST, MOST_MARKS = MAX_NODES, 200_000
SIMPLE = frozenset((type(None), bool, int, float, complex, str, bytes))
DICTIONARIES = frozenset(
    (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
)
HOLDING = DICTIONARIES | {list, tuple}
# Those of libraries by name: none is imported for it. Of an index only the names can change.
INDEXES = frozenset(
    "Index RangeIndex MultiIndex DatetimeIndex TimedeltaIndex CategoricalIndex".split()
)
LEAVES = EXTENSIONS.union(TENSOR_CLASSES, INDEXES, "ndarray MaskedArray Series DataFrame".split())


def of_objects(value: Any) -> bool:
    """Whether a value is an array whose items are objects."""
    return is_array(value) and value.dtype.kind == "O"


def is_array(value: Any) -> bool:
    """Whether a value is a real array, and nothing that is called so."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray


def inside(value: Any) -> list[Any]:
    """The items of a value, in the order in which both sides count them; of most there are none."""
    kind = type(value)
    if kind is list or kind is tuple:
        return list(value)
    if kind is collections.OrderedDict:
        # It has an order of its own, and `dict.values` another one after `move_to_end`.
        return list(value.values())
    if kind in DICTIONARIES:
        return list(dict.values(value))
    return list(value.ravel().tolist()) if of_objects(value) else []


def with_items(value: Any, items: list[Any]) -> Any:
    """A copy of a value with other items."""
    kind = type(value)
    if kind is tuple:
        return tuple(items)
    made = [*value] if kind is list else value.copy()
    return put(made, items)


def put(value: Any, items: list[Any]) -> Any:
    """The value with other items; in place, unless it is a tuple."""
    kind = type(value)
    if kind is tuple:
        return tuple(items)
    if kind is list:
        value[:] = items
    elif kind in DICTIONARIES:
        for key, item in zip(list(value), items, strict=True):
            dict.__setitem__(value, key, item)
    else:
        for place, item in enumerate(items):
            value.flat[place] = item
    return value


class Parts:
    """The parts of arguments that can be changed, or hold such.

    Args:
        given: the arguments.
        known: identities of objects that are left out where the arguments hold them.

    Attributes:
        found: each part by the path at which it is seen first.
        twins: further paths, each with the first one of the same object.
    """

    def __init__(self, given: list[Any], known: Container[int] = ()) -> None:
        self.known = known
        self.found: dict[Path, Any] = {}
        self.twins: list[tuple[Path, Path]] = []
        self.paths: dict[int, Path] = {}
        self.left = MOST
        # Of values that were cut, each with what came of it.
        self.made: dict[int, tuple[Any, Any]] = {}
        for place, value in enumerate(given):
            self.see(value, (place,))

    def see(self, value: Any, path: Path) -> None:
        """Note a value and what is in it."""
        kind = type(value)
        if kind in SIMPLE or len(path) > MAX_DEPTH + 2:
            return
        if len(path) > 1 and id(value) in self.known:
            return
        holds = kind in HOLDING
        leaf = kind is set or kind is bytearray or real(kind, LEAVES)
        if not (holds or leaf) or (kind is tuple and not value):
            return
        first = self.paths.get(id(value))
        if first is not None:
            self.twins.append((path, first))
            return
        self.left -= 1
        if self.left < 0:
            return
        self.paths[id(value)], self.found[path] = path, value
        for place, item in enumerate(inside(value)):
            if type(item) not in SIMPLE:
                self.see(item, (*path, place))

    def pruned(self, value: Any) -> tuple[Any, list[Any]]:
        """A value without the parts of the arguments that it holds, and marks that say where they
        were: pairs of a path in the value and one in the arguments."""
        marks: list[Any] = []
        self.left, self.made = MOST, {}
        return self.cut(value, (), marks), marks

    def cut(self, value: Any, path: Path, marks: list[Any]) -> Any:
        """A value without parts of the arguments; marks are added."""
        first = self.paths.get(id(value))
        if first is not None and len(marks) < MOST_MARKS:
            marks.append([list(path), list(first)])
            return None
        # What is one object is one without its parts too; its marks are those of the first place.
        kept = self.made.get(id(value))
        if kept is None:
            kept = self.made[id(value)] = value, self.shell(value, path, marks)
        return kept[1]

    def without(self, part: Any) -> tuple[Any, list[Any]]:
        """A part without the other parts that it holds, and marks as of `pruned`."""
        marks: list[Any] = []
        self.left, self.made = MOST, {}
        return self.shell(part, (), marks), marks

    def shell(self, value: Any, path: Path, marks: list[Any]) -> Any:
        """The same of what the value holds: it stays, even if it is a part itself."""
        self.left -= 1
        if self.left < 0 or len(path) > MAX_DEPTH:
            return value
        items = inside(value)
        kept = [
            item if type(item) in SIMPLE else self.cut(item, (*path, place), marks)
            for place, item in enumerate(items)
        ]
        changed = any(new is not old for new, old in zip(kept, items, strict=True))
        return with_items(value, kept) if changed else value


class Lookup:
    """Finds parts by paths that arrived; asked before anything is changed.

    Args:
        given: the arguments.
    """

    def __init__(self, given: list[Any]) -> None:
        self.items: dict[Path, list[Any]] = {(): given}
        self.left = 2 * MOST

    def at(self, path: Any) -> Any:
        """The part at a path.

        Raises:
            WireError: there is none.
        """
        steps = checked(path)
        if not steps:
            raise WireError("no part of an argument")
        value: Any = None
        for depth, step in enumerate(steps):
            prefix = steps[:depth]
            if prefix not in self.items:
                self.items[prefix] = inside(value)
                self.left -= len(self.items[prefix])
                if self.left < 0:
                    raise WireError("more parts than are followed")
            if step >= len(self.items[prefix]):
                raise WireError("a part that was not given")
            value = self.items[prefix][step]
        return value

    def marked(self, marks: Any) -> dict[Path, Any]:
        """The parts that marks name, by the paths at which they belong.

        Raises:
            WireError: they are none.
        """
        if marks is None:
            return {}
        if type(marks) is not list or len(marks) > MOST_MARKS:
            raise WireError("marks that are none")
        found = {}
        for mark in marks:
            if type(mark) is not list or len(mark) != 2:
                raise WireError("a mark that is none")
            found[checked(mark[0])] = self.at(mark[1])
        return found


def checked(path: Any) -> Path:
    """A path as it arrived.

    Raises:
        WireError: it is none.
    """
    if type(path) is not list or len(path) > MAX_DEPTH + 3:
        raise WireError("a path that is none")
    if any(type(step) is not int or step < 0 for step in path):
        raise WireError("a path that is none")
    return tuple(path)


def joined(value: Any, marks: dict[Path, Any]) -> Any:
    """A value with other objects at some of its paths; in place, but for tuples.

    Raises:
        WireError: it has no such path.
    """
    if () in marks:
        return marks[()]
    if not marks:
        return value
    below: dict[int, dict[Path, Any]] = {}
    for path, item in marks.items():
        below.setdefault(path[0], {})[path[1:]] = item
    items = inside(value)
    if max(below) >= len(items):
        raise WireError("a place that is not there")
    for place, more in below.items():
        items[place] = joined(items[place], more)
    return put(value, items)
