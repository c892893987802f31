"""On honest notebooks the score is that of `otter run`, question by question."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from autograder.records import Grade
from tests.autograder import assigned
from tests.autograder.assigned import Assigned
from tests.autograder.assignments import ALL
from tests.autograder.bundles import bundle, notebook
from tests.autograder.test_corpus import CORPUS, SUBMISSIONS, assignments  # noqa: F401 - a fixture

NAMES = [(name, stem) for name, small in ALL.items() for stem in small.notebooks]
MASTERS = [(name, stem) for name in assigned.NAMES for stem in assigned.stems(name)]
# Half a minute each and more: of these, one that is right, one that fails, one that is renamed.
LONG = "e3-photo-classifier"
CHOSEN = ("right-numpy", "wrong-shape", "Group 7 photos (final) (1)")
TRAINED = [(name, stem) for name, stem in SUBMISSIONS if name != LONG or stem in CHOSEN]


def by_otter(archive: Path, path: Path, work: Path) -> dict[str, float]:
    """Points by question as `otter run` gives them."""
    work.mkdir()
    subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", archive, "-o", work, path],
        check=True,
        capture_output=True,
        cwd=work,
    )
    found = json.loads((work / "results.json").read_text(encoding="utf-8"))
    return {test["name"]: test["score"] for test in found["tests"] if "score" in test}


def assert_equal(ours: Grade, theirs: dict[str, float]) -> None:
    """Every question has the points that Otter gives it, to the digits that Otter writes."""
    said = [(case.name, case.detail) for q in ours.questions for case in q.cases if not case.passed]
    assert ours.status == "graded", ours.to_json()
    assert {q.name: q.score for q in ours.questions if not q.manual} == pytest.approx(
        theirs, abs=1e-4
    ), (said, ours.warnings)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "stem"), NAMES)
def test_small_assignments(name: str, stem: str, tmp_path: Path) -> None:
    small = ALL[name]
    folder = bundle(tmp_path / "bundle", small.tests, **small.config)
    path = notebook(tmp_path / "answers.ipynb", small.notebooks[stem])
    ours = grade(open_bundle(folder, tmp_path / "unpacked"), path)
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", folder)
    assert_equal(ours, by_otter(Path(archive), path, tmp_path / "otter"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assigned]:
    """What `otter assign` has written so far, by master."""
    return {}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "stem"), MASTERS)
def test_assignments_that_otter_assign_wrote(
    name: str,
    stem: str,
    made: dict[str, Assigned],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if name not in made:
        made[name] = assigned.assign(name, tmp_path_factory.mktemp(name))
    path = made[name].notebooks[stem]
    ours = grade(open_bundle(made[name].bundle, tmp_path / "unpacked"), path)
    theirs = by_otter(made[name].bundle, path, tmp_path / "otter")
    assert_equal(ours, theirs)
    # So that equal means more than that nothing works on both sides.
    if stem == assigned.RIGHT:
        assert ours.score == ours.possible
    else:
        assert ours.score < ours.possible


@pytest.mark.slow
@pytest.mark.parametrize(("name", "stem"), TRAINED)
def test_the_submissions_to_the_exercises(
    name: str,
    stem: str,
    assignments: dict[str, Assignment],  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    # Otter finds nothing in a notebook that was renamed; here it is graded like any other.
    path = tmp_path / f"{name}.ipynb"
    shutil.copyfile(CORPUS / name / f"{stem}.ipynb", path)
    ours = grade(assignments[name], path)
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", assignments[name].folder)
    assert_equal(ours, by_otter(Path(archive), path, tmp_path / "otter"))


def test_there_are_masters_of_many_styles() -> None:
    assert len(assigned.NAMES) >= 10
    assert all(len(assigned.stems(name)) >= 3 for name in assigned.NAMES)
