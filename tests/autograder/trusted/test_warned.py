"""Warnings that an answer tells of are given again, whatever it says."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.trusted.warned import MAX_TEXT, MOST, category, warn
from autograder.values.wire import WireError


def test_they_are_given_in_their_order() -> None:
    with pytest.warns() as found:
        warn([["one", "builtins", ["FutureWarning", "Warning"]], ["two", "x", ["UserWarning"]]])
    assert [(item.category, str(item.message)) for item in found] == [
        (FutureWarning, "one"),
        (UserWarning, "two"),
    ]


def test_no_answer_has_to_tell_of_any() -> None:
    with warnings.catch_warnings(record=True) as found:
        warn(None)
        warn([])
    assert not found


@pytest.mark.parametrize(
    "told",
    [
        "x",
        {"a": 1},
        [1],
        [["text"]],
        [["text", "m", "names"]],
        [[1, "m", []]],
        [["text", None, []]],
        [["a", "b", []]] * (MOST + 1),
    ],
)
def test_what_describes_none_is_refused(told: Any) -> None:
    with pytest.raises(WireError):
        warn(told)


def test_a_text_without_an_end_is_cut() -> None:
    with pytest.warns() as found:
        warn([["x" * 100_000, "builtins", ["UserWarning"]]])
    assert len(str(found[0].message)) == MAX_TEXT


@pytest.mark.parametrize(
    ("module", "names", "kind"),
    [
        ("builtins", ["DeprecationWarning"], DeprecationWarning),
        ("numpy.exceptions", ["VisibleDeprecationWarning", "UserWarning"], None),
        # A class of the notebook's is what Python's own above it is.
        ("__main__", ["Mine", "RuntimeWarning", "Warning"], RuntimeWarning),
        ("no.such.module", ["Mine"], UserWarning),
        # What is no class of warnings is none here either.
        ("builtins", ["SystemExit", "BaseException"], UserWarning),
        ("sys", ["modules"], UserWarning),
        ("builtins", [["x"], 7], UserWarning),
        ("builtins", [], UserWarning),
    ],
)
def test_a_class_is_one_of_warnings(module: str, names: list[Any], kind: type | None) -> None:
    assert category(module, names) is (kind or np.exceptions.VisibleDeprecationWarning)


def test_nothing_is_imported_for_it() -> None:
    before = set(sys.modules)
    category("tensorflow", ["SomeWarning"])
    assert set(sys.modules) == before
