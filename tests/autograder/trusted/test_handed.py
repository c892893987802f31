"""What has come from a notebook, and what the source of a test makes of it."""

from __future__ import annotations

import ast
import datetime
import enum
import sys
import threading
import zoneinfo
from collections import namedtuple
from typing import Any

import pytest

from autograder.student.references import References, derived
from autograder.trusted.came import Came
from autograder.trusted.flow import Flow
from autograder.trusted.handed import handed, libraries
from autograder.trusted.submodules import bound
from autograder.trusted.unreal import Following, Unreal


class Name(str): ...


class Day(datetime.date): ...


class Color(enum.StrEnum):
    RED = "red"


class Liar:
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return str


Card = namedtuple("Card", "rank suit")
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "base"),
    [
        (Name("a"), "str"),
        (Card(1, "x"), "tuple"),
        (Color.RED, "str"),
        (enum.IntEnum("Level", "LOW").LOW, "int"),  # type: ignore[attr-defined]
        (Day(2020, 1, 2), "date"),
        (datetime.datetime(2020, 1, 2, tzinfo=ZONE), "date"),
        (datetime.time(1, tzinfo=ZONE), "time"),
        (ZONE, "tzinfo"),
        (Card, None),
        (Color, None),
        (enum.Enum("Plain", "A").A, None),  # type: ignore[attr-defined]
    ],
)
def test_the_notebook_tells_which_data_an_object_is(value: Any, base: str | None) -> None:
    assert derived(type(value)) == base
    assert References().refer(value)["object"]["data"] == base


def test_what_an_object_says_of_its_class_is_no_matter() -> None:
    assert isinstance(Liar(), str)
    assert References().refer(Liar())["object"]["data"] is None


@pytest.mark.parametrize("told", [None, 3, [], "Name", {"str": 1}])
def test_what_is_no_class_of_data_is_none(told: Any) -> None:
    came = Came()
    came.told(told)
    assert (came.here, came.bases) == (False, set())


def test_an_answer_with_no_object_does_not_take_back_another() -> None:
    came = Came()
    came.told("str")
    came.answered(1, None, ["an object is in it"])
    came.here = False
    came.answered(1, None, 3)
    came.answered(2, "rank", 3)
    assert came.by_name({1: "get"}, {}) == {"get": True, "rank": False}
    assert not came.filled
    came.told("str")
    came.answered(3, None, None)
    assert came.filled


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import json as j", {"j"}),
        ("from json import dumps, loads as read", {"dumps", "read"}),
        ("import math\nfrom random import choice\nimport unittest.mock", set()),
        ("import os.path", {"os"}),
    ],
)
def test_libraries_that_may_look_at_a_class(source: str, found: set[str]) -> None:
    names = libraries(bound([source]))
    assert names - libraries({}) == found
    assert {"np", "pd", "tf"} <= names


def test_a_source_that_is_nested_too_deeply_may_hand_something_over() -> None:
    node: ast.expr = ast.Name("card", ast.Load())
    for _ in range(3 * sys.getrecursionlimit()):
        node = ast.Starred(node, ast.Load())
    trees = [ast.Call(ast.Name("np", ast.Load()), [node], [])]
    came = Came()
    assert handed(came, {}, {}, {"np"}, (), (trees, trees), False)


def test_a_chain_of_names_is_followed() -> None:
    source = "c = b\nb = a\na = get()\nnp.sum(c)"
    tree = ast.parse(source)
    flow = Flow((), {"get": True}, {"np"})
    flow.follow([tree])
    assert flow.names == set("abc")


def test_threads_are_followed_as_long_as_a_case_runs() -> None:
    unreal = Unreal(test_threads_are_followed_as_long_as_a_case_runs.__code__)

    def run(target: Any, *given: Any) -> None:
        thread = threading.Thread(target=target, args=given)
        thread.start()
        thread.join()

    before, hook = threading.gettrace(), threading.excepthook
    threading.excepthook = lambda *_: None
    try:
        with Following(unreal, False, False):
            run(ord, "a")
            assert not unreal.found
            run(ord, [])
        assert (unreal.found, unreal.lost) == (True, False)
        assert threading.gettrace() is before
        unreal.begin()
        run(ord, [])
        assert not unreal.found
        with Following(unreal, False, False):
            threading.settrace(None)  # type: ignore[arg-type]
        assert unreal.lost
    finally:
        threading.excepthook = hook
