"""Values that both sides have: the same after any calls and changes, whatever is said of them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.student.references import References
from autograder.trusted import student as reached
from autograder.trusted.expected import Expected
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.shared import MOST, Shared, same
from autograder.trusted.student import Student
from autograder.values import kept
from autograder.values.encode import Encoder
from autograder.values.parts import Parts, inside
from autograder.values.tensors import tensor
from autograder.values.wire import HEADER, Message, WireError, parse

# Runs of random steps, and the most steps of one.
RUNS, STEPS = 300, 14


class Thing:
    """A class of a notebook's."""


class Box:
    """A class of a notebook's that gives away and keeps what others have."""

    def __init__(self) -> None:
        self.items: Any = [1]
        self.table: dict[str, Any] = {"a": [2]}
        self.numbers, self.seen = np.zeros(2), {1}

    def get(self) -> Any:
        return self.items

    def copy(self) -> Any:
        return list(self.items) if isinstance(self.items, list) else None

    def pair(self) -> Any:
        return [self.items, self.items]

    def both(self) -> Any:
        return self.items, self.table

    def inner(self) -> Any:
        return self.items[-1] if isinstance(self.items, list) and self.items else None

    def push(self) -> None:
        if isinstance(self.items, list):
            self.items.append(7)

    def drop(self) -> None:
        self.table.clear()

    def bump(self) -> None:
        self.numbers += 1
        self.seen.add(len(self.seen))

    def keep(self, x: Any) -> None:
        if isinstance(self.items, list):
            self.items.append(x)

    def fail(self, x: Any) -> None:
        self.keep(x)
        raise ValueError("no")

    def put(self, x: Any) -> None:
        self.table["b"] = x

    def swap(self, x: Any) -> Any:
        old, self.items = self.items, x
        return old

    def wrap(self, x: Any) -> Any:
        return [x]

    def itself(self, x: Any) -> Any:
        return x

    def new(self) -> Any:
        made: Any = [0]
        if isinstance(self.items, list):
            self.items.append(made)
        self.table["n"] = (made, self.seen)
        return made

    def spread(self, x: Any) -> Any:
        made: Any = [[8], x]
        if isinstance(x, list):
            x.append(made[0])
        self.table["s"] = made[0]
        return {"made": made}


READ = ("items", "table", "numbers", "seen")
ASK = ("get", "copy", "pair", "both", "inner", "push", "drop", "bump", "new")
GIVE = ("keep", "fail", "put", "swap", "wrap", "itself", "spread")


class Near:
    """A channel to references of this process; what goes over it becomes text and back."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.answers: list[Message] = []

    def send_bytes(self, data: bytes, _: float) -> None:
        _, text, blob = HEADER.unpack(data[: HEADER.size])
        begin = HEADER.size + text
        call = parse(data[HEADER.size : begin], data[begin : begin + blob])
        answer = self.references.answer(call)
        head = json.loads(json.dumps(answer.head | {"call": call.head["call"], "files": []}))
        self.answers.append(Message(head, answer.blob))

    def receive(self, _: float) -> Message:
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch) -> None:
    around = SimpleNamespace(replaced=str, unseen=str, states=dict)
    monkeypatch.setattr(reached, "Surroundings", lambda: around)


def handed(values: dict[str, Any]) -> tuple[Student, dict[str, Any]]:
    """What a test has of variables, and whom it asks."""
    references = References()
    student = Student(Near(references), frozenset())  # type: ignore[arg-type]
    student.case_end = math.inf
    encoder = Encoder(references.refer)
    nodes = {name: encoder.value(value) for name, value in values.items()}
    said = {"nodes": nodes, "shared": references.shared.hand_over(values)}
    told = json.loads(json.dumps(said))
    expected = Expected("", True, None, frozenset())
    return student, student.environment(expected, told["nodes"], encoder.blob, told["shared"])


def text(value: Any) -> str:
    """A value in words that do not depend on the order of a set."""
    if type(value) is set:
        return f"{{{sorted(value)}}}"
    if type(value) in (list, tuple):
        return f"{type(value).__name__}[{', '.join(map(text, value))}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{key}: {text(item)}' for key, item in value.items())}}}"
    return repr(value)


def holds(value: Any, part: Any) -> bool:
    """Whether a value is, or holds, a part: a list in itself is not carried."""
    return value is part or any(holds(item, part) for item in inside(value))


class Both:
    """The same steps in one process, and across the border.

    Attributes:
        here, there: what a test has, in the same order.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.box = Box()
        self.here: list[Any] = [[3]]
        self.box.items.append(self.here[0])
        notebook: dict[str, Any] = {"box": Box(), "common": [3]}
        notebook["box"].items.append(notebook["common"])
        self.student, values = handed(notebook)
        self.remote = values["box"]
        self.there: list[Any] = [values["common"]]

    def had(self, here: Any, there: Any) -> None:
        """A test has got a value."""
        if isinstance(here, list | dict | set | tuple | np.ndarray) and self.random.random() < 0.8:
            self.here.append(here)
            self.there.append(there)

    def make(self, step: int) -> None:
        """A test makes a value."""
        made: Callable[[], Any] = self.random.choice(
            [list, lambda: [step], lambda: {"x": [1]}, lambda: np.ones(2), set, lambda: ([1], 2)]
        )
        self.had(made(), made())

    def change(self, step: int) -> None:
        """A test changes a value that it has."""
        place, clear = self.random.randrange(len(self.here)), self.random.random() < 0.3
        for value in (self.here[place], self.there[place]):
            if type(value) is list:
                value.clear() if clear else value.append(step)
            elif type(value) is dict:
                value[f"k{step}"] = step
            elif type(value) is set:
                value.add(step + 10)
            elif type(value) is np.ndarray:
                value[0] = step

    def nest(self, _: int) -> None:
        """A test puts one value into another."""
        place, other = (self.random.randrange(len(self.here)) for _ in range(2))
        if type(self.here[place]) is list and not holds(self.here[other], self.here[place]):
            self.here[place].append(self.here[other])
            self.there[place].append(self.there[other])

    def read(self, _: int) -> None:
        """A test reads an attribute."""
        name = self.random.choice(READ)
        self.had(getattr(self.box, name), getattr(self.remote, name))

    def ask(self, _: int) -> None:
        """A test calls a method."""
        name = self.random.choice(ASK)
        self.had(getattr(self.box, name)(), getattr(self.remote, name)())

    def give(self, _: int) -> None:
        """A test calls a method with a value that it has."""
        name, place = self.random.choice(GIVE), self.random.randrange(len(self.here))
        given = self.here[place]
        if not holds(given, self.box.items) and not holds(given, self.box.table):
            answers: list[Any] = []
            for box, value in ((self.box, given), (self.remote, self.there[place])):
                try:
                    answers.append(getattr(box, name)(value))
                except ValueError:
                    answers.append(None)
            self.had(*answers)

    def step(self, number: int) -> None:
        """One step, in both."""
        steps = (
            self.make,
            self.change,
            self.change,
            self.nest,
            self.put,
            self.read,
            self.ask,
            self.give,
        )
        self.random.choice(steps)(number)

    def put(self, step: int) -> None:
        """A test puts a new value into two that it has."""
        places = [self.random.randrange(len(self.here)) for _ in range(2)]
        for values in (self.here, self.there):
            made = [step]
            for place in places:
                if type(values[place]) is list:
                    values[place].append(made)

    def world(self) -> tuple[list[Any], list[Any]]:
        """All that there is, with what the notebook has, in both."""
        return (
            [*self.here, *(getattr(self.box, name) for name in READ)],
            [*self.there, *(getattr(self.remote, name) for name in READ)],
        )


@pytest.mark.parametrize("first", range(0, RUNS, 50))
def test_whatever_is_done_both_sides_have_the_same(first: int) -> None:
    for seed in range(first, first + 50):
        both = Both(seed)
        for number in range(both.random.randint(1, STEPS)):
            both.step(number)
        # Whether two of them are one object, too.
        here, there = both.world()
        assert text(there) == text(here), seed
        assert Parts(there).twins == Parts(here).twins, seed
        assert not both.student.doubts


def test_what_nobody_keeps_is_not_followed() -> None:
    student, values = handed({"box": Box()})
    box = values["box"]
    copied = box.copy()
    copied.append(5)
    box.wrap([1]).append(2)
    assert not student.shared.copies
    assert box.get() == [1]
    assert len(student.shared.copies) == 1


def test_what_changed_between_two_questions_is_not_mixed_up() -> None:
    box, later = Box(), [1]
    box.items = later
    student, values = handed({"box": box, "later": later})
    later.append(2)
    # The test keeps what there was, and reads what there is.
    assert values["later"] == [1]
    assert values["box"].get() == [1, 2]
    values["box"].push()
    assert student.doubts
    values["later"].append(3)
    with pytest.raises(NeedsTeacher):
        values["box"].get()
    assert later == [1, 2, 7]


@pytest.mark.parametrize(
    "said",
    [
        3,
        [3],
        [[[0]]],
        [[[0], "1"]],
        [[[0], -1]],
        [[[0], True]],
        [[[0], 1], [[0], 1]],
    ],
)
def test_what_is_said_to_be_kept_has_to_be_there(said: Any) -> None:
    with pytest.raises(WireError):
        Shared().keep(said, [[1, 2]])


@pytest.mark.parametrize("path", [[5], [], [0, 9], ["0"], 3, None])
def test_a_part_that_is_not_here_is_passed_over(path: Any) -> None:
    shared, value = Shared(), [1, 2]
    shared.keep([[path, 1], [[0], 2]], [value])
    assert list(shared.copies) == [2]
    assert shared.copies[2] is value


def test_what_a_test_has_no_more_is_not_followed_any_more() -> None:
    student, values = handed({"box": Box()})
    box = values["box"]
    for number in range(20):
        box.get().append(number)
    held = box.get()
    box.push()
    box.push()
    assert len(student.shared.copies) == 1
    assert held == [1, *range(20), 7, 7]


def test_more_than_is_followed_is_missed() -> None:
    shared, values = Shared(), [[number] for number in range(MOST + 1)]
    shared.keep([[[place], place] for place in range(MOST)], values)
    assert not shared.missed
    shared.keep([[[MOST], MOST]], values)
    assert shared.missed
    assert len(shared.copies) == MOST


def test_a_number_for_what_does_not_change_is_no_value() -> None:
    shared = Shared()
    shared.keep([[[0, 0], 1]], [["text"]])
    assert not shared.copies


@pytest.mark.parametrize(
    "twins",
    [
        # Not an earlier one; one that holds the place; two that differ; no place.
        [[[0, 0], [0, 1]]],
        [[[0, 1], [0, 1]]],
        [[[0, 1], [0]]],
        [[[0, 2], [0, 0]]],
        [[[0, 9], [0, 0]]],
        [[[0, 1], [0, 9]]],
        [[[0], [0, 0]]],
        [3],
        [[[0, 1]]],
        7,
    ],
)
def test_nothing_holds_itself_or_grows_by_what_is_said(twins: Any) -> None:
    values = [[[1], [1], [1, 2]]]
    made = same(values, twins)
    assert made == [[[1], [1], [1, 2]]]
    assert made[0][0] is not made[0][1]


def test_two_places_get_one_object_where_they_are_alike() -> None:
    (made,) = same([[[1], [1]]], [[[0, 1], [0, 0]]])
    assert made[0] is made[1]


@pytest.mark.parametrize(
    "made",
    [
        Thing,
        math.sqrt,
        lambda: iter([]),
        lambda: type("Own", (Exception,), {}),
        lambda: SimpleNamespace(size=[]),
    ],
)
def test_no_stand_in_is_asked_whether_it_is_another(made: Callable[[], Any]) -> None:
    one = made() if made is not math.sqrt else made
    row = [one]
    student, values = handed({"row": row, "rows": [row, {"a": row}], "same": row})
    row = values["row"]
    assert values["rows"][0] is row
    assert values["rows"][1]["a"] is row
    assert values["same"] is row
    assert student.doubts == []


def test_two_objects_are_not_one_whatever_is_said_of_them() -> None:
    _, values = handed({"one": [Thing()], "other": [Thing()]})
    made = same([values["one"], values["other"]], [[[1], [0]]])
    assert made[0] is not made[1]
    # Nor is a function of a library, which a test gets in place of the notebook's.
    student, _ = handed({})
    kind = type(np.allclose)
    about = {"ref": 1, "name": "allclose", "kind": [kind.__module__, kind.__name__]}
    lie = student.referred({"function": about})
    assert type(lie).__name__ == kind.__name__
    assert same([lie, np.allclose], [[[1], [0]]])[1] is np.allclose
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    assert same([deep, [deep, deep]], [[[1, 0], [0]], [[1, 1], [0]]])[1][0] is deep


@pytest.mark.parametrize("name", ["Tensor", "Variable", "DataFrame", "ndarray", "EagerTensor"])
def test_a_class_that_is_called_like_a_librarys_is_none(name: str) -> None:
    kind = type(name, (), {"size": 2, "dtype": "f", "shape": (1,), "__module__": "torch"})
    one = kind()
    assert kept.kept([one, [one]]) == []
    assert not kept.changeable(one)
    student, values = handed({"one": one, "kind": kind, "row": [one], "again": [one]})
    assert student.doubts == []
    assert values["one"].size == 2
    assert type(values["kind"]()).__name__ == name
    shared = Shared()
    shared.keep([[[0], 1]], [values["one"]])
    assert not shared.copies


def test_a_tensor_is_not_followed_and_not_asked() -> None:
    value = tensor(np.zeros(2), "tensor", pytest.fail)
    shared = Shared()
    shared.keep([[[0], 1]], [value])
    assert shared.copies == {}
    assert shared.missed


def test_parts_that_are_held_elsewhere_are_found() -> None:
    one, two, array = [1], {"a": [2]}, np.zeros((2, 2))
    assert [path for path, _ in kept.kept([[one, [3]], {"b": two}, array.T, [4]])] == [
        (0, 0),
        (1, 0),
        (2,),
    ]
    assert kept.kept([[5], ([6],), {7}, np.zeros(2)]) == []
    # What is known holds its parts itself.
    known = [[1]]
    assert kept.kept([known[0]], [known]) == []


def test_what_is_too_large_is_not_followed() -> None:
    large = [0] * (kept.MOST + 1)
    assert kept.kept([large]) == []
    array = np.zeros(kept.MOST_BYTES, np.uint8)
    assert [path for path, _ in kept.kept([array])] == [(0,)]
    assert kept.kept([np.concatenate([array, array])]) == []


def test_a_test_that_sets_a_variable_asks_no_more() -> None:
    _, values = handed({"box": Box(), "rate": 2})
    values["rate"] = 3
    with pytest.raises(NeedsTeacher):
        values["box"].get()
