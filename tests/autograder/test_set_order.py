"""Tests that print a set, or take its items one by one, find the notebook's order."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from autograder.settings import MODES, Settings
from tests.autograder.bundles import bundle, doctests, exceptions, notebook
from tests.autograder.test_carrying import case

NOTEBOOK = """
def uniq(xs):
    return set(xs)
def sieve(n):
    found = set(range(2, n))
    for i in range(2, n):
        for j in range(2 * i, n, i):
            found.discard(j)
    return found
primes = sieve(50)
nested = [{'a': frozenset(primes - {2})}, (sieve(50),)]
popped = set(range(40))
for _ in range(30):
    popped.pop()
def first(xs):
    return next(iter(xs))
def listed(xs):
    return list(xs)
def turn(xs):
    one = first(xs)
    xs.discard(one)
    xs.add(one)
class Bag:
    def __init__(self):
        self.items = set(range(40))
    def get(self):
        return self.items
    def take(self):
        return self.items.pop()
    def show(self):
        return str(self.items)
"""
PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]
ODD = list(frozenset(PRIMES[1:]))
SHOWN = "{" + ", ".join(map(str, PRIMES)) + "}"
POPPED = "{30, 31, 32, 33, 34, 35, 36, 37, 38, 39}"
OTHER_ORDER = "{47, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43}"
MADE_HERE = "s = set(range(40))\nfor _ in range(30): s.pop()\n"
TESTS = {
    "answer": doctests("answer", {"code": ">>> uniq([300, 20, 7, 7, 100])\n{100, 300, 20, 7}\n"}),
    "sieve": doctests("sieve", {"code": f">>> sieve(50)\n{SHOWN}\n"}),
    "variable": doctests("variable", {"code": f">>> primes\n{SHOWN}\n"}),
    "pops": doctests("pops", {"code": f">>> popped\n{POPPED}\n"}),
    "listed": exceptions("listed", case(f"assert list(primes) == {PRIMES}", "primes")),
    "nested": exceptions(
        "nested",
        case(
            f"assert list(nested[0]['a']) == {ODD}\nassert list(nested[1][0]) == {PRIMES}",
            "nested",
        ),
    ),
    "argument": exceptions(
        "argument",
        case(f"{MADE_HERE}assert first(s) == 30\nassert listed(s) == list(s)", "first, listed"),
    ),
    "changed": exceptions(
        "changed",
        case(
            f"{MADE_HERE}t = s.copy()\nturn(s)\nassert s == t\n"
            "one = next(iter(t))\nu = set(range(40))\n"
            "for _ in range(30): u.pop()\n"
            "u.discard(one)\nu.add(one)\nassert list(s) == list(u)",
            "turn",
        ),
    ),
    "kept": exceptions(
        "kept",
        case(
            "b = Bag()\nmine = b.get()\nfor _ in range(15): b.take()\n"
            "assert list(mine) == list(range(15, 40))\n"
            "for _ in range(15): mine.pop()\n"
            f"assert b.show() == str(mine) == {POPPED!r}",
            "Bag",
        ),
    ),
    # Wrong, and nothing but wrong.
    "wrong": doctests("wrong", {"code": f">>> primes\n{OTHER_ORDER}\n"}),
}
RIGHT = sorted({*TESTS} - {"wrong"})


def graded(folder: Path, tests: dict[str, str], cell: str, mode: str) -> dict[str, Question]:
    """Its questions by their names."""
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", [cell]), Settings(mode=mode))
    return {question.name: question for question in found.questions}


@pytest.fixture(scope="module", params=MODES)
def questions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Question]:
    return graded(tmp_path_factory.mktemp("sets"), TESTS, NOTEBOOK, request.param)


@pytest.mark.parametrize("name", RIGHT)
def test_a_set_has_the_order_of_the_notebooks(name: str, questions: dict[str, Question]) -> None:
    assert (questions[name].score, questions[name].reason) == (1, ""), questions[name]


def test_another_order_is_wrong(questions: dict[str, Question]) -> None:
    assert (questions["wrong"].score, questions["wrong"].reason) == (0, "")


LIES = """
import sys
sets = sys.modules['autograder.values.sets']
def uniq(xs):
    return set(xs)
numbers = {300, 20, 7}
"""
SAYS = {
    "order": "sets.Maker.unordered = property(lambda self: True, lambda self, value: None)",
    "tables": "sets.told = lambda value: 1 << 20 if 5 in value else [{}]",
}


@pytest.mark.parametrize("said", SAYS)
def test_what_a_notebook_says_of_orders_leads_at_most_to_a_teacher(
    said: str, tmp_path: Path
) -> None:
    tests = {
        "right": exceptions("right", case("assert uniq({5, 6}) == {6, 5}", "uniq")),
        "wrong": exceptions("wrong", case("assert uniq({5, 6}) == {5}", "uniq")),
        "data": exceptions("data", case("assert numbers == {7, 20}", "numbers")),
    }
    found = graded(tmp_path, tests, LIES + SAYS[said], "cold")
    assert (found["right"].score, found["right"].reason) == (1, "")
    assert found["wrong"].score == found["data"].score == 0
    assert ("another order" in found["wrong"].reason) is (said == "order")


def test_an_order_that_cannot_be_made_is_left_to_a_teacher(tmp_path: Path) -> None:
    # As many items as are not looked at one by one, which find places taken.
    cell = (
        "import random\nchance = random.Random(1)\n"
        "def draw():\n    return {chance.randrange(10**9) for _ in range(90_000)}\n"
        "drawn = draw()\ndef size(xs):\n    return len(xs)\n"
    )
    bodies = {
        "answer": ("found = draw()", "draw"),
        "variable": ("found = drawn", "drawn"),
        "argument": (
            "import random\nchance = random.Random(1)\n"
            "found = {chance.randrange(10**9) for _ in range(90_000)}\nsize(found)",
            "size",
        ),
    }
    tests = {}
    for name, (body, names) in bodies.items():
        for kind, last in (("wrong", "list(found)[0] == -1"), ("right", "len(found) > 80_000")):
            question = f"{kind}_{name}"
            tests[question] = exceptions(question, case(f"{body}\nassert {last}", names))
    found = graded(tmp_path, tests, cell, "cold")
    for name in bodies:
        right, wrong = found[f"right_{name}"], found[f"wrong_{name}"]
        assert (right.score, right.reason) == (1, ""), right
        assert "another order" in wrong.reason, wrong
