"""The submissions to the course's exercises get their expected points through the sandbox."""

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
CORPUS = ROOT / "tests" / "submissions"
PLANS = {planned.name: planned for planned in plan.listed(ROOT)}
EXPECTED: dict[str, dict[str, Any]] = {
    name: tomllib.loads((CORPUS / name / "expected.toml").read_text(encoding="utf-8"))
    for name in PLANS
}
SUBMISSIONS = [(name, stem) for name in PLANS for stem in EXPECTED[name]]


@pytest.fixture(scope="module")
def assignments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assignment]:
    found = {}
    for name, planned in PLANS.items():
        work = tmp_path_factory.mktemp(name)
        (work / "assign").mkdir()
        _, made = build.assigned(ROOT, planned, "the corpus of submissions", work / "assign")
        archive = work / "bundle.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for path, content in made.bundle.items():
                file.writestr(path, content)
        found[name] = open_bundle(archive, work / "unpacked")
    return found


@pytest.mark.parametrize(("name", "stem"), SUBMISSIONS)
def test_points_through_the_sandbox(
    name: str, stem: str, assignments: dict[str, Assignment]
) -> None:
    found = grade(assignments[name], CORPUS / name / f"{stem}.ipynb")
    lost = EXPECTED[name][stem].get("lost", {})
    expected = {q.name: q.possible - lost.get(q.name, 0) for q in found.questions if not q.manual}
    said = [case.message for q in found.questions for case in q.cases if not case.passed]
    assert found.status == "graded"
    assert {q.name: q.score for q in found.questions if not q.manual} == expected, said
    assert found.possible == sum(question.points for question in PLANS[name].questions)
