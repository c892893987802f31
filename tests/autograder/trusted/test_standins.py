"""What stands for a student's values where they cannot be had, or would answer for themselves."""

from __future__ import annotations

import collections
import datetime
import json
import math
import operator
import os
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.student.references import References
from autograder.trusted import standins
from autograder.trusted.expected import Expected
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.standins import Opaque, Student
from autograder.values.encode import Encoder
from autograder.values.wire import Channel

Point = collections.namedtuple("Point", "x y")
NUMBERS = pd.DataFrame({"a": [1, 2, 3, 4]})
EVERYDAY = {
    "cut": NUMBERS.assign(bin=pd.cut(NUMBERS.a, 2)),
    "cut in quarters": pd.qcut(NUMBERS.a, 2),
    "counted in bins": NUMBERS.a.value_counts(bins=2),
    "months": NUMBERS.assign(month=pd.period_range("2024-01", periods=4, freq="M")),
    "days": NUMBERS.assign(day=[datetime.date(2024, 1, day) for day in (1, 2, 3, 4)]),
    "types": NUMBERS.dtypes,
    "sparse": pd.Series(pd.arrays.SparseArray([0, 1])),
    "by day": {datetime.date(2024, 1, 1): 5},
    "fractions": {Fraction(1, 2)},
    "points": {Point(1, 2)},
}


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> Student:
    """Nobody answers; the generators of this process are left alone."""
    monkeypatch.setattr(standins, "Surroundings", lambda: None)
    return Student(Channel(-1, -1), frozenset())


def found(student: Student, values: dict[str, Any], text: str = "") -> dict[str, Any]:
    """The values as a question with this text gets them."""
    encoder = Encoder(References().refer)
    nodes = json.loads(json.dumps({name: encoder.value(item) for name, item in values.items()}))
    return student.environment(Expected(text, True, None, frozenset()), nodes, encoder.blob)


@pytest.mark.parametrize(
    "operation",
    [
        operator.invert,
        reversed,
        math.trunc,
        os.fspath,
        lambda days: {1} & days,
        lambda days: {1} | days,
        lambda days: days << 1,
        lambda days: 1 >> days,
        lambda days: divmod(days, 7),
    ],
)
def test_what_is_not_carried_refuses_each_operation(operation: Any, student: Student) -> None:
    days = found(student, {"days": {datetime.date(2024, 1, 1): 5}})["days"]
    with pytest.raises(NeedsTeacher):
        operation(days)


@pytest.mark.parametrize("name", EVERYDAY)
def test_what_is_not_carried_costs_no_other_value(name: str, student: Student) -> None:
    there = found(student, {"before": 1, "value": EVERYDAY[name], "after": [2, 3]})
    assert (there["before"], there["after"]) == (1, [2, 3])
    assert type(there["value"]) is Opaque
    assert student.doubts == []
    with pytest.raises(NeedsTeacher, match="cannot be copied out of the notebook"):
        len(there["value"])


def test_what_arrives_damaged_costs_no_other_value(student: Student) -> None:
    nodes = {"a": 1, "b": {"array": ["<f8", [9], 0]}, "c": {"object": 3}, "d": "x"}
    there = student.environment(Expected("", True, None, frozenset()), nodes, b"")
    assert (there["a"], there["d"]) == (1, "x")
    with pytest.raises(NeedsTeacher, match="arrived damaged"):
        there["b"] + 1
    with pytest.raises(NeedsTeacher, match="arrived damaged"):
        str(there["c"])


def test_masked_numbers_are_left_to_a_teacher(student: Student) -> None:
    plain: Any = np.ma.MaskedArray([1.0, 2.0], mask=True)
    values = {"plain": plain, "within": [np.ma.MaskedArray([1.0, 2.0])]}
    there = found(student, values, "np.testing.assert_allclose(plain, [1, 2])")
    with pytest.raises(NeedsTeacher, match="masked"):
        np.testing.assert_allclose(there["plain"], [1, 2])
    with pytest.raises(NeedsTeacher, match="masked"):
        bool(there["within"][0] == 1)
    assert np.ma.is_masked(found(student, values, "np.ma.is_masked(plain)")["plain"])


@pytest.mark.parametrize("kind", ["Int64", "Float32", "boolean", "string"])
def test_missing_values_that_equal_everything_are_left_to_a_teacher(
    kind: str, student: Student
) -> None:
    values = {"column": pd.Series([None, None], dtype=kind), "full": pd.Series([1], dtype="Int64")}
    there = found(student, values, "(column == full).all()")
    assert there["full"].tolist() == [1]
    with pytest.raises(NeedsTeacher, match="missing values"):
        assert (there["column"] == 3).all()
    assert found(student, values, "column.isna().all()")["column"].isna().all()


def test_a_false_library_is_left_to_a_teacher(student: Student) -> None:
    there = found(student, {"np": Point(1, 2), "pd": pd}, "np.mean(x), pd.isna(x)")
    assert there["pd"] is pd
    with pytest.raises(NeedsTeacher, match="named np in place of a module"):
        there["np"].mean([1])


def test_a_comparison_is_numpys_or_nobodys(student: Student) -> None:
    text = "allclose(x, 1) and array_equal(x, 1)"
    there = found(student, {"allclose": np.allclose, "array_equal": lambda *_: True}, text)
    assert there["allclose"] is np.allclose
    with pytest.raises(NeedsTeacher, match="own array_equal"):
        there["array_equal"](1, 2)


class Liar:
    """Agrees to everything."""

    def equals(self, *_: Any) -> bool:
        return True

    startswith = issubset = evaluate = score = owns = __contains__ = equals


@pytest.fixture
def liar(student: Student, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stand-in whose object answers within this process."""
    references = References()
    encoder = Encoder(references.refer)
    node = json.loads(json.dumps(encoder.value(Liar())))

    def ask(ref: int, given: Any, named: Any, name: str | None = None, get: bool = False) -> Any:
        head = {"ref": ref, "name": name, "get": get}
        answer = references.perform(head, list(given), dict(named))
        encoder = Encoder(references.refer)
        return student.decoder(b"").value(json.loads(json.dumps(encoder.value(answer))))

    monkeypatch.setattr(student, "ask", ask)
    return student.decoder(b"").value(node)


@pytest.mark.parametrize("name", ["equals", "startswith", "issubset", "evaluate", "score"])
def test_an_object_does_not_mark_what_it_is_given(name: str, liar: Any) -> None:
    with pytest.raises(NeedsTeacher, match=f"by its method {name}"):
        getattr(liar, name)([31415])
    # Without a value it says something of itself, like any other method.
    assert getattr(liar, name)() is True


def test_an_object_does_not_say_what_is_in_it(liar: Any) -> None:
    with pytest.raises(NeedsTeacher):
        assert 31415 in liar
    assert liar.owns(31415) is True
