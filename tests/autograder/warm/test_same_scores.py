"""A warm room gives what a cold one gives, case by case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment, open_bundle
from autograder.grading import MODES, Settings, grade
from autograder.records import Grade
from autograder.warm import shared
from tests.autograder.assignments import ALL
from tests.autograder.bundles import bundle, notebook
from tests.autograder.test_corpus import CORPUS, assignments  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
SMALL = [(name, stem) for name, small in ALL.items() for stem in small.notebooks]
# Of the course's exercises, submissions that train and one whose cells fail.
TRAINED = [
    ("e1-regression-curve", "right-sequential"),
    ("e1-regression-curve", "linear-model"),
    ("e1-regression-curve", "exception-half-way"),
    ("e2-foxtrot-syndrome", "right-functional"),
    ("e2-foxtrot-syndrome", "wrong-shape"),
]


@pytest.fixture(scope="module", autouse=True)
def own_templates() -> Iterator[None]:
    yield
    shared().close()


def both(assignment: Assignment, path: Path) -> list[Grade]:
    """The grades of a notebook in each mode, checked to be of this mode."""
    grades = [grade(assignment, path, Settings(mode=mode)) for mode in MODES]
    assert [found.provenance["mode"] for found in grades] == list(MODES)
    return grades


@pytest.mark.parametrize(("name", "stem"), SMALL)
def test_small_assignments_end_the_same_way(name: str, stem: str, tmp_path: Path) -> None:
    small = ALL[name]
    folder = bundle(tmp_path / "bundle", small.tests, **small.config)
    path = notebook(tmp_path / "answers.ipynb", small.notebooks[stem])
    cold, warm = both(open_bundle(folder, tmp_path / "unpacked"), path)
    assert warm.questions == cold.questions
    assert warm.warnings == cold.warnings


@pytest.mark.parametrize(("name", "stem"), TRAINED)
def test_submissions_that_train_end_the_same_way(
    name: str,
    stem: str,
    assignments: dict[str, Assignment],  # noqa: F811 - the fixture
) -> None:
    cold, warm = both(assignments[name], CORPUS / name / f"{stem}.ipynb")
    assert [(q.name, q.score) for q in warm.questions] == [
        (q.name, q.score) for q in cold.questions
    ]
    assert [[case.passed for case in q.cases] for q in warm.questions] == [
        [case.passed for case in q.cases] for q in cold.questions
    ]
    assert warm.warnings == cold.warnings
