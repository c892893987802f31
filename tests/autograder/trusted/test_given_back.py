"""An object or a function of the notebook's, given back to it, is the notebook's own again."""

from __future__ import annotations

import copy
import gc
import json
import queue
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.student.references import References
from autograder.trusted import student as reached
from autograder.trusted.expected import Expected
from autograder.trusted.known import Known
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.standins import CallableRemote, Function, Remote
from autograder.trusted.student import NoAnswer, Student
from autograder.values.changes import snapshot
from autograder.values.encode import Encoder
from autograder.values.wire import HEADER, Channel, Message, parse


class Around:
    """Nothing is changed around the calls."""

    def replaced(self) -> str:
        return ""

    unseen = replaced

    def states(self) -> dict[str, Any]:
        return {}


class Notebook(Channel):
    """The other end is in this process; `lies` are entries of each answer that are made other."""

    def __init__(self) -> None:
        super().__init__(-1, -1)
        self.references = References()
        self.asked: list[dict[str, Any]] = []
        self.lies: dict[str, Any] = {}

    def send_bytes(self, data: bytes, deadline: float | None = None) -> None:
        _, text, _ = HEADER.unpack(data[: HEADER.size])
        head = data[HEADER.size : HEADER.size + text]
        self.message = parse(head, data[HEADER.size + text :])
        self.asked.append(self.message.head)

    def receive(self, deadline: float | None = None) -> Message:
        try:
            found = self.references.answer(self.message)
        except Exception as error:
            # As the notebook's process does.
            found = Message({"kind": "answer", "raised": [type(error).__name__, str(error)]})
        head = found.head | {"call": self.message.head["call"]} | self.lies
        return Message(json.loads(json.dumps(head)), found.blob)


def end(monkeypatch: pytest.MonkeyPatch) -> tuple[Student, Notebook]:
    """A student whose notebook is in this process."""
    monkeypatch.setattr(reached, "Surroundings", Around)
    notebook = Notebook()
    student = Student(notebook, frozenset())
    student.case_end = time.monotonic() + 60
    return student, notebook


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> tuple[Student, Notebook]:
    """A student, and the notebook that answers."""
    return end(monkeypatch)


class Point:
    """Of a notebook."""

    made = 0

    def __init__(self, x: Any) -> None:
        self.x = x

    def send(self, other: Point, by: int) -> None:
        self.x, other.x = self.x - by, other.x + by

    def double(self) -> int:
        return int(self.x) * 2


class Lost(ValueError):
    """Of a notebook."""


def far(a: Point, b: Point) -> Any:
    return abs(a.x - b.x)


def values(pair: tuple[Student, Notebook], **found: Any) -> Any:
    """What a test finds."""
    student, notebook = pair
    encoder = Encoder(notebook.references.refer)
    nodes = json.loads(json.dumps({name: encoder.value(item) for name, item in found.items()}))
    there = student.environment(Expected("", False, list(found), frozenset()), nodes, encoder.blob)
    return tuple(there.values())


def test_it_is_the_notebooks_own_object(pair: tuple[Student, Notebook]) -> None:
    make, away = values(pair, make=Point, away=far)
    a, b = make(1), make(4)
    assert (away(a, b), away(a=b, b=b)) == (3, 0)
    assert a.send(b, 2) is None
    assert (a.x, b.x) == (-1, 6)
    assert pair[1].asked[-3]["args"] == [{"object": {"ref": b._ref}}, 2]
    assert make(a).x is a
    assert pair[0].doubts == []


def test_it_is_found_inside_of_what_is_given(pair: tuple[Student, Notebook]) -> None:
    def xs(found: Any) -> list[Any]:
        items = found.values() if type(found) is dict else found
        return [item.x for item in items]

    def twins(found: Any) -> bool:
        return found[0] is found[1][0] is found[1][1]

    make, read, same = values(pair, make=Point, read=xs, same=twins)
    a, b = make(1), make(2)
    boxed = np.empty(2, object)
    boxed[0], boxed[1] = a, b
    for given in ([a, b], (a, b), {"a": a, "b": b}, boxed):
        assert read(given) == [1, 2]
    assert same((a, [a, a]))
    assert same([a, (a, b)]) is False
    assert pair[0].doubts == []


def test_functions_methods_and_classes_go_back_too(pair: tuple[Student, Notebook]) -> None:
    def apply(function: Any, x: Any) -> Any:
        return function(x)

    def double(x: int) -> int:
        return 2 * x

    def raises(kind: Any) -> bool:
        return kind is Lost

    run, twice, make, kind, look = values(
        pair, run=apply, twice=double, make=Point, kind=Lost, look=raises
    )
    assert run(twice, 3) == 6
    assert run(make, 5).x == 5
    assert list(map(twice, [run(twice, 1)])) == [4]
    method = make(4).double
    call = values(pair, call=lambda function: function())[0]
    assert call(method) == 8
    assert look(kind) is True
    assert pair[0].doubts == []


def test_it_is_one_object_in_the_answer(pair: tuple[Student, Notebook]) -> None:
    def itself(x: Any) -> Any:
        return x

    def by_size(points: list[Point]) -> None:
        points.sort(key=lambda point: point.x)
        points.append(points[0])

    make, same, order = values(pair, make=Point, same=itself, order=by_size)
    a, b = make(2), make(1)
    assert same(a) is a
    assert same([a, (b,)])[1][0] is b
    assert same(make(2)) is not a
    points = [a, b]
    order(points)
    assert [point is b for point in points] == [True, False, True]
    assert points[1] is a


def test_a_class_that_is_called_like_an_array_is_an_object(
    pair: tuple[Student, Notebook],
) -> None:
    def grow(x: Any) -> Any:
        x.x += 1
        return x

    kind = type("Variable", (Point,), {})
    make, more = values(pair, make=kind, more=grow)
    a = make(1)
    assert more(a) is a
    assert a.x == 2
    assert pair[0].doubts == []


def test_the_record_names_it(pair: tuple[Student, Notebook]) -> None:
    make, away = values(pair, make=Point, away=far)
    away(make(1), make(1))
    line = pair[0].seen.text().splitlines()[-1]
    assert line == f"far(a {__name__}.Point; a {__name__}.Point) → 0"


@pytest.mark.parametrize("number", [99, -1, 10**400])
def test_a_number_that_the_notebook_does_not_have_is_an_error(
    number: int, pair: tuple[Student, Notebook]
) -> None:
    student, _ = pair
    (length,) = values(pair, length=len)
    forged = student.referred({"object": {"ref": number, "type": "m.C"}})
    with pytest.raises(Exception, match="an object that this notebook does not have") as found:
        length(forged)
    assert not isinstance(found.value, LookupError)
    assert not student.gone


@pytest.mark.parametrize(
    "node", [{"function": {"ref": 0}}, {"object": 0}, {"object": {"ref": "0"}}]
)
def test_nothing_else_stands_for_an_object(node: Any, pair: tuple[Student, Notebook]) -> None:
    notebook = pair[1]
    head = {"ref": notebook.references.number(len), "args": [node], "call": 1}
    notebook.message = Message({"kind": "call", **head})
    assert notebook.receive().head["raised"][0] in ("WireError", "Malformed")


def test_only_what_its_own_process_told_of_is_sent(
    pair: tuple[Student, Notebook], monkeypatch: pytest.MonkeyPatch
) -> None:
    student, notebook = pair
    make, same = values(pair, make=Point, same=lambda x: x)
    strangers = values(end(monkeypatch), make=Point, same=lambda x: x)
    a = make(1)
    about = {"ref": a._ref, "type": "m.C"}
    by_hand = [
        *strangers,
        strangers[0](1),
        type.__call__(Remote, student, about),
        type.__call__(CallableRemote, student, about),
        type.__call__(Function, student, about),
        type.__call__(type("Own", (type(a),), {}), student, about),
        student.opaque("what is not carried"),
        queue.Empty,
        type(a),
    ]
    for given in by_hand:
        before = len(notebook.asked)
        with pytest.raises(NeedsTeacher):
            same([given])
        assert len(notebook.asked) == before


def test_what_is_gone_gives_its_address_to_nobody() -> None:
    known = Known()
    for number in range(100):
        known.add(Point(number), number)
        gc.collect(0)
    assert known.places == {}
    kept = Point(0)
    known.add(kept, 3)
    known.add(kept, 4)
    assert (known.number(kept), known.number(Point(0))) == (3, None)


def test_a_copy_of_a_function_is_this_function(pair: tuple[Student, Notebook]) -> None:
    (same,) = values(pair, same=lambda x: x)
    assert copy.copy(same) is same
    assert copy.deepcopy([same])[0] is same
    assert same(copy.deepcopy(same)) is same


class Liar:
    """Says that it is a number, and equal to everything."""

    __class__ = int  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def __reduce__(self) -> Any:
        return sys.exit, ()

    def __index__(self) -> int:
        return 1


def test_an_object_that_lies_is_an_object_there_and_back(pair: tuple[Student, Notebook]) -> None:
    make, same, kind = values(pair, make=Liar, same=lambda x: x, kind=lambda x: type(x).__name__)
    liar = make()
    assert same(liar) is liar
    assert kind(liar) == "Liar"
    assert pair[0].doubts == []
    with pytest.raises(NeedsTeacher):
        assert same(liar) == 3


def test_no_answer_changes_what_stands_for_an_object(pair: tuple[Student, Notebook]) -> None:
    student, notebook = pair
    make, same = values(pair, make=Point, same=lambda x: x)
    a = make(1)
    notebook.lies = {"changed": [[[0], {"object": {"ref": 0}}, []]]}
    with pytest.raises(NoAnswer):
        same(a)
    assert student.broken


def test_a_table_or_a_list_of_objects_that_a_call_changes_is_seen_to_change() -> None:
    a, b = Point(1), Point(1)
    frame = pd.DataFrame({"a": [a, b]})
    changes: list[tuple[Any, Callable[[Any], object]]]
    changes = [([a], list.clear), (frame, lambda it: it.pop("a"))]
    for value, change in changes:
        before = snapshot(value)
        assert before == snapshot(value)
        change(value)
        assert before != snapshot(value)
    stack = [Point(1)]
    before = snapshot(stack)
    for _ in range(50):
        stack.pop()
        stack.append(Point(1))
        assert before != snapshot(stack)
    # A column whose items are made anew when they are looked at.
    months = pd.DataFrame({"m": pd.period_range("2024-01", periods=2, freq="M")})
    assert snapshot(months) == snapshot(months)
