"""Changes in place of values that both sides have, told from one side to the other."""

from __future__ import annotations

import collections
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from autograder.values import sets
from autograder.values.encode import Encoder, NotCarried
from autograder.values.parts import (
    DICTIONARIES,
    INDEXES,
    LEAVES,
    MOST,
    Lookup,
    Parts,
    Path,
    inside,
    is_array,
    of_objects,
)
from autograder.values.real import real
from autograder.values.wire import WireError


class Unlike(Exception):
    """A value cannot be made what it is on the other side; the text says what it is."""


class Watched:
    """Values as they are now, which tells later what has changed in them.

    Args:
        values: in the order in which the other side has them.

    Attributes:
        parts: theirs.
    """

    def __init__(self, values: list[Any]) -> None:
        self.parts = Parts(values)
        self.before = {path: state(part) for path, part in self.parts.found.items()}

    def differs(self) -> bool:
        """Whether a part has changed itself."""
        return any(differs(part, self.before[path]) for path, part in self.parts.found.items())

    def changed(self, encoder: Encoder, *more: Any) -> tuple[list[Any], list[list[list[int]]]]:
        """Of each part that has changed itself: its path, what it is now without other parts, and
        marks of these, as JSON; and where these, and further values, hold one new object twice.

        Args:
            encoder: writes them.
            more: values that go along. They are told elsewhere, and count on from the parts here.
        """
        entries, parts = [], []
        for path, part in self.parts.found.items():
            if differs(part, self.before[path]):
                now, marks = self.parts.without(part)
                entries.append([list(path), encoder.value(now), marks])
                parts.append(part)
        known = self.parts.paths
        new = [None if id(value) in known else value for value in more]
        return entries, twins_of([*parts, *new], known)


def twins_of(values: list[Any], known: Container[int] = ()) -> list[list[list[int]]]:
    """Where values are, or hold, one object twice: pairs of a path and an earlier one.

    Args:
        values: of which each is looked into.
        known: identities of objects that are left out where values hold them.
    """
    return [[list(path), list(first)] for path, first in Parts(values, known).twins]


@dataclass(frozen=True)
class Told:
    """A part that has changed on the other side.

    Attributes:
        part: the one that is here.
        node: what it is there, without the parts that both sides know, as it arrived.
        marks: these parts, by the paths at which they belong into it.
    """

    part: Any
    node: Any
    marks: dict[Path, Any]


def told(changed: Any, lookup: Lookup) -> list[Told]:
    """Parts that have changed on the other side, each with what it is there.

    Nothing is changed here yet: all paths are followed first.

    Args:
        changed: as it arrived.
        lookup: finds the parts.

    Raises:
        WireError: it names what was not given.
    """
    if type(changed) is not list or len(changed) > MOST:
        raise WireError("changed values that are none")
    found = []
    for entry in changed:
        if type(entry) is not list or len(entry) != 3:
            raise WireError("a changed value that is none")
        path, node, marks = entry
        found.append(Told(lookup.at(path), node, lookup.marked(marks)))
    return found


def change(old: Any, new: Any, makes: sets.Maker) -> None:
    """Make `old` what `new` is, in place.

    Args:
        old: a part.
        new: a value.
        makes: sets with their order.

    Raises:
        Unlike: it cannot be.
    """
    kind = type(old)
    if kind is not type(new):
        raise Unlike(kind.__name__)
    if kind in (list, bytearray):
        old[:] = new
    elif kind is set:
        makes.change(old, new)
        makes.given.note(old)
    elif kind in DICTIONARIES:
        old.clear()
        old.update(new)
        if kind is collections.defaultdict:
            old.default_factory = new.default_factory
    elif is_array(old) and (old.shape, old.dtype) == (new.shape, new.dtype):
        if not (old.flags.writeable and new.flags.writeable):
            raise Unlike("array that cannot be written to, here or there")
        old[...] = new
    elif real(kind, LEAVES) and hasattr(old, "_update_inplace"):
        old._update_inplace(new)
        old.attrs = new.attrs
        if new.ndim == 1:
            old.name = new.name
    elif real(kind, INDEXES) and old.nlevels == new.nlevels and old.equals(new):
        old.names = new.names
    else:
        raise Unlike(kind.__name__)


@dataclass(frozen=True)
class Snapshot:
    """What a value was like.

    Attributes:
        node, blob: the value; an object in it is known by its identity.
        held: these objects, so that no other one gets the address of one that was here.
    """

    node: Any
    blob: bytes
    held: list[Any] = field(compare=False)


def snapshot(value: Any) -> Any:
    """Something that differs when a changeable value has changed; None for one that cannot."""
    if value is None or type(value) in (bool, int, float, str, bytes, complex):
        return None
    held: list[Any] = []

    def hold(item: Any) -> dict[str, int]:
        held.append(item)
        return {"object": id(item)}

    encoder = Encoder(hold)
    try:
        return Snapshot(encoder.node(value, 0), encoder.blob, held)
    except (NotCarried, RecursionError):
        return None


def state(part: Any) -> Any:
    """What a part of an argument is like before a call; None for a tuple, which stays."""
    kind = type(part)
    if kind is tuple:
        return None
    if kind in DICTIONARIES:
        return [*part, *inside(part), getattr(part, "default_factory", None)]
    if kind is list:
        return inside(part)
    if of_objects(part):
        # A small number is one object; of a large one the whole shape is told once too often.
        return [*inside(part), *part.shape]
    if kind is set:
        # The order as well.
        return [*part]
    if kind is bytearray:
        return part.copy()
    return snapshot(part)


def differs(part: Any, before: Any) -> bool:
    """Whether a part of an argument has changed itself; what it holds is a part of its own."""
    now = state(part)
    if type(now) is list:
        # Not by `==`, which an object of the notebook's may have of its own.
        return len(now) != len(before) or any(
            new is not old for new, old in zip(now, before, strict=True)
        )
    return bool(now != before)
