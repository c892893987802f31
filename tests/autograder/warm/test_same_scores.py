"""A warm room gives what a cold one gives, case by case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from autograder.records import Grade
from autograder.settings import MODES, Settings
from autograder.warm import shared
from tests.autograder.assignments import ALL
from tests.autograder.bundles import bundle, notebook
from tests.autograder.test_corpus import CORPUS, assignments  # noqa: F401 - a fixture
from tests.autograder.warm.probing import EXERCISE, Prober

pytestmark = pytest.mark.slow
SMALL = [(name, stem) for name, small in ALL.items() for stem in small.notebooks]
# Of the course's exercises, submissions that train and one whose cells fail.
TRAINED = [
    ("e1-regression-curve", "right-sequential"),
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


def points(found: Grade) -> list[tuple[str, float, list[bool | None]]]:
    """Each question's points, and how its cases ended."""
    return [(q.name, q.score, [case.passed for case in q.cases]) for q in found.questions]


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
    assert points(warm) == points(cold)
    assert warm.warnings == cold.warnings


WEIGHTS = """
import keras
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
said = repr(model.get_weights()[0].ravel().tolist())
"""


@pytest.fixture
def roomy(tmp_path: Path) -> Prober:
    """Rooms with memory for a network."""
    return Prober(tmp_path, EXERCISE.replace("memory_mb = 500", "memory_mb = 3000"))


def test_networks_that_nobody_seeded_begin_with_different_weights(roomy: Prober) -> None:
    assert roomy.said(WEIGHTS) != roomy.said(WEIGHTS)


def test_networks_that_were_seeded_begin_with_the_weights_of_a_cold_room(roomy: Prober) -> None:
    cells = ["import keras\nkeras.utils.set_random_seed(3)", WEIGHTS]
    assert roomy.said(*cells) == roomy.said(*cells, mode="cold")
