"""Submissions as students write them get the points that they deserve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from course.exercises import plan
from tests.submissions import handover
from tests.submissions.grade import EXECUTED, HERE, ROOT, Exercise, note, recorded, state

PLANS = {planned.name: planned for planned in plan.listed(ROOT)}
EXPECTED: dict[str, dict[str, Any]] = {
    name: tomllib.loads((HERE / name / "expected.toml").read_text(encoding="utf-8"))
    for name in PLANS
}
SUBMISSIONS = [(name, stem) for name in PLANS for stem in EXPECTED[name]]


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exercise]:
    """Every exercise with its tests, public and hidden."""
    return {
        name: Exercise(planned, tmp_path_factory.mktemp(name)) for name, planned in PLANS.items()
    }


def points(name: str, stem: str) -> dict[str, float]:
    """What a submission is expected to get, by question."""
    lost = EXPECTED[name][stem].get("lost", {})
    asked = [q for q in PLANS[name].questions if not q.manual]
    assert set(lost) <= {q.name for q in asked}
    return {q.name: q.points - lost.get(q.name, 0) for q in asked}


@pytest.mark.parametrize("name", PLANS)
def test_every_submission_is_expected(name: str) -> None:
    notebooks = {path.stem for path in (HERE / name).glob("*.ipynb")}
    assert notebooks == set(EXPECTED[name])
    assert {path.stem for path in (HERE / name / "handed-over").iterdir()} == notebooks
    assert len(notebooks) >= 7
    assert sum(stem.startswith("right-") for stem in notebooks) >= 2
    assert all(entry["why"] for entry in EXPECTED[name].values())


@pytest.mark.parametrize(("name", "stem"), SUBMISSIONS)
def test_points_from_what_was_handed_over(
    name: str, stem: str, exercises: dict[str, Exercise]
) -> None:
    values = handover.read(recorded(HERE / name / f"{stem}.ipynb"))
    got, said = exercises[name].grade(values)
    assert got == points(name, stem), said


@pytest.mark.parametrize("name", PLANS)
def test_the_blank_submission_is_what_students_get(name: str) -> None:
    blank = (HERE / name / "blank.ipynb").read_bytes()
    again = f"copy it, then: python -m tests.submissions.grade {name}/blank"
    assert blank == (ROOT / "exercises" / name / f"{name}.ipynb").read_bytes(), again


@pytest.mark.parametrize("name", PLANS)
def test_notebooks_were_run_with_this_master(name: str) -> None:
    found = json.loads((HERE / name / EXECUTED).read_text(encoding="utf-8"))
    now = state(PLANS[name])
    again = f"run them: python -m tests.submissions.grade {name}"
    assert found["master"] == now["master"], f"the master has changed since; {again}"
    assert found["notebooks"] == now["notebooks"], f"submissions have changed since; {again}/STEM"


def test_a_changed_master_asks_for_all_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = PLANS["e1-regression-curve"]
    monkeypatch.setattr("tests.submissions.grade.HERE", tmp_path)
    corpus = tmp_path / planned.name
    corpus.mkdir()
    for stem in ("one", "two"):
        (corpus / f"{stem}.ipynb").write_text(stem, encoding="utf-8")
    note(planned, {"one"})
    assert "run all of" in capsys.readouterr().out
    assert not (corpus / EXECUTED).exists()

    note(planned, {"one", "two"})
    complete = (corpus / EXECUTED).read_text(encoding="utf-8")
    (corpus / "two.ipynb").write_text("changed", encoding="utf-8")
    note(planned, {"one"})
    assert (corpus / EXECUTED).read_text(encoding="utf-8") == complete
    note(planned, {"two"})
    assert json.loads((corpus / EXECUTED).read_text(encoding="utf-8")) == state(planned)


def test_a_new_question_to_a_function_is_noticed(exercises: dict[str, Exercise]) -> None:
    name, stem = SUBMISSIONS[0]
    values = handover.read(recorded(HERE / name / f"{stem}.ipynb"))
    function = next(value for value in values.values() if callable(value))
    with pytest.raises(handover.NotAskedError, match="record the submissions again"):
        function([0.123])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "stem"), SUBMISSIONS)
def test_points_of_the_notebook_run_again(name: str, stem: str, tmp_path: Path) -> None:
    # In a process of its own: networks of other tests must not be in this one.
    code = (
        "import json, sys; from pathlib import Path; from course.exercises import plan;"
        "from tests.submissions.grade import HERE, ROOT, Exercise;"
        "name, stem, work = sys.argv[1:]; planned = plan.read(ROOT / 'solutions' / name);"
        "exercise = Exercise(planned, Path(work));"
        "print(json.dumps(exercise.run(HERE / name / f'{stem}.ipynb')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name, stem, str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == points(name, stem)
