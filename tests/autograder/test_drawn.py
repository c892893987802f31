"""Numbers of `random` after a check, where Otter draws, too, are those of Jupyter, or left to a
teacher."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from otter.test_files.ok_test import OKTestFile

from autograder.assignment import open_bundle
from autograder.drawn import left, shifted, tree
from autograder.grading import grade
from autograder.notebook import Cell, emojis
from autograder.records import Grade, Question
from autograder.settings import MODES, Settings
from autograder.student.generators import Emojis
from autograder.trusted.run import drawings
from tests.autograder.bundles import WARM, bundle, exceptions, notebook

CASE = "@test_case(points=1)\ndef t({0}):\n    assert {1}\n"
TESTS = {
    "q1": exceptions("q1", CASE.format("a", "a == 1")),
    "q2": exceptions("q2", CASE.format("rolls", "rolls == [4, 4, 5, 1, 2]")),
    "q3": exceptions("q3", CASE.format("b", "b == 1")),
}
# As Otter's shows: `q2` holds what Jupyter draws after a passed check.
START = "import random, otter\ngrader = otter.Notebook()\nrandom.seed(10)"
CHECK = 'a = 1\ngrader.check("q1")'
FAILED = 'a = 2\ngrader.check("q1")'
OTHERS = "other = [random.random() for _ in range(2)]"
ROLLS = "rolls = [random.randint(1, 6) for _ in range(5)]"


NUMPY = """
import random, otter
import numpy as np
grader = otter.Notebook()
np.random.seed(10)
def roll():
    return np.random.rand()
"""


def graded(
    folder: Path, cells: list[str], mode: str = "cold", saved: tuple[int, ...] = (), **config: Any
) -> Grade:
    """The grade of a notebook that was saved with the result of a passed check below some cells."""
    assignment = open_bundle(bundle(folder / "bundle", TESTS, **config), folder)
    path = notebook(folder / "a.ipynb", cells)
    content = json.loads(path.read_text(encoding="utf-8"))
    for place in saved:
        shown = {"text/html": [OKTestFile("q1", "", [])._repr_html_()], "text/plain": ["q1"]}
        output = {"output_type": "execute_result", "data": shown}
        content["cells"][place]["outputs"] = [output | {"metadata": {}, "execution_count": 1}]
    path.write_text(json.dumps(content), encoding="utf-8")
    return grade(assignment, path, Settings(mode=mode))


def passed(found: Grade) -> list[bool | None]:
    return [question.cases[0].passed for question in found.questions]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_drawn_after_a_passed_check_is_what_jupyter_draws(
    tmp_path: Path, mode: str
) -> None:
    found = graded(tmp_path, [START, CHECK, ROLLS, "b = 1"], mode, saved=(1,))
    assert found.status == "graded"
    assert passed(found) == [True, True, True]


def test_one_emoji_is_drawn_as_otter_draws_it() -> None:
    ours, kept = Emojis(), random.getstate()
    ours.draw()
    assert random.getstate() == kept
    ours.begin(1)
    ours.draw()
    ours.draw()
    drawn = random.getstate()
    random.setstate(kept)
    shown = OKTestFile("q1", "", [])._repr_html_()
    assert drawn == random.getstate() != kept
    random.setstate(kept)
    assert emojis([{"data": {"text/html": shown}}, {"data": {"text/html": [shown]}}]) == 2


@pytest.mark.parametrize(
    "outputs",
    [
        *(None, 3, [3], [{}], [{"data": 3}], [{"data": {"text/html": 3}}]),
        [{"data": {"text/html": []}}],
        [{"data": {"text/html": [3, "passed!"]}}],
        [{"data": {"text/html": ["<p>q1 passed! 🍀</p>"], "text/plain": ["q1 passed!"]}}],
    ],
)
def test_outputs_that_are_no_passed_check(outputs: Any) -> None:
    assert emojis(outputs) == 0


# A check with another result than the one that was saved; the questions; and how q1 ended.
APART = [(CHECK, (), True, "cold"), (FAILED, (1,), False, "warm")]
WRONG = ROLLS.replace("5", "6")


@pytest.mark.parametrize(("check", "saved", "first", "mode"), APART)
def test_what_is_drawn_after_a_check_with_another_result_is_left_to_a_teacher(
    tmp_path: Path, check: str, saved: tuple[int, ...], first: bool, mode: str
) -> None:
    found = graded(tmp_path, [START, check, WRONG, "b = 1"], mode, saved)
    assert found.status == "needs a teacher"
    assert passed(found) == [first, None, True]
    assert found.questions[1].reason.startswith("The notebook seeds `random`, and draws")
    assert "in cell 3, after a check" in found.questions[1].reason
    assert found.questions[0].reason == found.questions[2].reason == ""


@pytest.mark.parametrize(
    ("cells", "saved"),
    [
        ([START, FAILED, OTHERS], ()),
        ([START, CHECK, OTHERS], (1,)),
        ([START, OTHERS, CHECK, 'b = 2\ngrader.check("q3")'], ()),
        ([START.replace("random.seed(10)", "pass"), CHECK, OTHERS], ()),
        ([START, CHECK, f"# again\nimport random\nrandom.seed(10)\n{OTHERS}"], ()),
        ([START, CHECK, "rolls = random.Random(3).random()"], ()),
        (["import otter\ngrader = otter.Notebook()", CHECK, "import numpy\nrolls = 3"], ()),
        # The emoji is no draw of the cell's.
        ([START, FAILED, 'b = 2\ngrader.check("q3")', "a = 1"], (1, 2)),
    ],
)
def test_numbers_that_no_check_can_have_changed_are_graded(
    cells: list[str], saved: tuple[int, ...], tmp_path: Path
) -> None:
    found = graded(tmp_path, cells, saved=saved)
    assert found.status == "graded"
    assert passed(found) == [CHECK in cells, False, False]


@pytest.mark.parametrize(
    "cell", ['random.random()\ngrader.check("q3")', 'grader.check("q3")\nrandom.random()']
)
def test_a_cell_that_draws_beside_the_emoji(tmp_path: Path, cell: str) -> None:
    found = graded(tmp_path, [START, FAILED, cell], saved=(1, 2))
    assert passed(found) == [False, None, None]


def test_a_cell_that_only_checks_draws_nothing(tmp_path: Path) -> None:
    seeds = "@test_case(points=1)\ndef t(roll):\n    import numpy as np\n    np.random.seed(7)\n"
    tests = {
        "q1": exceptions("q1", f"{seeds}    roll()\n    np.random.rand()\n"),
        "q2": exceptions("q2", f"{seeds}    assert roll() == 5\n"),
        "q3": exceptions("q3", CASE.format("b", "b == 5")),
    }
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    checks = [f'b = 1\ngrader.check("{name}")' for name in tests]
    found = grade(assignment, notebook(tmp_path / "a.ipynb", [NUMPY, *checks]), WARM)
    assert passed(found) == [True, False, False]
    assert found.status == "graded"


def test_otter_seeds_anew_before_each_cell_where_it_is_told_to(tmp_path: Path) -> None:
    assert graded(tmp_path, [START, CHECK, WRONG], seed=3).status == "graded"


@pytest.mark.parametrize(
    "told",
    [
        "random.getstate = None\nrandom.Random.getstate = lambda self: 1 / 0",
        "import sys\nsys.modules['random'] = None",
    ],
)
def test_a_notebook_that_hides_its_generator_gets_no_points(told: str, tmp_path: Path) -> None:
    found = graded(tmp_path, [START, CHECK, told, OTHERS])
    assert passed(found)[1] is not True


def first(drew: Any, sources: dict[int, str], alike: list[bool], module: str = "random") -> int:
    cells = {number: tree(source) for number, source in sources.items()}
    return shifted(module, drew, cells, alike)[0]


@pytest.mark.parametrize(
    ("source", "plain", "numpy"),
    [
        ("import random\nrandom.seed(1)", 5, 0),
        ("import random as rd\nrd.seed(1)", 5, 0),
        ("%matplotlib inline\nimport random\nfiles = !ls\nrandom.setstate(saved)", 5, 0),
        ("from random import seed, randint\nseed(1)", 5, 0),
        ("from random import *\nseed(1)", 5, 0),
        ("import random\ndef begin():\n    random.seed(1)", 5, 0),
        ("import numpy as np\nnp.random.seed(1)", 0, 5),
        ("import numpy\nnumpy.random.seed(1)", 0, 5),
        ("import numpy.random\nnumpy.random.set_state(saved)", 0, 5),
        ("import numpy.random as npr\nnpr.seed(1)", 0, 5),
        ("from numpy import random\nrandom.seed(1)", 0, 5),
        ("from numpy import random as r\nr.seed(1)", 0, 5),
        ("from numpy.random import rand, seed as begin\nbegin(1)", 0, 5),
        ("import numpy as np\nrng = np.random.default_rng(1)\nrng.seed(1)", 0, 0),
        ("import random, numpy as np\nrandom.random.seed(1)\nnp.linalg.random.seed(1)", 0, 0),
        ("import random\n# random.seed(1)", 0, 0),
        ("import random\nrandom.seed(", 0, 0),
    ],
)
def test_calls_that_seed_are_read_in_the_notebook(source: str, plain: int, numpy: int) -> None:
    cells = {2: source, 5: "roll()", 6: "roll()"}
    drew = [[5, 1], [6, 2]]
    assert first(drew, cells, [False, False]) == plain
    assert first(drew, cells, [False, False], "numpy") == numpy


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
    cells = {1: "import random\nrandom.seed(1)", 5: source, 7: "", 8: ""}
    assert first([[5, 1], [7, 1], [8, 2]], cells, [False] * 2) == number


@pytest.mark.parametrize(
    ("body", "after", "passed"),
    [
        # What the test draws, a later cell does not in Jupyter.
        ("import numpy as np\nnp.random.rand()", "b = roll()", None),
        ("import numpy as np\nnp.random.seed(3)", "b = roll()", None),
        ("import numpy as np\nnp.random.seed(3)\nroll()\nnp.random.rand()", "b = roll()", None),
        ("import random\nrandom.random()", "b = roll()", False),
        ("import numpy as np\nnp.random.default_rng(3).random()", "b = roll()", False),
        ("import numpy as np\nnp.random.rand()", "np.random.seed(1)\nb = roll()", False),
        ("import numpy as np\nnp.random.rand()", "b = np.random.default_rng(1).random()", False),
        # The notebook's generator has what the test has seeded.
        ("import numpy as np\nnp.random.seed(3)\nroll()", "b = roll()", False),
    ],
)
def test_a_test_that_draws_from_the_generator_of_later_cells(
    tmp_path: Path, body: str, after: str, passed: bool | None
) -> None:
    inside = "\n    ".join(body.splitlines())
    draws = f"@test_case(points=1)\ndef t(roll):\n    {inside}\n"
    tests = {"q1": exceptions("q1", draws), "q2": exceptions("q2", CASE.format("b", "b == 5"))}
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    cells = [NUMPY, 'grader.check("q1")', after]
    found = grade(assignment, notebook(tmp_path / "a.ipynb", cells), WARM)
    assert [question.cases[0].passed for question in found.questions] == [True, passed]


def test_a_hidden_case_that_failed_before_the_cell_can_turn_on_it(tmp_path: Path) -> None:
    case = CASE.format("a", "a == 1").replace("points=1", "points=1, hidden=True")
    tests = TESTS | {"q1": exceptions("q1", CASE.format("a", "a != 2"), case.replace("t(", "u("))}
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    check = 'a = 3\ngrader.check("q1")'
    found = grade(assignment, notebook(tmp_path / "a.ipynb", [START, check, OTHERS, "b = 1"]), WARM)
    assert [case.passed for case in found.questions[0].cases] == [True, None]


@pytest.mark.parametrize(
    "told",
    [None, 3, [3], [[1]], [["1", 1, "random"]], [[True, 1, "numpy"]], [[1, 2, "os"]], [[1, 1, []]]],
)
def test_what_a_notebook_says_otherwise_counts_for_nothing(told: Any) -> None:
    assert drawings(told) == []
    assert drawings([[1, 2, "numpy"]] * 12_000) == [[1, 2, "numpy"]] * 10_000


def test_a_cell_that_is_not_there_counts_for_nothing() -> None:
    question = Question("q1", 0.0, 1.0)
    found = {"drew": [[9, 1, "random"]], "shown": [["q1", ["random"]]]}
    assert left([question], found, [Cell(1, "import random\nrandom.seed(1)")]) == (question,)


@pytest.mark.parametrize(
    ("drew", "shown", "number"),
    [
        ([[1, 1]], [True], 0),
        ([[1, 1]], [False], 1),
        ([[1, 1]], [], 1),
        ([[1, 2]], [True], 1),
        ([[1, -1]], [False], 0),
        ([[1, 2], [2, 3]], [True, True, False], 2),
        ([[2, 1], [1, 3]], [True, False, True], 1),
    ],
)
def test_which_checks_count(drew: Any, shown: list[bool], number: int) -> None:
    cells = {1: "import random\ndef begin():\n    random.seed(1)", 2: ""}
    assert first(drew, cells, shown) == number
