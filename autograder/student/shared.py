"""Values that the notebook keeps and a test has too: changed here, they are changed there."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from typing import Any

from autograder.values.changes import Unlike, Watched, change, told, twins_of
from autograder.values.decode import Decoder
from autograder.values.kept import kept, references
from autograder.values.large import Large, too_large
from autograder.values.parts import Lookup, Parts, Path, is_array, joined
from autograder.values.tables import (
    WITHIN,
    Before,
    in_pieces,
    is_table,
    joint,
    looked_at,
    meeting,
    wholes,
)
from autograder.values.wire import WireError

# No name of a question, for what calls have brought.
CALLS = "\n"
# Values that are kept: of so many, the newest.
MOST = 50_000
# Arrays that are compared with each other, and what NumPy may do for two of them.
MOST_ARRAYS, MOST_WORK = 100, 10_000


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
        large: values that are too large for all this, of each question by its name, and of calls.
        has_large: whether the last call has brought one that the notebook keeps.
        parted: whether the running call has brought a table that has changed, and something here
            has an array of its numbers, or what was in a cell.
    """

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.states: dict[int, Watched] = {}
        self.next = 0
        self.used: dict[int, Any] = {}
        self.noted: list[Any] = []
        self.old = Watched([])
        self.large: dict[str, Large] = {}
        self.has_large = self.parted = False

    def add(self, value: Any) -> int:
        """The number of a value; it is kept alive from now on."""
        number = self.next
        self.next += 1
        self.values[number], self.states[number] = value, Watched([value])
        while len(self.values) > MOST:
            first = next(iter(self.values))
            del self.values[first], self.states[first]
        return number

    def hand_over(self, values: dict[str, Any], question: str = "") -> dict[str, Any]:
        """What is said of variables: those that can change, the numbers of their parts that the
        notebook keeps, by their paths, where they are, or hold, one object, and the names of those
        that share numbers with another one, or an object in a cell of a table.

        Args:
            values: by their names.
            question: that gets them.
        """
        self.large[question] = Large()
        self.large[question].note(values.values(), math.inf)
        small = {name: value for name, value in values.items() if kept([value])}
        listed = list(small.values())
        looked = {n: value for n, value in values.items() if n in small or in_pieces(value)}
        return {
            "order": list(small),
            "keeps": self.numbered(kept(listed)),
            "twins": twins_of(listed),
            "views": sharing(looked),
            "joint": joint(looked),
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
            if overlap([part.part for part in parts], values):
                raise Stale("an array that shares its numbers with another one")
            before = {n: Before(p.part) for n, p in enumerate(parts) if is_table(p.part)}
            for place, (part, new) in enumerate(zip(parts, now, strict=True)):
                whole = before[place].with_cells(new) if place in before else new
                change(part.part, joined(whole, part.marks), decoder.sets)
        except (WireError, Unlike) as error:
            raise Stale(str(error)) from None
        self.parted = any([table.held() for table in before.values()])
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

    def keep(self, call: float = 0) -> list[list[Any]]:
        """Number what the notebook keeps of the call: pairs of the path and the number.

        Nobody else may hold what was noted when this is asked.

        Args:
            call: its number.
        """
        noted, self.noted = self.noted, []
        large = {id(value): value for value in noted if too_large(value)}
        # Beside the dictionary, the list has it once, or more often.
        found = [
            place
            for place in large
            if references(large, place) > sum(place == id(item) for item in noted)
            or is_array(getattr(large[place], "base", None))
            or (is_table(large[place]) and looked_at(large[place]))
        ]
        self.has_large = bool(found)
        self.large.setdefault(CALLS, Large()).note((large[place] for place in found), call)
        large.clear()
        known = {number: value for number, value in self.used.items() if value is not None}
        for number in known:
            # It holds parts as well.
            del self.states[number]
        parts = kept(noted, list(known.values()))
        for number, value in known.items():
            self.states[number] = Watched([value])
        return self.numbered([*parts, *self.seen(noted, known.values(), parts)])

    def seen(
        self, noted: list[Any], known: Iterable[Any], parts: list[tuple[Path, Any]]
    ) -> list[tuple[Path, Any]]:
        """Further tables among the parts of values: those of which the notebook keeps an array, or
        what is in a cell.

        Args:
            noted: the values.
            known: those of which it is known already.
            parts: that the notebook keeps.
        """
        others = {id(part) for part in known}.union(id(part) for _, part in parts)
        return [
            (path, part)
            for path, part in Parts(noted).found.items()
            if is_table(part) and id(part) not in others and not too_large(part) and looked_at(part)
        ]

    def lost(self, question: str, since: float) -> bool:
        """Whether a value has changed that is too large to be followed, and that a test may have.

        Args:
            question: whose variables they are.
            since: the number of the first call whose answers and arguments count as well.
        """
        return any(
            self.large[name].changed(since) for name in (question, CALLS) if name in self.large
        )


def sharing(values: dict[str, Any]) -> list[list[Any]]:
    """The names of arrays, tables and indexes that share numbers with another one, each with the
    place of the column; and of what holds such, with `WITHIN`. Of many, the first are looked at."""
    held = {name: wholes([value]) for name, value in values.items()}
    found = {id(whole): whole for listed in held.values() for whole in listed}
    direct = set(map(id, values.values()))
    first = sorted(found.values(), key=lambda whole: (id(whole) not in direct, not is_array(whole)))
    del first[MOST_ARRAYS:]
    places: dict[int, set[int]] = {}
    for one, other in meeting(first, first):
        if share(one.array, other.array):
            places.setdefault(id(one.whole), set()).add(one.place)
            places.setdefault(id(other.whole), set()).add(other.place)
    told = []
    for name, listed in held.items():
        if in_pieces(values[name]):
            told += [[name, place] for place in sorted(places.get(id(values[name]), ()))]
        elif any(id(whole) in places for whole in listed):
            told.append([name, WITHIN])
    return told


def share(one: Any, other: Any) -> bool:
    """Whether two arrays share a number, or it would take long to find out."""
    try:
        return bool(sys.modules["numpy"].shares_memory(one, other, max_work=MOST_WORK))
    except Exception:
        return True


def overlap(changed: list[Any], values: list[Any]) -> bool:
    """Whether what was not changed shares its numbers with an array that was."""
    mine = [part for part in changed if is_array(part)]
    if not mine:
        return False
    known = set(map(id, mine))
    others = [part for part in wholes(values) if id(part) not in known]
    return any(True for _ in meeting(mine, others))
