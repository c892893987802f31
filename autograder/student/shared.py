"""Values that the notebook keeps and a test has too: changed here, they are changed there."""

from __future__ import annotations

import sys
from typing import Any

from autograder.values.changes import Unlike, Watched, change, told, twins_of
from autograder.values.decode import Decoder
from autograder.values.kept import kept
from autograder.values.parts import Lookup, Path, arrays, is_array, joined
from autograder.values.wire import WireError

# Values that are kept: of so many, the newest.
MOST = 50_000


class Stale(Exception):
    """What a message says of a value does not fit it any more."""


class Shared:
    """The values by number, as they were when the tests were told of them last.

    Attributes:
        values: by number.
        states: what they were like.
        next: the next number.
        used: of the running call, by their places; None for one that has changed since.
        noted: arguments and answer of the running call.
        old: those that have changed since, as they were before the call.
    """

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.states: dict[int, Watched] = {}
        self.next = 0
        self.used: dict[int, Any] = {}
        self.noted: list[Any] = []
        self.old = Watched([])

    def add(self, value: Any) -> int:
        """The number of a value; it is kept alive from now on."""
        number = self.next
        self.next += 1
        self.values[number], self.states[number] = value, Watched([value])
        while len(self.values) > MOST:
            first = next(iter(self.values))
            del self.values[first], self.states[first]
        return number

    def hand_over(self, values: dict[str, Any]) -> dict[str, Any]:
        """What is said of variables: those that can change, the numbers of their parts that the
        notebook keeps, by their paths, and where they are, or hold, one object.
        """
        small = {name: value for name, value in values.items() if kept([value])}
        listed = list(small.values())
        return {
            "order": list(small),
            "keeps": self.numbered(kept(listed)),
            "twins": twins_of(listed),
        }

    def numbered(self, parts: list[tuple[Path, Any]]) -> list[list[Any]]:
        """Number parts; pairs of the path and the number."""
        return [[list(path), self.add(part)] for path, part in parts]

    def taken(self, numbers: list[int], changed: Any, twins: Any, decoder: Decoder) -> list[Any]:
        """The values that a test has, changed as it has changed its own.

        Args:
            numbers: of the values.
            changed: as `changes.told` has it.
            twins: where what has changed holds one new object twice.
            decoder: reads the message.

        One that has changed here since the tests were told of it is None: theirs is another now.

        Raises:
            Stale: the test has changed such a one, or one cannot be changed so, or another one
                changes with it.
        """
        known = [number for number in numbers if number in self.values]
        old = [number for number in known if self.states[number].differs()]
        self.old = Watched([self.values[number] for number in old])
        fresh = {number: self.values[number] for number in known if number not in old}
        self.used = {number: fresh.get(number) for number in numbers}
        values = list(self.used.values())

        try:
            parts = told(changed, Lookup(values))
            now = [decoder.value(part.node) for part in parts]
            now = joined(now, Lookup(now).marked(twins))
            for part, new in zip(parts, now, strict=True):
                change(part.part, joined(new, part.marks))
        except (WireError, Unlike) as error:
            raise Stale(str(error)) from None
        if overlap([part.part for part in parts], values):
            raise Stale("an array that shares its numbers with another one")
        return values

    def joined(self, given: list[Any], twins: Any) -> list[Any]:
        """Arguments with the values of the call, and their own parts, where they are these.

        Raises:
            Stale: one of them is another now.
        """
        values = [*self.used.values(), *given]
        try:
            marks = Lookup(values).marked(twins)
        except WireError as error:
            raise Stale(str(error)) from None
        if any(part is None for part in marks.values()):
            raise Stale
        return list(joined(values, marks)[len(self.used) :])

    def note(self, values: list[Any]) -> None:
        """Arguments, and the answer, of which the notebook may keep some."""
        self.noted = values

    def touched(self) -> bool:
        """Whether the call has changed a value that is not what the test has."""
        return self.old.differs()

    def keep(self) -> list[list[Any]]:
        """Number what the notebook keeps of the call: pairs of the path and the number.

        Nobody else may hold what was noted when this is asked.
        """
        noted, self.noted = self.noted, []
        known = {number: value for number, value in self.used.items() if value is not None}
        for number in known:
            # It holds parts as well.
            del self.states[number]
        parts = kept(noted, list(known.values()))
        for number, value in known.items():
            self.states[number] = Watched([value])
        return self.numbered(parts)


def overlap(changed: list[Any], values: list[Any]) -> bool:
    """Whether an array that was not changed shares its numbers with one that was."""
    mine = [part for part in changed if is_array(part)]
    if not mine:
        return False
    known = set(map(id, mine))
    others = [array for array in arrays(values) if id(array) not in known]
    may_share = sys.modules["numpy"].may_share_memory
    return any(may_share(one, other) for one in mine for other in others)
