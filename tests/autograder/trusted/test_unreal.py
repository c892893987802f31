"""Which tests are followed, and which TypeErrors are none of a stand-in."""

from __future__ import annotations

import sys

import pytest

from autograder.trusted.unreal import Following, Unreal, catches, matched, read, remembers


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("match x:\n    case [a, *_]: pass", True),
        ("match x:\n    case {'a': 1}: pass", True),
        ("match x:\n    case 1 | Point(x=1): pass", True),
        ("match x:\n    case 1 | None | 'a': pass\n    case y: pass", False),
        ("match = [1]", False),
        ("no Python", False),
    ],
)
def test_patterns_that_look_into_a_value(source: str, wanted: bool) -> None:
    assert matched([source]) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("try: f()\nexcept: pass", True),
        ("try: f()\nexcept TypeError: pass", True),
        ("try: f()\nexcept (ValueError, Exception) as error: pass", True),
        ("try: f()\nexcept builtins.TypeError: pass", True),
        ("try: f()\nexcept kinds: pass", True),
        ("try: f()\nexcept ValueError: pass", False),
        ("with pytest.raises(TypeError): f()", True),
        ("with pytest.raises(expected_exception=Exception): f()", True),
        ("with suppress(ValueError, TypeError): f()", True),
        ("self.assertRaisesRegex(TypeError, 'a', f)", True),
        ("with pytest.raises(ValueError): f()", False),
        ("raise TypeError", False),
    ],
)
def test_tests_that_may_catch_a_type_error(source: str, wanted: bool) -> None:
    assert catches([source]) is wanted


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("KEPT = []", True),
        ("KEPT: dict = {}", True),
        ("model = None\ndef t(f):\n    global model\n    model = f()", True),
        ("def t(f):\n    t.kept = f()", True),
        ("class Box: pass\ndef t(f):\n    Box.kept = f()", True),
        ("KEPT = Box()", True),
        ("no Python", True),
        ("name = 'q1'\npoints = None\nSIDES = (1, 2)\ndef t(f):\n    kept = [f()]", False),
        ("def t(f):\n    f.kept = []", False),
    ],
)
def test_files_that_can_keep_a_value_from_case_to_case(source: str, kept: bool) -> None:
    assert remembers(source) is kept


def test_names_that_tests_read() -> None:
    names = {"a", "b", "c", "d"}
    assert read(["def t(a, env):\n    env['b'].c"], names) == {"a", "b"}
    assert read(["a", "no Python"], names) == names


@pytest.mark.parametrize(
    "source",
    [
        "None + 1",
        "1 < 'a'",
        "-None",
        "2 ** None",
        "x[0]",
        "x()",
        "len(None)",
        "iter(None)",
        "1 in 2",
        "1 in 'a'",
        "a, b = 3",
        "'a' + 1",
        "[1] + (2,)",
        "[1] * 'a'",
        "xs['a']",
        "{[]}",
        "','.join([1])",
        "int(None)",
        "float([])",
        "import math; math.sqrt('a')",
        "'a'.replace(1, 'b')",
        "('a',)[0][0] = 1",
    ],
)
def test_errors_of_copies(source: str) -> None:
    with pytest.raises(TypeError) as caught:
        exec(source, {"x": None, "xs": [1]})
    assert Unreal(test_errors_of_copies.__code__).of_copies(str(caught.value)), caught.value


@pytest.mark.parametrize(
    "source",
    [
        "','.join([x])",
        "x in 'abc'",
        "'abc'.replace(x, 'b')",
        "'abc'.startswith(x)",
        "ord(x)",
        "import re; re.match('a', x)",
        "getattr(dict, x)",
        "from datetime import date; date.fromisoformat(x)",
        "'%s %s' % x",
        "import heapq; heapq.heappop(x)",
        "pow(2, 3, x)",
        "pow(2, x, 3)",
        "[1][x]",
        "len(x)",
    ],
)
def test_errors_that_may_be_of_a_stand_in(source: str) -> None:
    class Name: ...

    for kind in (Name, type("int", (), {})):
        unreal = Unreal(test_errors_of_copies.__code__)
        unreal.named.add(kind.__name__)
        with pytest.raises(TypeError) as caught:
            exec(source, {"x": kind()})
        assert not unreal.of_copies(str(caught.value)), caught.value


def test_a_long_text_is_not_searched() -> None:
    unreal = Unreal(test_errors_of_copies.__code__)
    assert not unreal.of_copies("must be , , not" * 1_000_000)


def test_errors_that_a_test_catches_are_followed_and_those_of_libraries_are_not() -> None:
    unreal = Unreal(test_errors_of_copies.__code__)
    inside = "import statistics\nassert statistics.fmean(iter([1.0])) == 1"
    before = sys.gettrace()
    with Following(unreal, True, True):
        exec(inside, {})
    assert (unreal.found, unreal.lost) == (False, False)
    with Following(unreal, True, True):
        exec("try: ord([])\nexcept TypeError: pass", {})
    assert (unreal.found, unreal.lost) == (True, False)
    assert sys.gettrace() is before


def test_a_test_that_ends_being_followed_is_known() -> None:
    unreal = Unreal(test_errors_of_copies.__code__)
    with Following(unreal, True, True):
        exec("import sys; sys.settrace(None)", {})
    assert unreal.lost
    unreal.begin()
    assert not unreal.lost


def test_a_test_is_followed_from_when_an_object_comes_on() -> None:
    unreal = Unreal(test_errors_of_copies.__code__)
    seen: list[bool] = []

    def comes() -> None:
        seen.append(unreal.found)
        unreal.follow()

    test = "for _ in range(2):\n    try: ord([])\n    except TypeError: pass\n    comes()"
    with Following(unreal, True, False):
        exec(test, {"comes": comes})
    assert seen == [False, True]
    assert not unreal.lost
    with Following(unreal, False, True):
        comes()
        assert sys.gettrace() is None or sys.gettrace() != unreal.traced
