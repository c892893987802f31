"""Whether a value is held by more than those who look at it: then it can change later."""

from __future__ import annotations

import collections
import math
import sys
from collections.abc import Sequence
from typing import Any

from autograder.values.encode import TENSOR_CLASSES
from autograder.values.parts import HOLDING, LEAVES, SIMPLE, Parts, Path, inside, is_array
from autograder.values.real import real

# Items of all parts of a value that is followed, and bytes of an array; a cell of a table takes as
# long as some items.
MOST, MOST_BYTES, CELL = 20_000, 1 << 20, 10


def changeable(value: Any) -> bool:
    """Whether a value can be changed in place, or may hold one that can."""
    kind = type(value)
    if kind in SIMPLE:
        return False
    return kind in HOLDING or kind in (set, bytearray) or real(kind, LEAVES)


def below(value: Any) -> list[Any]:
    """The parts that a value holds itself; of an array that is a view, what it looks at."""
    if is_array(value) and is_array(value.base):
        return [value.base]
    return [item for item in inside(value) if changeable(item)]


def size(value: Any) -> int:
    """Items of a value without those of its parts; more than `MOST` of what is too large."""
    if is_array(value) and value.dtype.kind != "O":
        return 1 if value.nbytes <= MOST_BYTES else MOST + 1
    kind = type(value)
    if kind in HOLDING or kind in (set, bytearray):
        return 1 + len(value)
    # A tensor may have no size, or a method of this name, or leave it to a teacher what it is.
    return 1 + CELL * int(MOST if real(kind, TENSOR_CLASSES) else value.size)


class Graph:
    """Values with all their parts, and how often they hold each other.

    Args:
        values: the list itself holds each once.
        most: items that are followed.

    Attributes:
        parts: each part by its identity.
        counted: how often this list and the parts hold a part.
        edges: the parts that a part holds.
        small: whether all were followed.
    """

    def __init__(self, values: Sequence[Any], most: float = math.inf) -> None:
        self.parts: dict[int, Any] = {}
        self.counted: collections.Counter[int] = collections.Counter()
        self.edges: dict[int, list[int]] = {}
        waiting = [item for item in values if changeable(item)]
        while waiting and most >= 0:
            part = waiting.pop()
            self.counted[id(part)] += 1
            if id(part) not in self.parts:
                most -= size(part)
                items = below(part) if most >= 0 else []
                self.parts[id(part)], self.edges[id(part)] = part, [id(item) for item in items]
                waiting += items
        self.small = most >= 0

    def reached(self, value: Any) -> set[int]:
        """A value and all parts below it, by their identities."""
        found, waiting = set[int](), [id(value)]
        while waiting:
            place = waiting.pop()
            if place not in found and place in self.parts:
                found.add(place)
                waiting += self.edges[place]
        return found

    def outside(self) -> set[int]:
        """Parts that are held from elsewhere too; of tuples, those that hold something."""
        return {
            place
            for place in self.parts
            if references(self.parts, place) > self.counted[place]
            and (type(self.parts[place]) is not tuple or self.edges[place])
        }


def references(parts: dict[int, Any], place: int) -> int:
    """How many hold a part beside the dictionary of parts."""
    return sys.getrefcount(parts[place]) - OWN


# What asking adds, in this Python.
OWN = 0
OWN = references({0: []}, 0)


def kept(values: Sequence[Any], known: Sequence[Any] = ()) -> list[tuple[Path, Any]]:
    """Parts of values that something else holds too, and that can be changed; with their paths.

    A value that is too large to be followed counts as held by nobody.

    Args:
        values: held by this list, and by nobody else who does not count.
        known: values of which it is known already; what they hold is not held elsewhere by that.
    """
    small = [Graph([value], MOST).small for value in values]
    graph = Graph([*(value for value, yes in zip(values, small, strict=True) if yes), *known])
    outside = graph.outside() - {id(value) for value in known}
    if not outside:
        return []
    parts = Parts([value if yes else None for value, yes in zip(values, small, strict=True)])
    return [
        (path, part)
        for path, part in parts.found.items()
        # A view changes with the array at which it looks.
        if id(part) in outside or (is_array(part) and outside & graph.reached(part))
    ]
