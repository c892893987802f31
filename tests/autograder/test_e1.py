"""The submissions of E1 get their expected points through the sandbox."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from course.exercises import build, plan

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "submissions" / "e1-regression-curve"
EXPECTED: dict[str, Any] = tomllib.loads((CORPUS / "expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    work = tmp_path_factory.mktemp("e1")
    planned = plan.read(ROOT / "solutions" / CORPUS.name)
    (work / "assign").mkdir()
    _, made = build.assigned(ROOT, planned, "the corpus of submissions", work / "assign")
    archive = work / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in made.bundle.items():
            file.writestr(name, content)
    return open_bundle(archive, work / "unpacked")


@pytest.mark.parametrize("stem", EXPECTED)
def test_points_through_the_sandbox(stem: str, assignment: Assignment) -> None:
    found = grade(assignment, CORPUS / f"{stem}.ipynb")
    lost = EXPECTED[stem].get("lost", {})
    expected = {q.name: q.possible - lost.get(q.name, 0) for q in found.questions if not q.manual}
    said = [case.message for q in found.questions for case in q.cases if not case.passed]
    assert found.status == "graded"
    assert {q.name: q.score for q in found.questions if not q.manual} == expected, said
    assert found.possible == 25
