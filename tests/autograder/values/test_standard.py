"""Values of Python's own library arrive as they left, and nothing else under their names."""

from __future__ import annotations

import json
import sys
import types
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autograder.student.references import References
from autograder.trusted.seen import described_as
from autograder.values.decode import Decoder
from autograder.values.encode import Encoder
from autograder.values.wire import WireError


def there_and_back(value: Any, **kinds: Any) -> Any:
    """What arrives; a reference as ("referred", ...), what is not carried as ("other", ...)."""
    encoder = Encoder(**kinds)
    node = json.loads(json.dumps(encoder.value(value)))
    decoder = Decoder(
        encoder.blob,
        lambda about: ("referred", about),
        lambda why: ("other", why),
        paths="back" in kinds,
    )
    return decoder.value(node)


VALUES = [
    date(2024, 5, 1),
    datetime(2024, 5, 1, 3, 4, 5, 6, fold=1),
    datetime(2024, 5, 1, tzinfo=UTC),
    time(3, 4, fold=1),
    timedelta(-1, 5, 7),
    timedelta.max,
    Decimal("1.10"),
    Decimal("-0E+5"),
    Decimal("1E-30"),
    Decimal("Infinity"),
    Fraction(-1, 3),
    Fraction(10**5_000, 3),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_it_is_equal_in_every_way(value: Any) -> None:
    found = there_and_back([value])[0]
    assert type(found) is type(value)
    assert found == value
    assert hash(found) == hash(value)
    assert there_and_back({value: 1}) == {value: 1}
    assert found.__reduce__() == value.__reduce__()
    if value != Fraction(10**5_000, 3):
        assert (str(found), described_as(found)) == (str(value), repr(value))


def test_a_view_of_a_dictionary_is_one() -> None:
    table = {"b": 1, "a": [2]}
    keys, values, items = map(there_and_back, (table.keys(), table.values(), table.items()))
    assert (keys, list(keys), keys | {"c"}) == (table.keys(), ["b", "a"], {"a", "b", "c"})
    assert (list(values), repr(values)) == ([1, [2]], repr(table.values()))
    assert (items == table.items(), ("b", 1) in items) == (True, True)
    assert [type(view) for view in (keys, values, items)] == [
        type(view) for view in (table.keys(), table.values(), table.items())
    ]


def test_of_arguments_only_views_are_sent_in_which_nothing_can_change() -> None:
    back = {"back": lambda _: None}
    assert list(there_and_back({"a": 1}.items(), **back)) == [("a", 1)]
    assert there_and_back({"a": [1]}.keys(), **back) == {"a"}
    for view in ({"a": [1]}.values(), {"a": [1]}.items(), {(1, (2,)): 1}.keys()):
        assert there_and_back(view, **back)[0] == "other"


class Day(date):
    """Says that it is any day."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = date.__hash__


def test_what_is_another_class_is_not_carried_as_one() -> None:
    named = type("date", (), {"__module__": "datetime", "year": 1, "month": 1, "day": 1})
    unreduced = Fraction(1, 2)
    vars(Fraction)["_numerator"].__set__(unreduced, 2)
    elsewhere = timezone(timedelta(hours=1))
    for value in (
        Day(2024, 5, 1),
        named(),
        unreduced,
        datetime(2024, 5, 1, tzinfo=elsewhere),
        time(3, tzinfo=elsewhere),
        Decimal("1" * 20_000),
        Path("a.txt"),
    ):
        assert there_and_back(value)[0] == "other"
        assert there_and_back(value, refer=References().refer)[0] == "referred"


def test_a_class_of_a_file_of_the_same_name_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("fractions")
    own = type("Fraction", (), {"__module__": "fractions", "numerator": 1, "denominator": 2})
    vars(module).update(Fraction=own, __file__="/elsewhere/fractions.py")
    monkeypatch.setitem(sys.modules, "fractions", module)
    assert there_and_back(own()) == ("other", "fractions.Fraction")
    monkeypatch.setitem(sys.modules, "fractions", types.ModuleType("fractions"))
    assert there_and_back(len, refer=References().refer)[0] == "referred"


def test_a_path_goes_to_the_notebook_and_never_comes_from_it() -> None:
    assert there_and_back([Path("a/b.txt")], back=lambda _: None) == [Path("a/b.txt")]
    with pytest.raises(WireError, match="a path"):
        Decoder(b"", dict, str).value({"standard": ["Path", "key.txt"]})


@pytest.mark.parametrize(
    "content",
    [
        3,
        [],
        [3],
        ["date"],
        ["date", 2024, 13, 1],
        ["date", 2024, 1, 1, 1],
        ["date", "2024", 1, 1],
        ["date", [2024], 1, 1],
        ["date", {"object": {"ref": 0}}, 1, 1],
        ["datetime", 2024, 1, 1, 0, 0, 0, 0, 5, True],
        ["timedelta", 10**12],
        ["Decimal", 1],
        ["Decimal", "x"],
        ["Decimal", "1" * 10_001],
        ["Fraction", 1, 0],
        ["Fraction", "1/3"],
        ["Fraction", 1, "3"],
        ["dict_keys", [[1]]],
        ["dict_items", [1]],
        ["dict_items", [{"tuple": [1, 2, 3]}]],
        ["dict_values", 3],
        ["timezone", 1],
        ["known", 1],
        ["eval", "1"],
    ],
)
def test_nothing_else_arrives_as_one(content: Any) -> None:
    with pytest.raises(WireError):
        Decoder(b"", dict, str).value({"standard": content})


def test_a_table_by_days_is_the_same() -> None:
    table = pd.DataFrame({"at": pd.date_range("2024-05-01", periods=4, freq="12h"), "n": range(4)})
    table["day"] = table["at"].dt.date
    pd.testing.assert_frame_equal(there_and_back(table), table)
    days = table.groupby("day")["n"].sum()
    pd.testing.assert_series_equal(there_and_back(days), days)
