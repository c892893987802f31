"""Values arrive as they left; what has no place in the vocabulary is named."""

from __future__ import annotations

import collections
import datetime
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.values.decode import Decoder, Malformed
from autograder.values.encode import Encoder


def there_and_back(value: Any) -> Any:
    """What arrives; a reference arrives as ("referred", …), what is not carried as ("other", …)."""
    encoder = Encoder()
    node = json.loads(json.dumps(encoder.value(value)))
    decoder = Decoder(encoder.blob, lambda about: ("referred", about), lambda why: ("other", why))
    return decoder.value(node)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_plain_values_are_the_same(value: Any) -> None:
    assert there_and_back(value) == value


@given(hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, min_side=0)))
def test_arrays_keep_type_shape_and_numbers(array: np.ndarray) -> None:
    if "V" in array.dtype.str:
        return
    found = there_and_back(array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes()


KINDS = [
    *(bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range),
    *(type(None), type(...), np.int64, np.float32, np.bool_, np.str_, pd.DataFrame, pd.Series),
]


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_a_class_of_the_list_is_this_class(kind: type) -> None:
    assert there_and_back(kind) is kind
    found = there_and_back({"a": [(kind,)], kind: {kind}})
    assert found == {"a": [(kind,)], kind: {kind}}
    assert there_and_back(np.array([kind, 1], object))[0] is kind
    assert there_and_back(pd.Series([kind]))[0] is kind


def named(name: str, base: type = object, **inside: Any) -> type:
    """A class of a notebook's that says that it is a builtin one."""
    return type(name, (base,), {"__module__": "builtins", "__qualname__": name, **inside})


@pytest.mark.parametrize(
    "kind",
    [
        # Of a number, it makes an array of memory that holds whatever was there.
        np.ndarray,
        # Everything, or any error of a test itself, is an instance of these.
        *(object, type, Exception, AssertionError, TypeError, BaseException),
        *(map, super, property, memoryview, np.void, np.object_, np.generic, pd.Index),
        *(named("int"), named("int", int), named("float64", np.float64), datetime.date),
        type("Same", (type,), {"__eq__": lambda *_: True, "__hash__": lambda _: 1})("int", (), {}),
    ],
    ids=repr,
)
def test_any_other_class_is_not_carried(kind: type) -> None:
    assert there_and_back(kind)[0] == "other"


@pytest.mark.parametrize("name", ["f8", ">i2", "U3", "S0", "M8[ns]", "O", "?", "c16"])
def test_types_of_arrays_arrive(name: str) -> None:
    found = there_and_back({"kind": np.dtype(name)})["kind"]
    assert found == np.dtype(name)
    assert type(found) is type(np.dtype(name))
    assert found is np.dtype(name) or name in (">i2", "U3", "S0", "M8[ns]")


@pytest.mark.parametrize("kind", [np.dtype("V3"), np.dtype([("a", "f8")]), np.dtype(("f8", 2))])
def test_types_of_more_than_numbers_do_not(kind: Any) -> None:
    assert there_and_back(kind)[0] == "other"


def test_a_type_with_notes_does_not() -> None:
    assert there_and_back(np.dtype("f8", metadata={"a": 1}))[0] == "other"


@pytest.mark.parametrize("kind", ["f8", "U3", [("a", "i4"), ("b", "f8")]])
def test_an_array_that_cannot_be_written_to_stays_so(kind: Any) -> None:
    array = np.zeros(3, kind)
    assert there_and_back(array).flags.writeable
    array.setflags(write=False)
    assert not there_and_back(array).flags.writeable
    assert there_and_back(np.zeros(0)).flags.writeable


@pytest.mark.parametrize(
    "value",
    [
        ...,
        2**200,
        -(2**90),
        1 + 2j,
        range(3, 9, 2),
        {1, 2},
        frozenset("a"),
        collections.Counter("aab"),
    ],
    ids=repr,
)
def test_other_builtin_values_keep_their_class(value: Any) -> None:
    assert there_and_back(value) == value
    assert type(there_and_back(value)) is type(value)


TABLE = pd.DataFrame(
    {
        "number": [1.5, 2.0, np.nan],
        "text": ["a", None, "c"],
        "day": pd.to_datetime(["2020-01-01", "2021-02-03", None]),
        "kind": pd.Categorical(["u", "v", "u"], ordered=True),
        "yes": [True, False, True],
        "gaps": pd.array([1, None, 3], dtype="Int64"),
    },
    index=["r", "s", "t"],
)


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        TABLE.set_index(["text", "kind"]),
        TABLE.groupby("yes").agg({"number": ["mean", "sum"]}),
        TABLE.describe(),
        TABLE.iloc[:0],
        TABLE["day"].dt.tz_localize("UTC").to_frame(),
        TABLE["day"].dt.tz_localize("Europe/Berlin").to_frame(),
        pd.DataFrame(),
    ],
    ids=[
        "mixed",
        "two indexes",
        "two headers",
        "described",
        "no rows",
        "time zone",
        "another",
        "empty",
    ],
)
def test_tables_are_the_same(table: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(there_and_back(table), table)


def test_a_series_is_the_same() -> None:
    counts = TABLE["kind"].value_counts()
    pd.testing.assert_series_equal(there_and_back(counts), counts)


@pytest.mark.parametrize(
    "items",
    [
        ["a", "b"],
        ["a", None],
        [1, 2],
        [pd.Timestamp("2024-05-01")],
        [datetime.date(2024, 5, 1)],
        [],
    ],
)
def test_objects_stay_objects(items: list[Any]) -> None:
    objects = pd.Series(items, dtype=object)
    frame = pd.DataFrame({"a": objects}).set_index(pd.Index(items, dtype=object))
    pd.testing.assert_series_equal(there_and_back(objects), objects)
    pd.testing.assert_frame_equal(there_and_back(frame), frame)
    assert list(map(type, there_and_back(objects))) == list(map(type, objects))
    columns = pd.Index(items, dtype=object)
    assert there_and_back(columns).dtype == object


TEXT = pd.Series(["b", None, "b", "a"])
TIMES = pd.to_datetime(pd.Series(["2024-05-01", None]))


@pytest.mark.parametrize(
    "array",
    [
        TEXT.unique(),
        TEXT.array,
        TEXT[:0].array,
        TEXT.astype("string").array,
        TEXT.astype("category").unique(),
        TABLE["kind"].array,
        TABLE["gaps"].array,
        pd.array([1.5, None]),
        pd.array([True, None]),
        pd.Series([1, 2]).array,
        TEXT.astype(object).array,
        TIMES.unique(),
        TIMES.dt.tz_localize("Europe/Berlin").array,
        TIMES.diff().array,
    ],
    ids=lambda array: f"{type(array).__name__} {array.dtype}",
)
def test_arrays_of_pandas_are_the_same(array: Any) -> None:
    found = there_and_back([array])[0]
    assert type(found) is type(array)
    assert found.dtype == array.dtype
    pd.testing.assert_extension_array_equal(found, array)
    assert (repr(found), len(set(found))) == (repr(array), len(set(array)))


class Agreeing(pd.arrays.IntegerArray):  # type: ignore[misc, unused-ignore]
    """Says that it equals everything."""

    def __eq__(self, other: object) -> Any:
        return True


def test_another_array_than_pandas_own_is_not_carried_as_one() -> None:
    agreeing = Agreeing(np.array([1]), np.array([False]))
    named = type("StringArray", (), {"dtype": "str", "array": TEXT.array})()
    for value in (agreeing, named, pd.period_range("2024", periods=2, freq="M").array):
        assert there_and_back(value)[0] == "other"


class Lying(np.ndarray):
    """Says that it equals everything."""

    def __eq__(self, other: object) -> Any:
        return True


class Labelled(pd.DataFrame):
    """A table with methods of its own."""


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(3).view(Lying),
        np.char.array(["ab", "cd"]),
        np.ma.masked,
        np.ma.MaskedArray([1, "a"], [True, False], dtype=object),
        Labelled({"a": [1]}),
        pd.Timestamp("2024-05-01", tz=datetime.timezone(datetime.timedelta(hours=2), "UTC")),
        pd.Timestamp("2024-05-01", tz=datetime.timezone(datetime.timedelta(hours=2), "Own")),
    ],
    ids="array,text,masked,masked objects,table,zone,zone of no known name".split(","),
)
def test_what_would_arrive_as_less_than_it_is_does_not(value: Any) -> None:
    assert there_and_back(value)[0] == "other"
    assert there_and_back([value])[0] == "other"


def test_numbers_in_a_file_arrive_as_an_array(tmp_path: Path) -> None:
    np.save(tmp_path / "numbers.npy", np.arange(3))
    found = there_and_back(np.load(tmp_path / "numbers.npy", mmap_mode="r"))
    assert type(found) is np.ndarray
    assert found.tolist() == [0, 1, 2]


def test_what_is_nan_by_identity_arrives_so() -> None:
    one, two, another = np.nan, math.nan, float("nan")
    found = there_and_back([np.nan, (math.nan,), {np.nan: 1}, another])
    assert found[0] is one
    assert found[1][0] is two
    assert found[2][np.nan] == 1
    assert math.isnan(found[3])
    assert found[3] not in (one, two)
    column = there_and_back(pd.Series(["a", np.nan], dtype=object))
    assert column[1] is one
    assert there_and_back(np.array(["a", np.nan], dtype=object))[1] is one


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (3,), (1, 1), (0, 2)])
def test_the_order_of_an_array_in_memory_arrives(shape: tuple[int, ...]) -> None:
    rows = np.arange(math.prod(shape)).reshape(shape)
    for array in (rows, np.asfortranarray(rows), rows.T):
        found = there_and_back(array)
        assert np.array_equal(found, array)
        assert (found.flags.c_contiguous, found.flags.f_contiguous) == (
            array.flags.c_contiguous,
            array.flags.f_contiguous,
        )


@pytest.mark.parametrize(
    "time",
    [
        pd.Timestamp("2024-05-01 12:00", tz="Europe/Berlin"),
        # The second of two hours with the same name.
        pd.Timestamp("2024-10-27T01:30Z").tz_convert("Europe/Berlin"),
        pd.Timestamp("2024-05-01", tz="UTC"),
        pd.Timestamp("2024-05-01T00:00:00+02:00"),
        pd.Timestamp("2024-05-01").as_unit("s"),
        pd.Timestamp("2024-05-01").as_unit("ns"),
        pd.Timedelta("3s").as_unit("ms"),
    ],
    ids=repr,
)
def test_a_time_keeps_its_zone_and_unit(time: Any) -> None:
    found = there_and_back(time)
    assert (found, repr(found), found.unit) == (time, repr(time), time.unit)
    assert str(getattr(found, "tz", "")) == str(getattr(time, "tz", ""))


def test_what_is_noted_beside_a_table_arrives() -> None:
    table = pd.DataFrame({"h": [1]})
    table.attrs = {"unit": "m", "source": ["a", {"year": 2024}]}
    assert there_and_back(table).attrs == table.attrs
    assert there_and_back(table["h"]).attrs == table["h"].attrs
    table.attrs["function"] = len
    assert there_and_back(table)[0] == "other"


@pytest.mark.parametrize(
    "noted", [[], 3, {"array": ["<f8", [0], 0]}, {"dict": [["a", {"function": {}}]]}]
)
def test_nothing_else_is_noted_beside_a_table(noted: Any) -> None:
    encoder = Encoder()
    node = encoder.value(pd.DataFrame({"a": [1]})) | {"attrs": noted}
    with pytest.raises(Malformed):
        Decoder(encoder.blob, lambda about: print, str).value(node)


class Whole(int):
    """A number that could lie."""


@pytest.mark.parametrize("value", [np.bytes_(b""), np.str_(""), np.array([b""]), np.array("")])
def test_empty_text_and_bytes_arrive(value: Any) -> None:
    found = there_and_back([value, 1])
    assert (found[0].shape, found[0].dtype.kind) == (value.shape, value.dtype.kind)
    assert np.all(found[0] == value)
    assert found[1] == 1


def test_masked_values_arrive_only_where_they_are_asked_for() -> None:
    encoder = Encoder()
    masked = np.ma.MaskedArray([1, 2], [True, False])
    node = encoder.value(masked)
    decoder = Decoder(encoder.blob, dict, lambda why: ("other", why), masks=False)
    assert decoder.value(node) == ("other", "an array with masked values")
    assert there_and_back(masked).mask.tolist() == [True, False]
    masked.fill_value = -1
    assert there_and_back(masked).filled().tolist() == [-1, 2]


def test_what_has_no_place_is_named() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in (Whole(3), object(), endless, [1, object()]):
        assert there_and_back(value)[0] == "other"


def test_only_harmless_modules_arrive() -> None:
    import os

    assert there_and_back(np) is np
    assert there_and_back(os)[0] == "other"


@pytest.mark.parametrize("factory", [None, int, float, str, bool, list, dict, set, tuple])
def test_the_default_of_a_dictionary_arrives(factory: Any) -> None:
    found = there_and_back(collections.defaultdict(factory, {"a": 1}))
    assert type(found) is collections.defaultdict
    assert (found, found.default_factory) == ({"a": 1}, factory)


def test_a_default_of_a_notebooks_own_is_opaque() -> None:
    value = collections.defaultdict(lambda: 3, {"a": 1})
    encoder = Encoder(lambda _: {"function": 1})
    decoder = Decoder(encoder.blob, dict, lambda why: ("other", why))
    found = decoder.value(encoder.value(value))
    assert found == {"a": 1}
    assert found.default_factory == ("other", "the default of a dictionary")
    names: list[Any] = ["eval", "type", "function", 3, [], {}]
    for name in names:
        assert decoder.value({"dict": [], "as": "defaultdict", "factory": name}).default_factory[0]
    # An argument of a call, or a builtin that is not carried.
    alone = Encoder(lambda _: None)
    assert "other" in alone.value(value)
    assert "other" in alone.value([collections.defaultdict(complex)])


DAYS = pd.date_range("2024-01-01", periods=60)


@pytest.mark.parametrize(
    "index",
    [
        DAYS,
        DAYS[::-1],
        DAYS[::2],
        DAYS[:0],
        DAYS.tz_localize("Europe/Berlin"),
        DAYS.to_series().resample("W").count().index,
        DAYS.to_series().resample("MS").count().index,
        pd.timedelta_range("1h", periods=4, freq="90min"),
        DAYS[[0, 1, 5]],
    ],
    ids=lambda index: f"{index.freqstr} {len(index)}",
)
def test_how_often_an_index_ticks_arrives(index: Any) -> None:
    found = there_and_back(pd.Series(1.0, index))
    pd.testing.assert_series_equal(found, pd.Series(1.0, index))
    assert found.index.freqstr == index.freqstr
    assert there_and_back(index).freqstr == index.freqstr


@pytest.mark.parametrize("often", ["h", "0D", "D" * 50, "eval", "-", "", 3, None, [], "99999999D"])
def test_ticks_that_cannot_be_are_left_out(often: Any) -> None:
    encoder = Encoder()
    node = encoder.value(DAYS)
    node["index"]["freq"] = often
    found = Decoder(encoder.blob, dict, str).value(node)
    assert found.freq is None
    assert (found == DAYS).all()


def test_a_matrix_and_a_table_of_records_are_not_carried() -> None:
    matrix = np.ones((2, 2)).view(np.matrix)
    records = pd.DataFrame({"a": [1, 2]}).to_records()
    assert there_and_back(matrix) == ("other", "numpy.matrix")
    assert there_and_back([records])[0] == "other"
