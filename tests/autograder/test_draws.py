"""Hidden cases draw on from where the public ones have stopped, as they do in `otter run`."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.settings import MODES, Settings
from tests.autograder.bundles import WARM, bundle, exceptions, notebook

SEED = 42
OWN = Random(SEED)
DRAWN = [OWN.random() for _ in range(4)]
ROLLED = np.random.RandomState(SEED).rand(4).tolist()
START = """
import random, otter
import numpy as np
grader = otter.Notebook()
def throw():
    return random.random()
def roll():
    return np.random.rand()
def same(value):
    return value
"""
CHECK = "grader.check('q')"


def case(body: str, hidden: bool = False) -> str:
    name = "hidden" if hidden else "public"
    inside = "\n    ".join(body.splitlines())
    return (
        f"@test_case(points=1, hidden={hidden})\ndef test_{name}(throw, roll, same):\n    {inside}"
    )


def graded(
    folder: Path, cells: list[str], *cases: str, mode: str = "cold", **config: Any
) -> list[bool | None]:
    # The cases of another question draw in between.
    other = exceptions("r", case("import random\nrandom.random()"))
    tests = {"q": exceptions("q", *cases), "r": other}
    opened = open_bundle(bundle(folder / "bundle", tests, **config), folder)
    found = grade(opened, notebook(folder / "a.ipynb", cells), Settings(mode=mode))
    return [one.passed for one in found.questions[0].cases]


@pytest.mark.parametrize("mode", MODES)
def test_with_the_seed_of_otter(tmp_path: Path, mode: str) -> None:
    cases = [
        case(f"assert [throw(), roll()] == {[DRAWN[0], ROLLED[0]]}"),
        case(f"assert [throw(), roll(), throw()] == {[DRAWN[1], ROLLED[1], DRAWN[2]]}", True),
    ]
    cells = [START, CHECK, "later = throw(), roll()"]
    assert graded(tmp_path, cells, *cases, mode=mode, seed=SEED) == [True, True]


def test_a_cell_that_draws_before_its_check(tmp_path: Path) -> None:
    cases = [case(f"assert throw() == {DRAWN[1]}"), case(f"assert throw() == {DRAWN[2]}", True)]
    assert graded(tmp_path, [START, f"throw()\n{CHECK}"], *cases, seed=SEED) == [True, True]


def test_a_seed_of_the_notebook(tmp_path: Path) -> None:
    cells = [START, f"random.seed({SEED})\nnp.random.seed({SEED})", CHECK, "throw(), roll()"]
    cases = [case("throw(), roll()"), case(f"assert roll() == {ROLLED[1]}\nthrow()", True)]
    cases.append(case(f"assert throw() == {DRAWN[2]}", True).replace("test_hidden", "test_last"))
    assert graded(tmp_path, cells, *cases) == [True, True, True]


def test_a_seed_of_a_public_case(tmp_path: Path) -> None:
    seeds = f"import random\nrandom.seed({SEED})\nmine = random.random()"
    draws = "import random\nassert random.random() == {}"
    cases = [case(seeds), case(draws.format(DRAWN[1]), True)]
    assert graded(tmp_path, [START, CHECK], *cases) == [True, True]


def test_a_public_case_that_seeds_and_calls_nothing(tmp_path: Path) -> None:
    seeds = f"import random\nrandom.seed({SEED})"
    cases = [case(seeds), case(f"assert throw() == {DRAWN[0]}", True)]
    assert graded(tmp_path, [START, CHECK], *cases, seed=7) == [True, True]


def test_a_check_after_the_last_cell_has_the_numbers_of_that_cell(tmp_path: Path) -> None:
    cases = [case(f"assert throw() == {DRAWN[1]}"), case(f"assert throw() == {DRAWN[2]}", True)]
    assert graded(tmp_path, [START, "throw()"], *cases, seed=SEED) == [True, True]


def test_a_check_that_stands_in_the_metadata_of_a_cell(tmp_path: Path) -> None:
    tests = {"q": exceptions("q", case(f"assert throw() == {DRAWN[0]}"))}
    opened = open_bundle(bundle(tmp_path / "bundle", tests, seed=SEED), tmp_path)
    path = notebook(tmp_path / "a.ipynb", [START, "throw()"])
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][1]["metadata"] = {"otter": {"tests": ["q"]}}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert grade(opened, path, WARM).score == 1


@pytest.mark.parametrize(
    ("before", "body", "passed"),
    [
        # What the test draws are the cell's next numbers in `otter run`.
        ("throw()", f"import random\nassert random.random() == {DRAWN[1]}", None),
        ("pass", f"import random\nassert random.random() == {DRAWN[1]}", False),
        ("throw()", f"assert throw() == {DRAWN[0]}", False),
        ("throw()", "assert same(1) == 2", False),
    ],
)
def test_a_test_that_draws_after_the_cell(
    tmp_path: Path, before: str, body: str, passed: bool | None
) -> None:
    assert graded(tmp_path, [START, f"{before}\n{CHECK}"], case(body), seed=SEED) == [passed]


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [
        (f"assert throw() == {DRAWN[0]}", f"assert throw() == {DRAWN[1]}", [None, None]),
        ("assert same(1) == 2", "assert same(1) == 2", [False, False]),
    ],
)
def test_a_hidden_case_above_a_public_one(
    tmp_path: Path, first: str, second: str, passed: list[bool | None]
) -> None:
    cells = [START, f"random.seed({SEED})\n{CHECK}"]
    assert graded(tmp_path, cells, case(first, True), case(second)) == passed


@pytest.mark.parametrize("said", ["random.getstate = None", "random.setstate = print"])
def test_a_notebook_that_hides_its_generator(tmp_path: Path, said: str) -> None:
    cases = [case("throw()"), case(f"assert throw() == {DRAWN[3]}", True)]
    cells = [START, f"random.seed({SEED})", CHECK, said]
    assert graded(tmp_path, cells, *cases, seed=SEED)[1] is not True
