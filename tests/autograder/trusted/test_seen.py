"""What a teacher reads of values and calls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.trusted import seen
from autograder.trusted.calls import ALL, MOST, Calls
from autograder.trusted.seen import described_as, values
from autograder.trusted.standins import Function, Opaque, Remote
from autograder.trusted.student import Student
from autograder.values.wire import Channel


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (3, "3"),
        (0.1, "0.1"),
        ("text", "'text'"),
        (None, "None"),
        (..., "Ellipsis"),
        (2**2000, "a number of 2001 bits"),
        (np.float32(0.5), "0.5 (float32)"),
        (np.zeros((0, 3)), "array (0, 3) float64"),
        (pd.array(["b"], dtype="str"), "stringarray array (1,) object: 'b'"),
        (
            np.arange(12.0).reshape(3, 4),
            "array (3, 4) float64, from 0 to 11: 0, 1, 2, 3, 4, 5, 6, 7, …",
        ),
        (
            np.array([1, np.nan, np.inf]),
            "array (3,) float64, from 1 to 1, 2 not finite: 1, nan, inf",
        ),
        (np.array([True, False]), "array (2,) bool, from 0 to 1: True, False"),
        (np.array(["a", "b"]), "array (2,) <U1: 'a', 'b'"),
        (np.array([1, None], object), "array (2,) object: 1, None"),
        ([1, "a", (2.5,)], "list of 3: 1, 'a', tuple of 1: 2.5"),
        (list(range(100)), "list of 100: 0, 1, 2, 3, 4, 5, 6, 7, …"),
        ({"a": np.int8(1)}, "dict of 1: 'a': 1 (int8)"),
        (set(), "set of 0"),
        (pd.Series([1.5, 2.5]), "series array (2,) float64, from 1.5 to 2.5: 1.5, 2.5"),
        (pd.DataFrame({"x": [1], "y": ["a"]})[["x"]], "data frame (1, 1): x (int64)"),
        (object(), "a builtins.object"),
    ],
)
def test_a_value_becomes_a_line(value: object, line: str) -> None:
    assert described_as(value) == line


def test_long_values_are_cut() -> None:
    assert described_as("x" * 10_000).endswith("… (10000 characters)")
    deep: list[object] = []
    for _ in range(60):
        deep = [deep, "y" * 200]
    for value in ("x" * 10_000, [["z" * 300] * 50] * 50, deep, {n: "w" * 99 for n in range(99)}):
        assert len(described_as(value)) < seen.LONG + 60


def test_all_values_of_a_question_together_are_bounded() -> None:
    found = values({f"name{n:03}": "x" * 200 for n in range(100)})
    assert sum(len(name) + len(line) for name, line in found.items()) <= seen.ALL + 60
    assert found["…"] == f"{101 - len(found)} more values"


def test_stand_ins_are_named_and_not_asked() -> None:
    stands = type.__call__
    # A channel to nobody: a question would raise.
    student = Student(Channel(-1, -1), frozenset())
    assert (
        described_as(stands(Function, student, {"ref": 0, "name": "predict"})) == "function predict"
    )
    assert described_as(stands(Remote, student, {"ref": 1, "type": "a.Model"})) == "a a.Model"
    assert described_as(stands(Opaque, student, "a Lambda layer")) == "a Lambda layer"
    assert described_as([stands(Opaque, student, "a generator")]) == "list of 1: a generator"
    history = student.referred({"history": {"loss": [1.0, 0.5]}})
    assert described_as(history) == "history dict of 1: 'loss': list of 2: 1.0, 0.5"
    assert student.doubts == []


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    )
)
def test_any_plain_value_becomes_one_short_line(value: object) -> None:
    line = described_as(value)
    assert "\n" not in line
    assert len(line) < seen.LONG + 60


def test_calls_are_noted_with_answers_and_exceptions() -> None:
    calls = Calls()
    calls.asked("predict", [np.zeros((2, 3))], {"k": 1})
    calls.answered(np.array([0.25]))
    calls.asked("load", ["x"], {})
    calls.raised(ValueError("no such thing"))
    first, second = calls.text().splitlines()
    assert first == (
        "predict(array (2, 3) float64, from 0 to 0: 0, 0, 0, 0, 0, 0; k=1) → "
        "array (1,) float64, from 0.25 to 0.25: 0.25"
    )
    assert second == "load('x') raised ValueError: no such thing"
    assert Calls().text() == ""


def test_many_and_long_calls_are_bounded() -> None:
    calls = Calls()
    for number in range(1000):
        calls.asked("f", [number], {})
        calls.answered(number)
    assert calls.text().endswith(f"… and {1000 - MOST} more calls")
    long = Calls()
    for _ in range(MOST):
        long.asked("f" * 100, ["x" * 1000] * 9, {})
        long.answered("y" * 1000)
    assert len(long.text()) <= ALL + 2
