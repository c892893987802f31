"""Copies of sets are iterated as the sets themselves, or it is known that they are not."""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.values import changes, sets
from autograder.values.changes import Watched
from autograder.values.decode import Decoder
from autograder.values.encode import Encoder

Draw = Callable[[random.Random], Any]
ITEMS: dict[str, Draw] = {
    "numbers": lambda chance: chance.randrange(-20, chance.choice([30, 1000, 10**9])),
    "words": lambda chance: "".join(chance.choices(string.ascii_letters, k=chance.randint(1, 5))),
    "pairs": lambda chance: (chance.randrange(12), chance.randrange(12)),
    "all": lambda chance: chance.choice(list(ITEMS.values())[:3])(chance),
}
# Sets of one kind, and how many of them may have an order that cannot be made.
RUNS, FEW = 400, 4


def decoded(node: Any, blob: bytes = b"") -> tuple[Any, Decoder]:
    decoder = Decoder(blob, lambda about: about, lambda why: why)
    return decoder.value(json.loads(json.dumps(node))), decoder


def there_and_back(value: Any) -> tuple[Any, bool]:
    """A copy, and whether it is known to have another order."""
    encoder = Encoder()
    node = encoder.value(value)
    copy, decoder = decoded(node, encoder.blob)
    return copy, decoder.sets.unordered


def some(chance: random.Random, item: Draw) -> set[Any]:
    """A set that has seen a few things."""
    count = chance.choice([2, 6, 20, 60, 200])

    def drawn() -> list[Any]:
        return [item(chance) for _ in range(chance.randrange(1, count + 1))]

    found = set(drawn())
    for _ in range(chance.randrange(6)):
        step = chance.randrange(7)
        if step == 0:
            found |= set(drawn())
        elif step == 1:
            found -= set(chance.sample(list(found), len(found) // 2))
        elif step == 2:
            for one in chance.sample(list(found), len(found) // 2):
                found.discard(one)
        elif step == 3:
            for _ in range(chance.randrange(len(found) + 1)):
                found.pop()
        elif step == 4:
            for one in drawn():
                found.add(one)
        elif step == 5:
            found = found - set(drawn())
        else:
            found = found.copy()
    return found


def is_same(copy: Any, value: Any) -> bool:
    """Whether two sets have the same items in the same order."""
    assert copy == value
    assert type(copy) is type(value)
    return list(copy) == list(value)


@pytest.mark.parametrize("kind", [set, frozenset])
@pytest.mark.parametrize("name", ITEMS)
def test_the_order_stays_or_is_known_to_differ_in_one_of_a_hundred(name: str, kind: type) -> None:
    chance = random.Random(7)
    lost = 0
    for _ in range(RUNS):
        value = kind(some(chance, ITEMS[name])) if kind is frozenset else some(chance, ITEMS[name])
        copy, unordered = there_and_back(value)
        assert is_same(copy, value) is not unordered
        lost += unordered
    assert lost <= FEW


@pytest.mark.parametrize("name", ITEMS)
def test_a_set_that_is_changed_in_place_has_the_order_of_the_other_one(name: str) -> None:
    chance = random.Random(8)
    lost = 0
    for _ in range(RUNS):
        old, value = some(chance, ITEMS[name]), some(chance, ITEMS[name])
        makes = sets.Maker()
        changes.change(old, value, makes)
        assert is_same(old, value) is not makes.unordered
        lost += makes.unordered
    assert lost <= FEW


def sieve() -> set[int]:
    primes = set(range(2, 50))
    for number in range(2, 8):
        for multiple in range(2 * number, 50, number):
            primes.discard(multiple)
    return primes


def popped() -> set[int]:
    numbers = set(range(40))
    for _ in range(30):
        numbers.pop()
    return numbers


def grown_late() -> set[int]:
    """It has still room for a number before its first."""
    numbers = set(range(200))
    for number in range(3, 200):
        numbers.discard(number)
    return numbers


PLAIN: list[Any] = [sieve(), popped(), {100, 300, 20, 7}, set("abcdefghij") | {1.5, None, (1, "a")}]
PLAIN += [frozenset(popped()), frozenset({7, 300, 20, 100}), set(), frozenset()]


@pytest.mark.parametrize(
    "value", PLAIN, ids=lambda value: f"{type(value).__name__} of {len(value)}"
)
def test_the_order_of_simple_sets_stays(value: Any) -> None:
    copy, unordered = there_and_back([{"a": value}, (value,), {frozenset(value)}])
    assert not unordered
    inside = [copy[0]["a"], copy[1][0], *copy[2]]
    assert all(list(item) == list(value) for item in inside[:2])
    assert list(inside[2]) == list(frozenset(value))


def test_a_copy_has_as_large_a_table_so_that_what_is_added_finds_its_place() -> None:
    value = grown_late()
    copy, _ = there_and_back(value)
    assert sets.places(copy) == sets.places(value)
    value.add(64)
    copy.add(64)
    assert list(copy) == list(value) == [0, 1, 2, 64]


def test_an_empty_set_keeps_its_table() -> None:
    value = set(range(40))
    while value:
        value.pop()
    copy, unordered = there_and_back(value)
    assert not unordered
    assert sets.places(copy) == sets.places(value)
    value |= {9, 8, 17}
    copy |= {9, 8, 17}
    assert list(copy) == list(value) == [8, 9, 17]


def test_what_was_made_already_leaves_less_for_others() -> None:
    makes = sets.Maker()
    value = list(sieve())
    assert list(makes.made(set, value, 128)) == value
    assert not makes.unordered
    makes.left = 100
    assert list(makes.made(set, value, 128)) != value
    assert makes.unordered
    makes.unordered = False
    old = {1}
    makes.change(old, sieve())
    assert old == sieve()
    assert makes.unordered is (list(old) != value)


def test_scalars_of_numpy_keep_their_order() -> None:
    value = set(np.arange(60))
    for number in range(0, 55):
        value.discard(number)
    copy, unordered = there_and_back(value)
    assert list(copy) == list(value)
    assert {type(item) for item in copy} == {np.int64}
    assert not unordered


def test_a_set_that_has_only_another_order_now_has_changed() -> None:
    value = {1, 9}
    watched = Watched([value])
    value.discard(1)
    value.add(1)
    assert watched.differs() is (list(value) != [1, 9])
    again = popped()
    first = Watched([again])
    assert not first.differs()


@pytest.mark.parametrize("table", [0, -8, 7, 12, 1 << 40, 1 << 4000, True, 8.0, "8", [8], {}, None])
@pytest.mark.parametrize("kind", ["set", "frozenset"])
def test_a_table_that_was_made_up_makes_a_set_all_the_same(kind: str, table: Any) -> None:
    copy, decoder = decoded({kind: [3, 1, 2], "table": table})
    assert copy == {1, 2, 3}
    assert decoder.sets.unordered is (list(copy) != [3, 1, 2])


def test_an_order_that_no_set_has_is_known() -> None:
    for content in ([9, 9, 1], list(range(50, 0, -1)), [1, True]):
        copy, decoder = decoded({"set": content})
        assert copy == set(content)
        assert decoder.sets.unordered


class Odd:
    """An item with a comparison of its own, as what stands for an object has."""

    def __init__(self, code: int) -> None:
        self.code = code

    def __hash__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        assert type(other) is Odd, "a comparison with what is none of the items"
        return self is other


def test_items_with_a_comparison_of_their_own_are_compared_with_each_other_only() -> None:
    items = [Odd(7 - number) for number in range(4)]
    for kind in (set, frozenset):
        makes = sets.Maker()
        copy = makes.made(kind, items, 128)
        assert set(map(id, copy)) == set(map(id, items))
        assert makes.unordered


@pytest.mark.parametrize(
    "node",
    [
        [{"set": [3, 2, 1], "table": 1 << 20}] * 2_000,
        [{"frozenset": [3, 2, 1, 9, 8], "table": 1 << 9}] * 20_000,
        [{"set": list(range(60, 0, -1)), "table": 128}] * 5_000,
        [{"set": list(range(20_000, 0, -1)), "table": 1 << 17}] * 20,
        {"set": [number << 40 for number in range(3_000)], "table": 1 << 13},
        {"set": [str(number) for number in range(19_000)], "table": 1 << 20},
    ],
    ids=["large", "frozen", "many", "long", "one place", "words"],
)
def test_what_was_made_up_takes_little_time(node: Any) -> None:
    began = time.process_time()
    assert decoded(node)[1].sets.unordered
    assert time.process_time() - began < 20


def test_a_hundred_thousand_numbers_are_copied_at_once() -> None:
    value = set(range(100_000))
    began = time.process_time()
    copy, unordered = there_and_back(value)
    assert time.process_time() - began < 2
    assert is_same(copy, value)
    assert not unordered


def test_a_large_set_is_told_by_its_length() -> None:
    given, large, small = sets.Given(), set(range(2_000)), {1, 2, 3}
    given.note(large)
    given.note(small)
    assert not given.changed()
    large.discard(1)
    large.add(5_000)
    assert not given.changed()
    large.add(5_001)
    assert given.changed()
    given.renew()
    small.discard(1)
    small.add(4)
    assert given.changed()
    del small
    assert not given.changed()
