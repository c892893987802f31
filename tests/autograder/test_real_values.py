"""What fails, or passes, only because a stand-in is no real value goes to a teacher."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Grade
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook
from tests.autograder.test_carrying import case

NOTEBOOK = """
from collections import namedtuple
from enum import Enum
class Name(str): pass
class Sc(str, Enum):
    A = "a"
class int_(str): pass
int_.__name__ = int_.__qualname__ = "int"
class Number(int): pass
class Stack(list): pass
class Box(dict): pass
class Plain:
    def nothing(self): return None
    def fails(self): return None + 1
    def one(self, x): return x
Card = namedtuple("Card", "rank suit")
def name(text): return Name(text)
def lie(text): return int_(text)
def none(): return None
def fails(): return None + 1
def one(x): return x
card, stack, box, plain, word, sc = Card(1, "x"), Stack([1, 2]), Box(a=1), Plain(), Name("a"), Sc.A
number = Number(5)
"""
CATCH = "try:\n    {}\n    failed = False\nexcept {}:\n    failed = True\n{}"
# Parameters and body, and whether the case passes; None for a teacher.
CASES: list[tuple[str, str, bool | None]] = [
    # Honest: C refuses the stand-in.
    ("word", "assert ','.join([word]) == 'a'", None),
    ("name", "assert ','.join([name('a')]) == 'a'", None),
    ("sc", "assert ','.join([sc]) == 'a'", None),
    ("word", "assert word in 'abc'", None),
    ("word", "assert 'abc'.find(word) == 0", None),
    ("word", "assert ord(word) == 97", None),
    ("word", "import re\nassert re.match('a', word)", None),
    ("card", "assert '%s of %s' % card == '1 of x'", None),
    ("stack", "import heapq\nassert heapq.heappop(stack) == 1", None),
    ("env", "assert ','.join([env['word']]) == 'a'", None),
    ("word", "try:\n    ','.join([word])\nexcept TypeError:\n    raise AssertionError", None),
    # Mistakes of the notebook's.
    ("none", "assert none() + 1 == 2", False),
    ("none", "assert len(none()) == 2", False),
    ("none", "assert ','.join(none()) == 'a'", False),
    ("none", "assert ','.join([none()]) == 'a'", False),
    ("one", "assert one() == 1", False),
    ("one", "assert one(1, 2) == 1", False),
    ("fails", "assert fails() == 1", False),
    ("missing", "assert missing(3) == 1", False),
    # The same with an object beside it.
    ("plain", "assert plain.nothing() + 1 == 2", False),
    ("plain", "assert plain.nothing()[0] == 2", False),
    ("plain", "assert sum([1, plain.nothing()]) == 2", False),
    ("plain", "assert plain.nothing() < 2", False),
    ("plain", "assert plain.fails() == 1", False),
    ("plain", "assert plain.one() == 1", False),
    # A test that waits for an error.
    ("name", CATCH.format("''.join([name('a')])", "TypeError", "assert failed"), None),
    ("name", CATCH.format("''.join([name('a')])", "Exception", "assert failed"), None),
    ("lie", CATCH.format("''.join([lie('a')])", "TypeError", "assert failed"), None),
    ("name", CATCH.format("''.join([name('a')])", "TypeError", "assert not failed"), None),
    ("number", CATCH.format("pow(2, 3, number)", "TypeError", "assert failed"), None),
    ("word", "import pytest\nwith pytest.raises(TypeError):\n    ''.join([word])", None),
    ("word", "import pytest\npytest.raises(TypeError, ''.join, [word])", None),
    ("word", "import unittest\nunittest.TestCase().assertRaises(TypeError, ord, word)", None),
    ("plain", CATCH.format("plain.fails()", "TypeError", "assert failed"), True),
    ("plain", CATCH.format("plain.one()", "TypeError", "assert failed"), True),
    ("plain", CATCH.format("plain.one(1)", "Exception", "assert not failed"), True),
    ("plain", CATCH.format("plain.nothing() + 1", "TypeError", "assert failed"), True),
    # Patterns.
    (
        "card",
        "match card:\n    case (a, b):\n        pass\n    case _:\n        assert False",
        None,
    ),
    ("stack", "match stack:\n    case [*_]:\n        assert False", None),
    ("box", "match box:\n    case {'a': 1}:\n        assert False", None),
    (
        "one, plain",
        "match one(3):\n    case 3:\n        pass\n    case _:\n        assert False",
        True,
    ),
    ("none, one, plain", "assert one(2) == 2", True),
]
# After a case that is left to a teacher, calls are not followed any more.
CASES.sort(key=lambda listed: listed[-1] is None)
# Among the values of these is no object.
ALONE: list[tuple[str, str, bool | None]] = [
    ("none", "assert ','.join([none()]) == 'a'", False),
    (
        "one",
        "match one([1, 2]):\n    case [a, b]:\n        pass\n    case _:\n        assert False",
        True,
    ),
    ("one", CATCH.format("''.join([one(1)])", "TypeError", "assert failed"), True),
    # Here one comes as an answer, first of all.
    ("name", CATCH.format("''.join([name('a')])", "TypeError", "assert failed"), None),
]
DOCTESTS: list[tuple[str, bool | None]] = [
    (">>> ','.join([word])\n'a'", None),
    (
        ">>> ','.join([word])\nTraceback (most recent call last):\n"
        "TypeError: sequence item 0: expected str instance, Name found",
        None,
    ),
    (">>> none() + 1\n2", False),
]

ENDS = [[one[2] for one in CASES], [one[2] for one in ALONE], [one[1] for one in DOCTESTS]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    work: Path = tmp_path_factory.mktemp("unreal")
    both = {"q1": CASES, "q2": ALONE}
    tests = {
        stem: exceptions(
            stem,
            *(case(b, p).replace("test_it", f"t{n}") for n, (p, b, _) in enumerate(listed)),
        )
        for stem, listed in both.items()
    }
    tests["q3"] = doctests("q3", *({"code": code} for code, _ in DOCTESTS), points=3)
    folder = bundle(work / "bundle", tests)
    path = notebook(work / "answers.ipynb", [NOTEBOOK])
    return grade(open_bundle(folder, work / "opened"), path, WARM)


@pytest.mark.parametrize(
    ("question", "place", "passed"),
    [
        (number, place, passed)
        for number, listed in enumerate(ENDS)
        for place, passed in enumerate(listed)
    ],
)
def test_it_ends_as_in_one_process_or_with_a_teacher(
    question: int, place: int, passed: bool | None, found: Grade
) -> None:
    ended = found.questions[question].cases[place]
    assert ended.passed is passed, ended.detail
