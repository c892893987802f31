"""Numbers of `random` after a check, where Otter draws, too, are left to a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.drawn import left, shifted
from autograder.grading import grade
from autograder.notebook import Cell
from autograder.records import Grade, Question
from autograder.settings import MODES, Settings
from autograder.trusted.run import pairs
from autograder.warm import shared
from tests.autograder.bundles import bundle, exceptions, notebook

CASE = "@test_case(points=1)\ndef t({0}):\n    assert {1}\n"
TESTS = {
    "q1": exceptions("q1", CASE.format("a", "a == 1")),
    "q2": exceptions("q2", CASE.format("rolls", "rolls == [4, 4, 5, 1, 2]")),
    "q3": exceptions("q3", CASE.format("b", "b == 1")),
}
# As Otter's shows: `q2` holds what Jupyter draws after a passed check.
START = "import random, otter\ngrader = otter.Notebook()\nrandom.seed(10)"
CHECK = 'a = 1\ngrader.check("q1")'
ROLLS = "rolls = [random.randint(1, 6) for _ in range(5)]"


def graded(folder: Path, cells: list[str], mode: str = "cold", **config: Any) -> Grade:
    assignment = open_bundle(bundle(folder / "bundle", TESTS, **config), folder)
    found = grade(assignment, notebook(folder / "a.ipynb", cells), Settings(mode=mode))
    shared().close()
    return found


def passed(found: Grade) -> list[bool | None]:
    return [question.cases[0].passed for question in found.questions]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_drawn_after_a_check_is_left_to_a_teacher(tmp_path: Path, mode: str) -> None:
    found = graded(tmp_path, [START, CHECK, ROLLS, "b = 1"], mode)
    assert found.status == "needs a teacher"
    assert passed(found) == [True, None, True]
    assert found.questions[1].reason.startswith("The notebook seeds `random`, and draws")
    assert "in cell 3, after a check" in found.questions[1].reason
    assert found.questions[0].reason == found.questions[2].reason == ""


@pytest.mark.parametrize(
    "cells",
    [
        [START, ROLLS, CHECK],
        [START.replace("random.seed(10)", "pass"), CHECK, ROLLS],
        [START, CHECK, f"# again\nimport random\nrandom.seed(10)\n{ROLLS}"],
        [START, CHECK, "rolls = random.Random(3).random()"],
        ["import otter\ngrader = otter.Notebook()", CHECK, "import numpy as np\nrolls = 3"],
    ],
)
def test_numbers_that_no_check_can_have_changed_are_graded(
    cells: list[str], tmp_path: Path
) -> None:
    found = graded(tmp_path, cells)
    assert found.status == "graded"
    assert passed(found) == [True, False, False]


def test_otter_seeds_anew_before_each_cell_where_it_is_told_to(tmp_path: Path) -> None:
    assert graded(tmp_path, [START, CHECK, ROLLS], seed=3).status == "graded"


@pytest.mark.parametrize(
    "told",
    [
        "random.getstate = None\nrandom.Random.getstate = lambda self: 1 / 0",
        "import sys\nsys.modules['random'] = None",
    ],
)
def test_a_notebook_that_hides_its_generator_gets_no_points(told: str, tmp_path: Path) -> None:
    found = graded(tmp_path, [START, CHECK, told, ROLLS])
    assert passed(found)[1] is not True


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("import random\nrandom.seed(1)", 5),
        ("import random as rd\nrd.seed(1)", 5),
        ("%matplotlib inline\nimport random\nfiles = !ls\nrandom.setstate(saved)", 5),
        ("from random import seed, randint\nseed(1)", 5),
        ("from random import *\nseed(1)", 5),
        ("import random\ndef begin():\n    random.seed(1)", 5),
        ("import numpy as np\nnp.random.seed(1)", 0),
        ("from numpy import random\nrandom.seed(1)", 0),
        ("import random\n# random.seed(1)", 0),
        ("import random\nrandom.seed(", 0),
    ],
)
def test_calls_that_seed_are_read_in_the_notebook(source: str, number: int) -> None:
    cells = [Cell(2, source), Cell(5, "roll()"), Cell(6, "roll()")]
    assert shifted([[5, 1], [6, 2]], cells) == number


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("n = 6\nrandom.seed(1)\nroll()", 8),
        ("np.random.seed(1)\nrandom.seed(1)\nroll()", 8),
        ("roll()\nrandom.seed(1)", 5),
        ("def f():\n    random.seed(1)\nroll()", 5),
        ("if a:\n    random.seed(1)\nroll()", 5),
    ],
)
def test_a_cell_that_seeds_first_begins_anew(source: str, number: int) -> None:
    cells = [Cell(1, "import random\nrandom.seed(1)"), Cell(5, source), Cell(7, ""), Cell(8, "")]
    assert shifted([[5, 1], [7, 1], [8, 2]], cells) == number


@pytest.mark.parametrize("told", [None, 3, [3], [[1]], [["1", 1]], [[True, 1]], [[[], {}]], [{}]])
def test_what_a_notebook_says_otherwise_counts_for_nothing(told: Any) -> None:
    assert pairs(told) == []
    assert pairs([[1, 2]] * 6_000) == [[1, 2]] * 5_000


def test_a_cell_that_is_not_there_counts_for_nothing() -> None:
    question = Question("q1", 0.0, 1.0)
    assert left([question], [[9, 1]], [Cell(1, "import random\nrandom.seed(1)")]) == (question,)
