"""What stays in the notebook's process, and decides a test: it is copied, or left to a teacher."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.student.references import notes_of
from autograder.trusted.raising import Raising
from autograder.values import printing
from autograder.values.encode import MAX_NOTE, MAX_NOTES
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

SOURCE = """
from decimal import Decimal
third = Decimal(1)
def hinted():
    error = ValueError('no')
    error.add_note('hint')
    raise error
class Own(Exception):
    pass
def own():
    error = Own('no')
    error.add_note('one')
    error.add_note('two')
    raise error
def odd():
    error = ValueError('no')
    error.__notes__ = [3]
    raise error
def inner():
    raise ValueError('no')
def outer():
    inner()
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
"""
CAUGHT = "try:\n    {}()\nexcept Exception as e:\n    found = e\n"
NOTES = "assert getattr(found, '__notes__', []) == {}"
TRACE = (
    "import traceback\ntry:\n    outer()\nexcept ValueError:\n    text = traceback.format_exc()\n"
)
LIMIT = "import sys\nold = sys.getrecursionlimit()\nsys.setrecursionlimit({})\ntry:\n    {}\n"
LIMIT += "finally:\n    sys.setrecursionlimit(old)"
# Body and parameters of a test; whether it is passed, None for a teacher.
CASES = {
    "a note": (CAUGHT.format("hinted") + NOTES.format(["hint"]), "hinted", True),
    "another note": (CAUGHT.format("hinted") + NOTES.format(["help"]), "hinted", False),
    "no note": (CAUGHT.format("inner") + NOTES.format([]), "inner", True),
    "two notes": (CAUGHT.format("own") + NOTES.format(["one", "two"]), "own", True),
    "a note that is none": (CAUGHT.format("odd") + NOTES.format([3]), "odd", None),
    "a traceback": (TRACE + "assert 'inner' in text", "outer", None),
    "what it says": (TRACE + "assert 'ValueError: no' in text", "outer", True),
    "another function": ("import traceback\nassert deep(3) == 4", "deep", False),
    "a limit": (LIMIT.format(5000, "assert deep(3000) == 3000"), "deep", None),
    "deep enough": (LIMIT.format(5000, "assert deep(10) == 10"), "deep", True),
    "decimals": ("assert str(third / 3)[:6] == '0.3333'", "third", True),
}
TESTS = {name: exceptions(name, case(*asked[:2])) for name, asked in CASES.items()}


def graded(folder: Path, tests: dict[str, str], cells: list[str]) -> dict[str, Any]:
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", cells), WARM)
    return {question.name: question.cases[0].passed for question in found.questions}


def test_it_is_copied_or_left_to_a_teacher(tmp_path: Path) -> None:
    assert graded(tmp_path, TESTS, [SOURCE]) == {name: CASES[name][2] for name in CASES}


def test_decimals_are_computed_as_the_notebook_says_or_left_to_a_teacher(tmp_path: Path) -> None:
    tests = {
        "same": exceptions("same", case("assert str(third / 3) == '0.3333'", "third")),
        "else": exceptions("else", case("assert third == 1", "third")),
        "before": exceptions("before", case("assert str(third / 3) == '0.3333'", "third")),
    }
    cells = [
        "import otter\ngrader = otter.Notebook('a.ipynb')",
        f"{SOURCE}\ngrader.check('before')",
        "from decimal import getcontext\ngetcontext().prec = 4",
    ]
    assert graded(tmp_path, tests, cells) == {"same": None, "else": True, "before": False}


def test_the_usual_way_to_compute_is_known() -> None:
    import decimal

    assert not printing.decimals()
    with decimal.localcontext() as context:
        context.traps[decimal.Inexact] = True
        assert printing.decimals()
    with decimal.localcontext(rounding=decimal.ROUND_DOWN):
        assert printing.decimals()
    with decimal.localcontext() as context:
        # What has happened so far changes nothing.
        context.flags[decimal.Inexact] = True
        assert not printing.decimals()


@pytest.mark.parametrize("notes", [None, 3, [3], ["a" * (MAX_NOTE + 1)], [["a"]], {"a": 1}, "text"])
def test_notes_that_are_none_are_lacking(notes: Any) -> None:
    raising, error = Raising(SimpleNamespace()), ValueError("no")  # type: ignore[arg-type]
    raising.noted(error, notes)
    assert raising.lacking == {"__notes__"}
    assert not hasattr(error, "__notes__")


def test_only_some_short_notes_travel() -> None:
    error = ValueError("no")
    assert notes_of(error) == []
    for _ in range(MAX_NOTES):
        error.add_note("a")
    assert notes_of(error) == ["a"] * MAX_NOTES
    error.add_note("a")
    assert notes_of(error) is None
