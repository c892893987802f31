"""The classes of stand-ins are the grader's: nothing of them is a test's to read."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.trusted import student as reached
from autograder.trusted.kinds import Current
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.standins import Function, Opaque, Remote
from autograder.trusted.student import Student
from autograder.values.wire import Channel

ABOUT = {"ref": 1, "type": "__main__.Thing"}


@pytest.mark.parametrize("kind", ["opaque", "object", "function"])
@pytest.mark.parametrize(
    "asked", ["hasattr(type(x), '__call__')", "type(x)(1, 2)", "type(x).mro()"]
)
def test_a_test_does_not_look_into_them(
    kind: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "Surroundings", lambda: None)
    student = Student(Channel(-1, -1), frozenset())
    monkeypatch.setattr(Current, "student", student)
    made: dict[str, tuple[type, object]] = {
        "opaque": (Opaque, "a thing"),
        "object": (Remote, ABOUT),
        "function": (Function, ABOUT),
    }
    of, about = made[kind]
    # Past its class, which makes them for the grader alone.
    x: Any = type.__call__(of, student, about)
    assert not student.doubts
    with pytest.raises(NeedsTeacher):
        # Names without a module's `__spec__`, as those of a test.
        eval(asked, {"x": x})
    assert student.doubts
