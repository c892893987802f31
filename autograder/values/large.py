"""Values that are too large to be followed: whether one has changed since both sides had it."""

from __future__ import annotations

import json
import weakref
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograder.values.changes import Snapshot, snapshot
from autograder.values.encode import TENSOR_CLASSES
from autograder.values.kept import MOST, Graph, changeable
from autograder.values.parts import is_array
from autograder.values.real import real

TABLES = frozenset(("DataFrame", "Series"))
# Values that are watched at a time: the newest.
MOST_VALUES = 50
# Bytes of an array that is copied to be looked at, and cells of a table.
MOST_COPIED, MOST_CELLS = 64 << 20, 4 << 20


def too_large(value: Any) -> bool:
    """Whether a value can change, and is not followed for its size; a tensor is never."""
    if not changeable(value) or real(type(value), TENSOR_CLASSES):
        return False
    return not Graph([value], MOST).small


@dataclass
class Watched:
    """A value, and what it was.

    Attributes:
        value: gives it; None where nobody else has it any more.
        print: as of `fingerprint`.
        held: objects in it, so that no other one gets the address of one of them.
        call: the last call that brought it.
    """

    value: Callable[[], Any]
    print: Any
    held: list[Any]
    call: float


class Large:
    """Values that are compared with what they were, when somebody asks.

    Attributes:
        watched: these.
    """

    def __init__(self) -> None:
        self.watched: list[Watched] = []

    def note(self, values: Iterable[Any], call: float) -> None:
        """Watch those of some values that are too large to be followed.

        Args:
            values: which one may change from now on.
            call: the number of the call that brought them.
        """
        for value in values:
            if not too_large(value):
                continue
            again = [old for old in self.watched if old.value() is value]
            if again:
                again[0].call = call
            else:
                self.watched.append(Watched(reference(value), *fingerprint(value), call))
        del self.watched[:-MOST_VALUES]

    def changed(self, since: float) -> bool:
        """Whether one has changed that came with this call or a later one."""
        for old in self.watched:
            value = old.value()
            if value is not None and old.call >= since and fingerprint(value)[0] != old.print:
                return True
        return False


def reference(value: Any) -> Callable[[], Any]:
    """What gives a value; an array is not kept alive by it, for it may be large indeed."""
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value


def fingerprint(value: Any) -> tuple[Any, list[Any]]:
    """Something that differs when a value has changed, and the objects in it; None and nothing
    where it cannot be told without a large copy."""
    if is_array(value) and value.dtype.kind != "O":
        if not value.flags.c_contiguous and value.nbytes > MOST_COPIED:
            return None, []
        raw = value.reshape(-1).view("u1") if value.flags.c_contiguous else value.tobytes()
        return (value.shape, value.dtype.str, zlib.crc32(raw)), []
    if real(type(value), TABLES) and value.size > MOST_CELLS:
        return None, []
    found = snapshot(value)
    if type(found) is not Snapshot:
        return None, []
    text = json.dumps(found.node).encode("utf-8", "surrogatepass")
    return (zlib.crc32(text), zlib.crc32(found.blob)), found.held
