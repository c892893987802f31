"""What stands for a student's values where they cannot be had, or would answer for themselves."""

from __future__ import annotations

import collections
import contextlib
import copyreg
import functools
import importlib
import ipaddress
import json
import math
import operator
import os
import queue
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.student.references import References
from autograder.trusted import raising
from autograder.trusted import student as reached
from autograder.trusted.cases import CaseTimeout
from autograder.trusted.exceptions import library_class
from autograder.trusted.expected import Expected
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.standins import Function, Opaque
from autograder.trusted.student import NoAnswer, Student
from autograder.values.encode import Encoder
from autograder.values.wire import Channel, Message, WireError
from tests.autograder.values.made_up import of_tensorflow

Point = collections.namedtuple("Point", "x y")
NUMBERS = pd.DataFrame({"a": [1, 2, 3, 4]})
EVERYDAY = {
    "cut": NUMBERS.assign(bin=pd.cut(NUMBERS.a, 2)),
    "cut in quarters": pd.qcut(NUMBERS.a, 2),
    "counted in bins": NUMBERS.a.value_counts(bins=2),
    "months": NUMBERS.assign(month=pd.period_range("2024-01", periods=4, freq="M")),
    "sparse": pd.Series(pd.arrays.SparseArray([0, 1])),
    "by day": {uuid.UUID(int=1): 5},
    "addresses": {ipaddress.ip_address(1)},
    "points": {Point(1, 2)},
}


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> Student:
    """Nobody answers; the generators of this process are left alone."""
    monkeypatch.setattr(reached, "Surroundings", lambda: None)
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
    days = found(student, {"days": {uuid.UUID(int=1): 5}})["days"]
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


@pytest.mark.parametrize(
    "operation",
    [
        lambda column: (column == 3).all(),
        lambda column: (column != 3).all(),
        lambda column: column.isin([3]).all(),
        lambda column: column.equals(pd.Series([3, 3], dtype=object)),
        lambda column: np.allclose(column, 3),
        lambda column: np.array_equal(column, [3, 3]),
        lambda column: column.max() > 2,
        lambda column: column.sum() == 6,
        lambda column: column.astype(float).sum() == 6,
        lambda column: column.is_unique,
        lambda column: column.nunique() == 1,
        lambda column: column.between(2, 4).all(),
        lambda column: (column > 2).all(),
        lambda column: sorted(column) == [3, 3],
        lambda column: 3 in column.tolist(),
        lambda column: pd.testing.assert_series_equal(column, pd.Series([3, 3], dtype=object)),
        lambda column: column.sort_values().iloc[0] == 3,
        lambda column: column.groupby(column).size().iloc[0] == 2,
        lambda column: column.map({3: 1}).all(),
        lambda column: bool(column.all()),
    ],
)
def test_an_object_in_a_column_wins_nothing(operation: Any, student: Student) -> None:
    for item in (Liar(), uuid.UUID(int=3)):
        column = found(student, {"column": pd.Series([item, item], dtype=object)})["column"]
        assert len(column) == 2
        student.doubts.clear()
        with contextlib.suppress(BaseException):
            operation(column)
        assert student.doubts


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


class Bank(Exception):
    """What can go wrong."""


class Poor(Bank, ValueError):
    """Exceptions of a notebook; `str` says more than the arguments."""

    limit = 5

    def __init__(self, balance: int) -> None:
        super().__init__(balance)
        self.balance = balance

    def __str__(self) -> str:
        return f"only {self.balance}"


class Ended(StopIteration):
    """Ends a loop as its base does."""


class Gone(SystemExit):
    """Ends a program as its base does."""


class Told(AssertionError):
    """Not what a test asserts."""


def raised(student: Student, error: BaseException, **lies: Any) -> Any:
    """What a test gets where a function raises this, with entries of the answer made other."""

    def fails() -> None:
        raise error

    answer = answered(fails)
    try:
        return student.unpacked(Message(answer.head | lies, answer.blob), [])
    except BaseException as found:
        return found


HERE = References()


def answered(function: Any) -> Message:
    """The answer to a call, as it arrives."""
    call = {"kind": "call", "ref": HERE.number(function), "args": [], "kwargs": {"dict": []}}
    answer = HERE.answer(Message(call))
    return Message(json.loads(json.dumps(answer.head)), answer.blob)


def handed_over(student: Student, value: Any) -> Any:
    """What a test finds for a value, beside what its functions raise."""
    encoder = Encoder(HERE.refer)
    node = json.loads(json.dumps(encoder.value(value)))
    return student.environment(Expected("", True, None, frozenset()), {"x": node}, b"")["x"]


@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration, Ended])
def test_no_exception_ends_a_loop_of_a_test(kind: type[BaseException], student: Student) -> None:
    error = raised(student, kind())
    assert isinstance(error, RuntimeError)
    assert not isinstance(error, StopIteration | StopAsyncIteration)


@pytest.mark.parametrize("error", [GeneratorExit(), KeyboardInterrupt(), SystemExit(), Gone()])
def test_no_exception_ends_the_tests_or_is_taken_for_one_that_a_function_may_raise(
    error: BaseException, student: Student
) -> None:
    found = raised(student, error)
    assert isinstance(found, NoAnswer)
    assert not isinstance(found, Exception | SystemExit | KeyboardInterrupt)
    assert student.broken


ENDS = (StopIteration, StopAsyncIteration, GeneratorExit, SystemExit, KeyboardInterrupt)
NAMES = [kind.__name__ for kind in ENDS]
NAMES += ["CaseTimeout", "NeedsTeacher", "NoAnswer", "type", "object", "BaseException", "eval", ""]


@pytest.mark.parametrize("name", NAMES)
def test_a_lying_name_or_base_becomes_no_such_class(name: str, student: Student) -> None:
    about = {"ref": 90, "name": name, "bases": [name], "parents": [], "module": "builtins"}
    for lies in ({"raised": [name, "x"]}, {"raised": [name, "x"], "class": about}):
        error = raised(student, ValueError(), **lies)
        assert not isinstance(error, (*ENDS, CaseTimeout, NeedsTeacher, AssertionError))
        # The case is not passed, or a test may catch it as any error.
        assert isinstance(error, NoAnswer if student.broken else Exception)
        student.broken = ""


@pytest.mark.parametrize(
    "about",
    [
        3,
        {},
        {"ref": "1"},
        {"ref": 91, "parents": [3]},
        {"ref": 92, "parents": [{"ref": None}]},
    ],
)
def test_a_class_that_cannot_be_is_refused(about: Any, student: Student) -> None:
    assert isinstance(raised(student, ValueError(), **{"class": about}), WireError)


def test_classes_of_exceptions_are_bounded(student: Student) -> None:
    deep: dict[str, Any] = {"ref": 1}
    for number in range(2, 30):
        deep = {"ref": number, "parents": [deep]}
    assert isinstance(raised(student, ValueError(), **{"class": deep}), WireError)
    for number in range(raising.MAX_CLASSES):
        student.raising.classes[-number] = ValueError
    assert isinstance(raised(student, ValueError(), **{"class": {"ref": 99}}), WireError)


def test_an_exception_is_of_the_notebooks_class_and_of_its_bases(student: Student) -> None:
    kind, base = handed_over(student, Poor), handed_over(student, Bank)
    error = raised(student, Poor(3))
    assert type(error) is kind
    assert kind is handed_over(student, Poor)
    assert isinstance(error, base)
    assert isinstance(error, ValueError)
    assert issubclass(kind, base)
    assert not issubclass(base, kind)
    assert not isinstance(error, handed_over(student, Told))
    assert (str(error), error.args, kind.__name__) == ("only 3", (3,), "Poor")
    assert kind.__doc__ == Poor.__doc__
    assert kind.__module__ == __name__
    assert isinstance(raised(student, json.JSONDecodeError("x", "y", 0)), ValueError)
    assert student.doubts == []


class Both(LookupError, Bank, TypeError):
    """Derived from two builtin classes."""


class Config(json.JSONDecodeError):
    """Its beginning wants more than it keeps as arguments."""


def test_an_exception_is_of_all_builtin_classes_that_it_is_derived_from(student: Student) -> None:
    error = raised(student, Both("x"))
    assert isinstance(error, LookupError)
    assert isinstance(error, TypeError)
    assert isinstance(error, handed_over(student, Bank))
    about = {"ref": 95, "bases": ["OSError", "SyntaxError", "Exception"]}
    error = raised(student, ValueError("x"), **{"class": about})
    assert isinstance(error, OSError)
    assert str(error) == "x"


def test_what_a_librarys_beginning_wants_is_not_needed(student: Student) -> None:
    error = raised(student, Config("bad", "{", 1))
    assert isinstance(error, json.JSONDecodeError)
    assert str(error) == "bad: line 1 column 2 (char 1)"
    assert student.raising.lacking == set()
    axis = raised(student, np.exceptions.AxisError(2, 1))
    assert type(axis) is np.exceptions.AxisError
    assert str(axis) == "axis 2 is out of bounds for array of dimension 1"
    lied = raised(student, np.exceptions.AxisError(2, 1), args=[], raised=["AxisError", "no"])
    assert isinstance(lied, np.exceptions.AxisError)
    assert str(lied) == "no"


def test_what_an_exception_has_beside_its_arguments_is_known_to_be_missing(
    student: Student,
) -> None:
    error = UnicodeDecodeError("utf-8", b"ab?", 2, 3, "no")
    assert raised(student, error).start == 2
    assert student.raising.lacking == set()
    assert raised(student, error, args=None).start == 0
    assert "start" in student.raising.lacking
    others: list[tuple[Exception, str]]
    others = [(ImportError(), "name"), (OSError(), "filename2"), (StopIteration(), "value")]
    for other, name in others:
        student.raising.begin()
        raised(student, other)
        assert name in student.raising.lacking


@pytest.mark.parametrize("place", [(-5, -4), (2, 1), (3, 4), (0, 9), (-(10**15), 1 - 10**15)])
def test_no_exception_reads_beside_the_bytes_that_it_has(place: Any, student: Student) -> None:
    error = UnicodeDecodeError("utf-8", b"abc", 0, 1, "no")
    about = {"ref": 96, "module": "builtins", "name": "UnicodeDecodeError", "bases": ["Exception"]}
    for lies in ({}, {"class": about}):
        args = ["utf-8", {"bytes": [0, 3]}, *place, "no"]
        answer = answered(lambda: 1)
        said = {"raised": ["UnicodeDecodeError", "told"], "args": args} | lies
        with pytest.raises(ValueError, match="told"):
            student.unpacked(Message(answer.head | said, b"abc"), [])
    assert raised(student, error).object == b"abc"


def test_a_group_of_exceptions_is_left_to_a_teacher(student: Student) -> None:
    class Own(ExceptionGroup):
        pass

    for kind in (ExceptionGroup, Own):
        assert isinstance(raised(student, kind("x", [ValueError()])), NeedsTeacher)


def test_what_an_exception_does_not_bring_along_is_left_to_a_teacher(student: Student) -> None:
    error, kind = raised(student, Poor(3)), handed_over(student, Poor)
    assert not hasattr(error, "__notes__")
    with pytest.raises(NeedsTeacher, match="balance"):
        _ = error.balance
    for asks in (lambda: kind == 3, lambda: kind != 3, lambda: 3 in kind, lambda: kind > 3):
        with pytest.raises(NeedsTeacher):
            asks()
    assert bool(kind)
    assert len({kind, kind}) == 1
    other: type = ValueError
    assert (kind == other, kind != other) == (False, True)


def test_a_class_of_exceptions_answers_as_an_object_does(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = handed_over(student, Poor)
    monkeypatch.setattr(
        student, "ask", lambda ref, given, named, name=None, get=False: (given, name)
    )
    assert kind(3) == ((3,), None)
    assert kind.limit == ((), "limit")
    method = object.__new__(Function)
    monkeypatch.setattr(student, "ask", lambda *_, **__: method)
    with pytest.raises(NeedsTeacher, match="takes the word"):
        kind.equals(3)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("neg", -1),
        KeyError("a"),
        KeyError(3),
        OSError(2, "No such file or directory", "a"),
        AttributeError(),
        ZeroDivisionError("division by zero"),
    ],
)
def test_builtin_exceptions_keep_class_and_arguments(error: Any, student: Student) -> None:
    there = raised(student, error)
    assert type(there) is type(error)
    assert (there.args, str(there)) == (error.args, str(error))
    assert getattr(there, "errno", None) == getattr(error, "errno", None)


@pytest.mark.parametrize(
    "error",
    [
        ValueError([-2]),
        ValueError("bad", {"rows": (1, 2)}),
        KeyError((1, 2)),
        queue.Empty(),
        sqlite3.IntegrityError("twice"),
        subprocess.CalledProcessError(3, "ls"),
    ],
)
def test_data_among_the_arguments_is_carried(error: Any, student: Student) -> None:
    there = raised(student, error)
    assert type(there) is type(error)
    assert (there.args, str(there)) == (error.args, str(error))
    assert getattr(there, "returncode", None) == getattr(error, "returncode", None)
    assert np.array_equal(raised(student, ValueError(np.ones(2))).args[0], [1, 1])
    assert raised(student, ValueError("x"), args=[[1]]).args == ([1],)


def test_of_other_arguments_the_text_is_known(student: Student) -> None:
    for error in (ValueError(Liar()), KeyError(len), Bank(Liar(), 1)):
        there = raised(student, error)
        assert str(there) == str(error)
        assert len(there.args) == len(error.args)
        assert student.doubts == []
        with pytest.raises(NeedsTeacher, match="an argument of an exception"):
            assert there.args[0] == 1
        student.doubts.clear()


@pytest.mark.parametrize(
    "args",
    [
        3,
        [1] * 9,
        [{"object": {"ref": 1}}],
        [[{"function": {"ref": 1}}]],
        [{"other": "x"}],
        [{"array": ["<f8", [9], 0]}],
        [{"tuple": [{"module": "os"}]}],
        [{"told": "x"}],
        [{"told": ["x", 3]}],
    ],
)
def test_arguments_that_are_none_become_the_text(args: Any, student: Student) -> None:
    assert raised(student, ValueError("x"), args=args).args == ("x",)
    assert student.doubts == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("unittest.case", "SkipTest"),
        ("numpy.testing", "SkipTest"),
        ("doctest", "UnexpectedException"),
        ("autograder.trusted.exceptions", "StudentError"),
        ("builtins", "StopIteration"),
        ("builtins", "SystemExit"),
        ("asyncio", "CancelledError"),
        ("os", "system"),
        ("pip", "X"),
        ("pandas.errors", "NoneSuch"),
        ("pandas.errors", []),
        (3, "x"),
    ],
)
def test_no_other_class_is_taken_for_a_librarys(module: Any, name: Any) -> None:
    importlib.import_module("unittest.case")
    importlib.import_module("numpy.testing")
    importlib.import_module("doctest")
    importlib.import_module("asyncio")
    about = {"module": module, "name": name}
    assert library_class(about, {"unittest", "autograder", "doctest", "os"}) is None


def test_a_librarys_class_is_one_wherever_it_comes_from(student: Student) -> None:
    class Own(queue.Empty):
        pass

    assert handed_over(student, queue.Empty) is queue.Empty
    assert isinstance(raised(student, Own()), queue.Empty)
    assert issubclass(handed_over(student, Own), queue.Empty)


def test_a_librarys_class_that_is_imported_later_is_that_one_too(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "_queue")
        early = handed_over(student, queue.Empty)
    assert early is not queue.Empty
    error = raised(student, queue.Empty("none"))
    assert isinstance(error, early)
    assert isinstance(error, queue.Empty)
    assert str(error) == "none"


def test_an_object_is_the_same_each_time(student: Student) -> None:
    def counting() -> None:
        pass

    thing, other = Liar(), Liar()
    assert handed_over(student, thing) is handed_over(student, thing)
    assert handed_over(student, thing) is not handed_over(student, other)
    before = handed_over(student, counting)
    assert before is handed_over(student, counting)
    assert not hasattr(before, "calls")
    vars(counting)["calls"] = 0
    with pytest.raises(NeedsTeacher):
        hasattr(handed_over(student, counting), "calls")


def test_of_a_training_its_history_is_known(student: Student) -> None:
    training: Any = type("History", (), {})()
    training.history, training.epoch = {"loss": [2.0, 1.0]}, [0, 1]
    h = found(student, {"h": training})["h"]
    assert h.history == {"loss": [2.0, 1.0]}
    assert not isinstance(h, dict)
    # The course's exercises tell a history from its dictionary by this.
    assert not hasattr(h, "keys")
    assert student.doubts == []
    for name in ("epoch", "params", "model"):
        with pytest.raises(NeedsTeacher, match=f"the {name} of a history"):
            getattr(h, name)
    typed = found(student, {"h": training}, "isinstance(h, keras.callbacks.History)")
    with pytest.raises(NeedsTeacher, match="its type"):
        _ = typed["h"].history


def test_what_a_tensor_has_beside_its_numbers_is_left_to_a_teacher(student: Student) -> None:
    @of_tensorflow
    class EagerTensor:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.ones(2)

    y = found(student, {"y": EagerTensor()}, "y.numpy()")["y"]
    assert y.numpy().tolist() == [1, 1]
    assert student.doubts == []
    with pytest.raises(NeedsTeacher, match="the device of a tensor"):
        _ = y.device
    assert len(student.doubts) == 1
    for text in ("isinstance(y, tf.Tensor)", "isinstance(y, np.ndarray)", "tf.is_tensor(y)"):
        assert type(found(student, {"y": EagerTensor()}, text)["y"]) is Opaque
    assert found(student, {"y": EagerTensor()}, "y  # a Tensor")["y"].numpy().sum() == 2


def test_the_class_of_a_stand_in_is_not_in_the_way(student: Student) -> None:
    there = found(student, {"thing": Liar(), "day": uuid.UUID(int=1), "f": math.sqrt})
    for value in there.values():
        kind = type(value)
        assert kind == kind
        assert kind not in (int, str)
        assert {kind: 1}[kind] == 1
        assert not isinstance(3, kind)
        assert issubclass(kind, Function) == (value is there["f"])
        assert functools.singledispatch(lambda _: 1).dispatch(kind)(0) == 1
        assert copyreg.dispatch_table.get(kind) is None
    assert type(there["f"]).__name__ == "builtin_function_or_method"
    assert repr(type(there["day"])) == "<class 'uuid.UUID'>"
    assert type(there["thing"]).__qualname__ == "Liar"
    assert student.doubts == []
    day, thing = type(there["day"]), type(there["thing"])
    asking: list[Callable[[], object]] = [
        lambda: operator.eq(day, uuid.UUID),
        lambda: operator.eq(uuid.UUID, day),
        lambda: day in (Fraction, uuid.UUID),
        lambda: day in {uuid.UUID, Fraction},
        lambda: {uuid.UUID: 1}.get(day),
        lambda: operator.ne(thing, Liar),
    ]
    for asks in asking:
        with pytest.raises(NeedsTeacher, match="the class of an object"):
            asks()


@pytest.mark.parametrize(
    "kind",
    [
        None,
        3,
        [],
        ["a"],
        ["a", 3],
        ["", ""],
        ["a b", "C"],
        ["m", "C\n"],
        ["m", "1"],
        ["m" * 200, "C"],
    ],
)
def test_a_name_that_is_none_is_not_shown(kind: Any, student: Student) -> None:
    value = student.referred({"object": {"ref": 1, "kind": kind}})
    assert type(value).__name__ == "Remote"
