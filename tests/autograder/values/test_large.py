"""Values that are too large to be followed: that they have changed is seen."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.values import large
from autograder.values.large import MOST_VALUES, Large, too_large

MADE: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "list": (lambda: list(range(30_000)), lambda value: value.append(1)),
    "inner": (lambda: [[0] * 200 for _ in range(200)], lambda value: value[9].append(1)),
    "dictionary": (lambda: dict.fromkeys(range(30_000), 1), lambda value: value.update({7: 2})),
    "set": (lambda: set(range(30_000)), lambda value: value.add(-1)),
    "array": (lambda: np.zeros((400, 400)), lambda value: value.__setitem__((3, 3), 1)),
    "turned": (lambda: np.zeros((400, 500)).T, lambda value: value.__setitem__((3, 3), 1)),
    "times": (
        lambda: np.zeros(200_000, "datetime64[s]"),
        lambda value: value.__setitem__(5, np.datetime64("2001-01-01")),
    ),
    "objects": (lambda: np.full(30_000, None), lambda value: value.__setitem__(5, [1])),
    "table": (
        lambda: pd.DataFrame({"a": range(5_000)}),
        lambda value: value.__setitem__("b", 1),
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_a_change_is_seen(name: str) -> None:
    make, change = MADE[name]
    watched, value, other = Large(), make(), make()
    assert too_large(value)
    watched.note([value, other], 3)
    assert not watched.changed(3)
    change(value)
    assert watched.changed(3)
    assert not watched.changed(4)
    # It came again, as it is, with a later call.
    watched.note([value], 5)
    assert watched.changed(4)


def test_small_values_are_not_watched() -> None:
    watched = Large()
    watched.note([[1], "x" * 100_000, 5, np.zeros(9), tuple(range(30))], math.inf)
    assert not watched.watched


def test_the_newest_are_watched() -> None:
    watched = Large()
    values = [list(range(30_000)) for _ in range(MOST_VALUES + 1)]
    watched.note(values, 0)
    assert len(watched.watched) == MOST_VALUES
    values[0].append(1)
    assert not watched.changed(0)
    values[1].append(1)
    assert watched.changed(0)


def test_an_array_is_not_kept_alive() -> None:
    watched, value = Large(), np.zeros(200_000)
    watched.note([value], 0)
    value[0] = 1
    del value
    gc.collect()
    assert not watched.changed(0)


def test_what_would_need_a_large_copy_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MOST_COPIED", 1 << 20)
    monkeypatch.setattr(large, "MOST_CELLS", 2_000)
    watched, value = Large(), np.zeros((400, 500)).T
    table = pd.DataFrame({"a": range(5_000)})
    watched.note([value, table], 0)
    value[0, 0], table["b"] = 1, 2
    assert not watched.changed(0)
