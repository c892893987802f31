"""A notebook in which nothing of the assignment is checked may be another assignment's."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.notebook import Cell, checks_any
from autograder.records import OTHER_FILE, Grade
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook

PUBLIC = "@test_case(points=2)\ndef t(x):\n    assert x == 9\n"
HIDDEN = PUBLIC.replace("points=2", "points=2, hidden=True")


def graded(tmp_path: Path, test: str, *cells: str) -> Grade:
    made = bundle(tmp_path / "bundle", {"q1": exceptions("q1", test)})
    path = notebook(tmp_path / "hw.ipynb", cells)
    return grade(open_bundle(made, tmp_path), path, Settings(sandbox="none"))


@pytest.mark.parametrize(
    ("cells", "score", "warned"),
    [
        (["x = 9", "import otter\ngrader = otter.Notebook()\ngrader.check('q1')"], 2, False),
        (["x = 9"], 2, False),
        (["y = 9"], 0, True),
        ([], 0, True),
    ],
    ids=["checked", "check cells deleted", "another one", "no code cells"],
)
def test_a_notebook_that_checks_nothing_is_warned_of_and_keeps_its_points(
    tmp_path: Path, cells: list[str], score: int, warned: bool
) -> None:
    found = graded(tmp_path, PUBLIC, *cells)
    assert (found.status, found.score) == ("graded", score)
    assert (OTHER_FILE in found.warnings) is warned


def test_where_all_tests_are_hidden_no_check_is_expected(tmp_path: Path) -> None:
    assert graded(tmp_path, HIDDEN, "x = 8").warnings == ()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('grader.check("q1")', True),
        ("%time\ngrader.check( 'q1' )", True),
        ("for name in ['q1', 'q2']:\n    grader.check(name)", True),
        ("grader.check_all()", True),
        ('grader.check("q10")', False),
        ('grader.check("other")', False),
        ('name = "q1"', False),
    ],
)
def test_checks_are_found_in_the_text(source: str, found: bool) -> None:
    assert checks_any([Cell(1, source)], {"q1", "q2"}) is found


def test_checks_of_a_cells_metadata_count() -> None:
    assert checks_any([Cell(1, "x = 9", ("q1",))], {"q1"})
