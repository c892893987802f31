"""Copies of values that the notebook keeps: what a test or the notebook changes, both see."""

from __future__ import annotations

import math
from typing import Any

from autograder.trusted.standins import Function, Opaque, Remote
from autograder.values.changes import Watched, twins_of
from autograder.values.encode import Encoder
from autograder.values.history import History
from autograder.values.kept import Graph, changeable, size
from autograder.values.large import Large
from autograder.values.parts import MOST_MARKS, Lookup, joined
from autograder.values.sets import Given
from autograder.values.wire import WireError

# Values of one question that are followed at a time, and items of all of them; a copy of any other
# is a copy.
MOST, MOST_ITEMS = 1_000, 200_000
# Arrays and columns that share numbers.
MOST_VIEWS = 10_000
# Nodes of all values that may be one object with another.
MOST_NODES = 2_000_000


class Shared:
    """The copies of one question by the numbers of the notebook's values.

    Attributes:
        copies: by number, in the order in which both sides count them.
        known: what they were like when both sides had the same.
        variables: what tests get, by name; they may set some.
        handed: the same, as it came.
        large: values that are too large to be followed.
        missed: whether a value is not followed, or not any more, and a failed case may be wrong.
        unordered: whether a set has another order than in the notebook, which is as much.
        views: names of what shares its numbers in the notebook, and not here; by them the columns.
        joint: names of what lies in cells of tables in the notebook, and is another object here.
        sets: those of the question, which a test may have changed.
    """

    def __init__(self, sets: Given | None = None) -> None:
        self.copies: dict[int, Any] = {}
        self.known = Watched([])
        self.variables: dict[str, Any] = {}
        self.handed: dict[str, Any] = {}
        self.large = Large()
        self.missed = self.unordered = False
        self.views: dict[str, set[int]] = {}
        self.joint: list[str] = []
        self.items = 0
        self.sets = Given() if sets is None else sets

    def keep(self, said: Any, values: list[Any]) -> None:
        """The notebook keeps parts of values, and says by which numbers.

        Args:
            said: pairs of a path and a number, as they arrived.
            values: of which they are parts.

        Raises:
            WireError: they are none.
        """
        if type(said) is not list:
            raise WireError("what is kept is no list")
        lookup = Lookup(values)
        for pair in said:
            if type(pair) is not list or len(pair) != 2:
                raise WireError("what is kept is no pair")
            path, number = pair
            if type(number) is not int or number < 0 or number in self.copies:
                raise WireError("a number of no value")
            try:
                part = lookup.at(path)
            except WireError:
                # Part of what is not copied, or arrived with other parts.
                continue
            if not changeable(part):
                continue
            self.items += size(part)
            if len(self.copies) < MOST and self.items <= MOST_ITEMS:
                self.copies[number] = part
            else:
                self.missed = True
        self.told()

    def prune(self) -> None:
        """Follow no copy any more that no test has: what it has changed there has been told.

        Nobody else may hold them for the moment.
        """
        if not self.copies:
            return
        numbers, values = list(self.copies), list(self.copies.values())
        self.copies, self.known = {}, Watched([])
        graph = Graph(values)
        held = graph.outside()
        kept = [not held.isdisjoint(graph.reached(value)) for value in values]
        del graph
        self.copies = {n: v for n, v, yes in zip(numbers, values, kept, strict=True) if yes}
        self.items = sum(map(size, self.copies.values()))
        self.told()

    def environment(self, values: dict[str, Any], said: Any) -> dict[str, Any]:
        """Variables, of which some are, or hold, the same object.

        Args:
            values: by name.
            said: of those that can change `order`, their names, `keeps`, as of `keep`, `twins`,
                pairs of paths to one object, `views` and `joint`, as above; as it arrived.
        """
        said = said if type(said) is dict else {}
        order = said.get("order")
        if type(order) is list and all(type(name) is str for name in order):
            made = same([values.get(name) for name in order], said.get("twins"))
            values |= {
                name: value for name, value in zip(order, made, strict=True) if name in values
            }
            self.keep(said.get("keeps"), made)
        self.told()
        views, joint = said.get("views"), said.get("joint")
        for name, place in pairs(views):
            if type(name) is str and type(place) is int:
                self.views.setdefault(name, set()).add(place)
        told = {name for name in joint if type(name) is str} if type(joint) is list else set()
        self.joint = [name for name in values if name in told]
        self.large.note(values.values(), math.inf)
        self.variables, self.handed = values, dict(values)
        return values

    def replaced(self) -> bool:
        """Whether a test has set one of the variables anew."""
        return any(self.variables.get(name, self) is not had for name, had in self.handed.items())

    def told(self) -> None:
        """Both sides have the same now."""
        self.known = Watched(list(self.copies.values()))

    def changed(self, encoder: Encoder) -> tuple[list[Any], list[list[list[int]]]]:
        """What a test has changed since then, and where that holds one new object twice."""
        return self.known.changed(encoder)

    def twins(self, given: list[Any]) -> list[list[list[int]]]:
        """Where arguments are, or hold, these values or one object twice."""
        found = twins_of([*self.copies.values(), *given])
        return [pair for pair in found if pair[0][0] >= len(self.copies)]

    def lost(self) -> None:
        """Nobody knows what the notebook has made of its values."""
        self.copies, self.missed = {}, True
        self.told()


def pairs(said: Any) -> list[Any]:
    """The pairs of a list, whatever arrived."""
    listed = said[:MOST_VIEWS] if type(said) is list else []
    return [item for item in listed if type(item) is list and len(item) == 2]


def same(values: list[Any], twins: Any) -> list[Any]:
    """Values with one object where the notebook has one; as they came where they cannot be so.

    A place takes the object of an earlier one that does not hold it, so nothing holds itself; and
    only one that is like what it had, so nothing grows.

    Args:
        values: which may hold each other's parts.
        twins: pairs of a path and an earlier one, as they arrived.
    """
    if type(twins) is not list:
        return values
    lookup, left = Lookup(values), MOST_NODES
    had: dict[tuple[int, ...], Any] = {}
    found = []
    for twin in twins:
        try:
            path, first = twin
            here, there = lookup.at(path), lookup.at(first)
        except (WireError, TypeError, ValueError):
            # Part of what is not copied, or made up.
            continue
        if not first < path or path[: len(first)] == first:
            continue
        if tuple(first) not in had:
            had[tuple(first)] = alike(there)
            left -= had[tuple(first)][2]
        like = alike(here)
        left -= like[2]
        if left < 0:
            break
        if like == had[tuple(first)]:
            found.append(twin)
    return list(joined(values, lookup.marked(found[:MOST_MARKS])))


def alike(value: Any) -> tuple[Any, bytes, int]:
    """Something that two values have in common that are the same but for their identity; last,
    how many nodes it has. No stand-in is asked for it."""
    encoder = Encoder()

    def refer(item: Any) -> dict[str, Any]:
        kind = type(item)
        if issubclass(kind, Function | Remote):
            # Of one object of the notebook's there can be two, told of in other words.
            return {"ref": object.__getattribute__(item, "_ref")}
        if kind is Opaque:
            return {"opaque": object.__getattribute__(item, "_reason")}
        if kind is History:
            return {"history": encoder.node(vars(item)["history"], 0)}
        # A class of exceptions; or a function of a library, which a notebook's own must not
        # replace, whatever that says it is called.
        return {"id": id(item)}

    encoder.refer = refer
    found = encoder.value(value)
    if type(found) is dict and "other" in found:
        # Nobody knows what it is like.
        found = object()
    return found, encoder.blob, encoder.nodes
