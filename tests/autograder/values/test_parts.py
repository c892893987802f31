"""Parts of arguments, and paths of them that a notebook makes up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.trusted import student as reached
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.student import Student
from autograder.values.parts import Lookup, Parts, joined
from autograder.values.wire import Channel, Message, WireError


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> Student:
    """Nobody answers; the generators of this process are left alone."""
    monkeypatch.setattr(reached, "Surroundings", lambda: None)
    return Student(Channel(-1, -1), frozenset())


def test_a_value_comes_back_with_the_parts_that_it_had() -> None:
    objects = np.empty(2, object)
    objects[1] = row = [3]
    given: list[Any] = [[1, [2]], {"a": (row, 4)}, objects]
    parts = Parts(given)
    value = {"x": (given[0], 5), "y": [row, [given[0][1]]], "z": 6}
    cut, marks = parts.pruned(value)
    assert cut == {"x": (None, 5), "y": [None, [None]], "z": 6}
    again = joined(cut, Lookup(given).marked(marks))
    assert again == value
    assert again["x"][0] is given[0]
    assert again["y"][0] is row
    assert again["y"][1][0] is given[0][1]
    assert parts.twins == [((2, 1), (1, 0, 0))]


MADE_UP: list[Any] = [
    3,
    {},
    [[]],
    [[[], []]],
    [[[], [2]]],
    [[[], [-1]]],
    [[[], [0, 0, 0]]],
    [[[], ["0"]]],
    [[[], [True]]],
    [[[5], [0]]],
    [[[], [0] * 99]],
    [[None, [0]]],
    [[[], [0]]] * 200_001,
]


@pytest.mark.parametrize("marks", MADE_UP)
def test_a_part_that_is_none_is_no_answer(marks: Any, student: Student) -> None:
    given = [[1, [2]], {"a": 3}]
    for said in (
        {"own": marks, "value": 1},
        {"changed": [[[0], [5], marks]]},
        {"changed": marks},
    ):
        if said == {"changed": {}}:
            continue
        with pytest.raises(WireError):
            student.unpacked(Message({"kind": "answer", **said}), given)
    assert given == [[1, [2]], {"a": 3}]


def test_a_part_is_changed_only_to_its_own_kind(student: Student) -> None:
    given = [[1, [2]], (3, 4)]
    for path, node in (([0, 1], {"dict": []}), ([0, 0], 5), ([1], {"tuple": [5, 6]})):
        with pytest.raises(NeedsTeacher):
            student.unpacked(Message({"kind": "answer", "changed": [[path, node, []]]}), given)
    assert given == [[1, [2]], (3, 4)]
    assert len(student.doubts) == 3


def test_what_is_not_carried_has_no_parts(student: Student) -> None:
    said = {"kind": "answer", "value": {"other": "a thing"}, "own": [[[0], [0]]]}
    found = student.unpacked(Message(said), [[1]])
    with pytest.raises(NeedsTeacher, match="a thing"):
        len(found)
