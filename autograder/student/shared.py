"""Values that the notebook keeps and a test has too: changed here, they are changed there."""

from __future__ import annotations

import itertools
import math
import sys
from typing import Any

from autograder.values.changes import Unlike, Watched, change, told, twins_of
from autograder.values.decode import Decoder
from autograder.values.kept import kept, references
from autograder.values.large import Large, too_large
from autograder.values.parts import Lookup, Path, arrays, is_array, joined
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
    """

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.states: dict[int, Watched] = {}
        self.next = 0
        self.used: dict[int, Any] = {}
        self.noted: list[Any] = []
        self.old = Watched([])
        self.large: dict[str, Large] = {}
        self.has_large = False

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
        that share numbers of an array with another one.

        Args:
            values: by their names.
            question: that gets them.
        """
        self.large[question] = Large()
        self.large[question].note(values.values(), math.inf)
        small = {name: value for name, value in values.items() if kept([value])}
        listed = list(small.values())
        return {
            "order": list(small),
            "keeps": self.numbered(kept(listed)),
            "twins": twins_of(listed),
            "views": sharing(values),
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
                change(part.part, joined(new, part.marks), decoder.sets)
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
        return self.numbered(parts)

    def lost(self, question: str, since: float) -> bool:
        """Whether a value has changed that is too large to be followed, and that a test may have.

        Args:
            question: whose variables they are.
            since: the number of the first call whose answers and arguments count as well.
        """
        return any(
            self.large[name].changed(since) for name in (question, CALLS) if name in self.large
        )


def sharing(values: dict[str, Any]) -> list[str]:
    """The names of arrays that share numbers with another one. Of many, the first are looked at."""
    found = {name: value for name, value in values.items() if is_array(value)}
    pairs = itertools.combinations(list(found)[:MOST_ARRAYS], 2)
    return list({name for pair in pairs if share(*map(found.get, pair)) for name in pair})


def share(one: Any, other: Any) -> bool:
    """Whether two arrays share a number, or it would take long to find out."""
    numpy = sys.modules["numpy"]
    if one is other or not numpy.may_share_memory(one, other):
        return False
    try:
        return bool(numpy.shares_memory(one, other, max_work=MOST_WORK))
    except Exception:
        return True


def overlap(changed: list[Any], values: list[Any]) -> bool:
    """Whether an array that was not changed shares its numbers with one that was."""
    mine = [part for part in changed if is_array(part)]
    if not mine:
        return False
    known = set(map(id, mine))
    others = [array for array in arrays(values) if id(array) not in known]
    may_share = sys.modules["numpy"].may_share_memory
    return any(may_share(one, other) for one in mine for other in others)
