"""Changes in place of values that both sides have, told from one side to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.values.encode import Encoder, NotCarried
from autograder.values.parts import MOST, Lookup, Parts, Path, inside, of_objects
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

    def changed(self, encoder: Encoder) -> list[Any]:
        """Of each part that has changed itself: its path, what it is now without other parts,
        marks of these, and where it holds one object twice, as JSON."""
        changed = []
        for path, part in self.parts.found.items():
            if differs(part, self.before[path]):
                now, marks = self.parts.without(part)
                twins = twins_of([now])
                changed.append([list(path), encoder.value(now), marks, twins])
        return changed


def twins_of(values: list[Any]) -> list[list[list[int]]]:
    """Where values are, or hold, one object twice: pairs of a path and an earlier one."""
    return [[list(path), list(first)] for path, first in Parts(values).twins]


def told(
    changed: Any, lookup: Lookup, read: Callable[[Any, dict[Path, Any], Any], Any]
) -> list[tuple[Any, Any]]:
    """Parts that have changed on the other side, each with what it is there.

    Nothing is changed here yet: all paths are followed first.

    Args:
        changed: as it arrived.
        lookup: finds the parts.
        read: makes a value of JSON, of parts that belong into it, by their paths there, and of
            pairs of paths to one object.

    Raises:
        WireError: it names what was not given.
    """
    if type(changed) is not list or len(changed) > MOST:
        raise WireError("changed values that are none")
    pairs = []
    for entry in changed:
        if type(entry) is not list or len(entry) != 4:
            raise WireError("a changed value that is none")
        path, node, marks, twins = entry
        pairs.append((lookup.at(path), read(node, lookup.marked(marks), twins)))
    return pairs


def change(old: Any, new: Any) -> None:
    """Make `old` what `new` is, in place.

    Raises:
        Unlike: it cannot be.
    """
    kind = type(old)
    if kind is not type(new):
        raise Unlike(kind.__name__)
    if kind in (list, bytearray):
        old[:] = new
    elif isinstance(old, dict | set):
        old.clear()
        old.update(new)
    elif kind.__name__ == "ndarray" and (old.shape, old.dtype) == (new.shape, new.dtype):
        if not (old.flags.writeable and new.flags.writeable):
            raise Unlike("array that cannot be written to, here or there")
        old[...] = new
    elif hasattr(old, "_update_inplace"):
        old._update_inplace(new)
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
    if isinstance(part, dict):
        return [*part, *inside(part)]
    if kind is list or of_objects(part):
        return inside(part)
    if kind is set or kind is bytearray:
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
