"""Sets that are iterated in the order in which the original is.

A set is a table of places. An item goes to a place by its hash, or to the next that was never used,
and a place from which an item was taken stays used until the table is made anew. So the order
depends on the size of the table and on what was in the set once. Here a table of the same size is
made, and places are used for a moment where the order asks for it. It is known how CPython 3.11 to
3.13 do this, but nothing depends on it: what was made is compared with what was told.
"""

from __future__ import annotations

import contextlib
import datetime
import fractions
import graphlib
import itertools
import operator
import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Bytes of an entry of a table; the smallest table, which is part of the set itself.
ENTRY, SMALLEST = 16, 8
EMPTY = sys.getsizeof(set())
# Neighbours that are looked at before the next place, and how the next one is found.
NEIGHBOURS, SHIFT, WORD = 9, 5, (1 << 64) - 1
# Above so many items a table grows less.
MANY = 50_000
# The largest table that is made; places and probes of all tables of one message, or of one case.
MOST_PLACES, MOST_WORK = 1 << 20, 1 << 22
# Items of a set in which places are looked for one by one; of one that may have another table.
MOST_ITEMS, FEW = 20_000, 64
# Items of a set that are compared one by one when it may have changed.
MOST_GIVEN = 1_000
# A frozenset's table is at most so many times as large as the set.
MOST_LARGER = 64
# Places that are tried for an item, few first.
PROBES = (12, 40)
# Items that may be compared with what stands for none. The class of no stand-in is among them.
PLAIN = frozenset(
    (
        *(int, float, complex, str, bytes, bool, type(None), tuple, frozenset, range),
        *(datetime.date, datetime.datetime, datetime.timedelta, fractions.Fraction),
    )
)


class Full(Exception):
    """A table is large enough."""


class Filler:
    """Stands for an item for a moment.

    Args:
        code: its hash.

    Attributes:
        equal: whether it is like every item; None ends the comparison by `Full`.
    """

    # Scalars of NumPy do not compare it themselves.
    __array_ufunc__ = None

    def __init__(self, code: int) -> None:
        self.code = code
        self.equal: bool | None = False

    def __hash__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        if self.equal is None or (type(other) is Filler and other.equal is None):
            raise Full
        return self.equal


def places(value: Any) -> int:
    """The size of the table of a set or frozenset."""
    return max(SMALLEST, (sys.getsizeof(value) - EMPTY) // ENTRY)


def grown(count: int) -> int:
    """The size of the table to which so many items were added one by one."""
    table = SMALLEST
    while count * 5 >= (table - 1) * 3:
        used = -(-(table - 1) * 3 // 5)
        least = used * (2 if used > MANY else 4)
        while table <= least:
            table *= 2
    return table


def told(value: Any) -> int | None:
    """The size of the table of a set where it is not the usual one."""
    table = places(value)
    return None if table == grown(len(value)) else table


def ordered(value: Any, items: list[Any]) -> bool:
    """Whether a set has these items in this order."""
    return len(value) == len(items) and all(map(operator.is_, value, items))


@dataclass(frozen=True)
class Recipe:
    """How a set can be made.

    Attributes:
        order: the items, as they are added.
        fillers: what is added before them, and taken out at the end.
        table: the size of the table.
    """

    order: list[Any]
    fillers: list[Filler]
    table: int

    def fill(self, target: set[Any]) -> set[Any]:
        """The set, with these items and no others."""
        target.clear()
        rest = [*self.fillers, *self.order]
        first = rest.pop(0)
        target.add(first)
        if self.table > SMALLEST:
            # Before the first key of a dictionary is added, the table is made as large as for all.
            # That key ends it.
            last = Filler(hash(first))
            many = dict.fromkeys([last, *range(max(self.table // 4, 5) - 2)])
            last.equal = None
            with contextlib.suppress(Full):
                target.update(many)
        target.update(rest)
        for filler in self.fillers:
            # Not all at once, which would make the table anew.
            target.discard(filler)
        return target

    def frozen(self) -> frozenset[Any]:
        """The same as a frozenset, without fillers: no place of one is used for nothing."""
        count = max(self.table // 4, 5)
        if self.table == SMALLEST or self.table > MOST_LARGER * len(self.order):
            return frozenset(self.order)
        head = self.order[:count]
        # As many keys as a table of this size is made for. A dictionary tells them from the items,
        # and the set does not.
        more = [Filler(hash(item)) for item in itertools.islice(itertools.cycle(head), count)]
        many = dict.fromkeys([*head, *more[len(head) :]])
        for filler in more:
            filler.equal = True
        return frozenset[Any]().union(many, self.order[count:])


class Given:
    """Sets as they came: whether somebody has changed one since.

    A copy has the order of the original, but what is added to it can come to another place: Python
    does not tell from where in the original items were once taken.
    """

    def __init__(self) -> None:
        self.known: dict[int, tuple[weakref.ref[set[Any]], int, list[Any] | None]] = {}

    def note(self, value: set[Any]) -> None:
        """A set is what it is on the other side. Of a large one, only its length is looked at."""
        items = list(value) if len(value) <= MOST_GIVEN else None
        self.known[id(value)] = weakref.ref(value), len(value), items

    def alive(self) -> Iterator[tuple[set[Any], int, list[Any] | None]]:
        """The sets that somebody still has, and what they were like."""
        for known, length, items in self.known.values():
            value = known()
            if value is not None:
                yield value, length, items

    def renew(self) -> None:
        """What they are now is how they were; those that nobody has are forgotten."""
        values = [value for value, *_ in self.alive()]
        self.known = {}
        for value in values:
            self.note(value)

    def changed(self) -> bool:
        """Whether one that somebody still has is another now."""
        return any(
            len(value) != length or (items is not None and not ordered(value, items))
            for value, length, items in self.alive()
        )


class Maker:
    """Makes sets, and does only so much work for it.

    Args:
        given: is told of them.

    Attributes:
        left: places and probes that may still be made.
        unordered: whether a set has another order than that of the original.
    """

    def __init__(self, given: Given | None = None) -> None:
        self.left, self.unordered = MOST_WORK, False
        self.given = Given() if given is None else given

    def made(self, kind: type, items: list[Any], table: Any) -> Any:
        """A set with the order of the items, if it can be made.

        Args:
            kind: `set` or `frozenset`.
            items: in their order.
            table: the size that was told, whatever arrived; None for the usual one.
        """
        usual = kind(items)
        right = ordered(usual, items)
        if right and (table is None or places(usual) == table):
            return usual
        for recipe in self.recipes(items, places(usual) if table is None else table):
            if kind is frozenset and recipe.fillers:
                continue
            found = recipe.frozen() if kind is frozenset else recipe.fill(set())
            if ordered(found, items):
                return found
        self.unordered = self.unordered or not right
        return usual

    def change(self, old: set[Any], new: set[Any]) -> None:
        """Make a set what another one is, in place and in its order, if that can be."""
        items = list(new)
        right = ordered(refilled(old, items), items)
        if right and places(old) == places(new):
            return
        for recipe in self.recipes(items, places(new)):
            if ordered(recipe.fill(old), items):
                return
        refilled(old, items)
        self.unordered = self.unordered or not right

    def recipes(self, items: list[Any], table: Any) -> Iterator[Recipe]:
        """How a set of these items may be made, the likeliest way first."""
        if type(table) is not int or not SMALLEST <= table <= MOST_PLACES or table & (table - 1):
            return
        if not items and table > SMALLEST:
            yield Recipe([], [Filler(table - 1)], table)
        if not known(items) or not items:
            return
        # A larger table gives room for what the hashes of this process ask for.
        larger = (table << more for more in range(1, 5)) if len(items) <= FEW else ()
        for size in (table, *larger):
            if size > MOST_PLACES or not room(len(items), size):
                continue
            for recipe in self.arranged(items, size):
                if not self.afford(size + len(items)):
                    return
                yield recipe

    def afford(self, work: int) -> bool:
        """Whether so much may still be done; then it counts as done."""
        if work > self.left:
            return False
        self.left -= work
        return True

    def arranged(self, items: list[Any], table: int) -> Iterator[Recipe]:
        """Recipes for one size of the table."""
        yield Recipe(items, [], table)
        if table == SMALLEST:
            # All that it has room for.
            orders = itertools.permutations(items)
            yield from (Recipe(list(order), [], table) for order in orders)
        if len(items) > MOST_ITEMS:
            return
        yield Recipe(jumping_last(items, table), [], table)
        for most in PROBES:
            if not self.afford(most * len(items)):
                return
            ways = [way(hash(item), table, most) for item in items]
            chosen = rising(ways)
            found = None if chosen is None else sequence(items, ways, chosen, table)
            if found is not None:
                yield found


def refilled(value: set[Any], items: list[Any]) -> set[Any]:
    """A set with these items and no others."""
    value.clear()
    value.update(items)
    return value


def known(items: list[Any]) -> bool:
    """Whether all items may be compared with a filler."""
    numpy = sys.modules.get("numpy")
    others = set(map(type, items)) - PLAIN
    return not others or (
        numpy is not None and all(issubclass(kind, numpy.generic) for kind in others)
    )


def room(count: int, table: int) -> bool:
    """Whether a table of this size can have used so many places without growing."""
    return count * 5 < (table - 1) * 3


def jumping_last(items: list[Any], table: int) -> list[Any]:
    """The items, those last that are before items whose first places come before theirs: they found
    these and their neighbours taken."""
    homes = [hash(item) & (table - 1) for item in items]
    after = list(itertools.accumulate(reversed(homes), min))[::-1]
    jumped = [home > least + NEIGHBOURS for home, least in zip(homes, after, strict=True)]
    return [
        *itertools.compress(items, map(operator.not_, jumped)),
        *itertools.compress(items, jumped),
    ]


def way(code: int, table: int, most: int) -> list[int]:
    """The first places at which an item is looked for, by its hash."""
    mask, left = table - 1, code & WORD
    place = left & mask
    found: dict[int, None] = {}
    for _ in range(most):
        last = place + NEIGHBOURS
        for slot in range(place, (last if last <= mask else place) + 1):
            found[slot] = None
        if len(found) >= most:
            break
        left >>= SHIFT
        place = (place * 5 + 1 + left) & mask
    return list(found)[:most]


def rising(ways: list[list[int]]) -> list[int] | None:
    """Of each way one step, so that the places rise and the steps are few; None: there is none."""
    # Of the items so far: (place of the last one, steps of all), both rising and falling.
    ends: list[tuple[int, int]] = [(-1, 0)]
    back: list[dict[int, tuple[int, int]]] = []
    for steps in ways:
        came: dict[int, tuple[int, int]] = {}
        best: list[tuple[int, int]] = []
        at = 0
        least: tuple[int, int] | None = None
        for place, step in sorted((place, step) for step, place in enumerate(steps)):
            while at < len(ends) and ends[at][0] < place:
                # They fall, so the last one is the least.
                least = ends[at]
                at += 1
            if least is None:
                continue
            cost = least[1] + step
            if not best or cost < best[-1][1]:
                best.append((place, cost))
                came[place] = (least[0], step)
        if not best:
            return None
        ends = best
        back.append(came)
    place, chosen = ends[-1][0], []
    for came in reversed(back):
        place, step = came[place]
        chosen.append(step)
    return chosen[::-1]


def sequence(
    items: list[Any], ways: list[list[int]], chosen: list[int], table: int
) -> Recipe | None:
    """How items come to the places that were chosen for them, or None."""
    owners = {steps[step]: n for n, (steps, step) in enumerate(zip(ways, chosen, strict=True))}
    before = {n: ways[n][:step] for n, step in enumerate(chosen) if step}
    used = {place for taken in before.values() for place in taken} - owners.keys()
    if not room(len(items) + len(used), table):
        return None
    # Of those that are not at their first places.
    needs = {n: [o for p in taken if (o := owners.get(p)) in before] for n, taken in before.items()}
    try:
        rest = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError:
        return None
    first = [item for item, step in zip(items, chosen, strict=True) if not step]
    return Recipe([*first, *(items[n] for n in rest)], [Filler(place) for place in used], table)
