"""Otter alone grades the bundle of a published exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.exercises import build, grading, normal, plan

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("planned", plan.listed(ROOT), ids=lambda planned: planned.name)
def test_otter_run_accepts_the_bundle(planned: plan.Plan, tmp_path: Path) -> None:
    _, made = build.assigned(ROOT, planned, "the secret of the tests", tmp_path)
    bundle, solution = tmp_path / "bundle.zip", tmp_path / "solution.ipynb"
    normal.write_zip(bundle, made.bundle)
    solution.write_bytes(made.solution)
    graded = grading.run(bundle, solution, planned.limits.seconds)
    assert graded.failure == ""
    assert graded.possible == planned.automatic
    assert graded.scores() == {q.name: q.points for q in planned.questions if not q.manual}
