"""On honest notebooks the score is that of `otter run`, question by question."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from tests.autograder.assignments import ALL
from tests.autograder.bundles import bundle, notebook

pytestmark = pytest.mark.slow
NAMES = [(name, stem) for name, small in ALL.items() for stem in small.notebooks]


def by_otter(folder: Path, path: Path, work: Path) -> dict[str, float]:
    """Points by question as `otter run` gives them."""
    work.mkdir()
    archive = shutil.make_archive(str(work / "bundle"), "zip", folder)
    subprocess.run(
        [sys.executable, "-m", "otter", "run", "-a", archive, "-o", work, path],
        check=True,
        capture_output=True,
        cwd=work,
    )
    found = json.loads((work / "results.json").read_text(encoding="utf-8"))
    return {test["name"]: test["score"] for test in found["tests"] if "score" in test}


@pytest.mark.parametrize(("name", "stem"), NAMES)
def test_the_score_is_that_of_otter_run(name: str, stem: str, tmp_path: Path) -> None:
    small = ALL[name]
    folder = bundle(tmp_path / "bundle", small.tests, **small.config)
    path = notebook(tmp_path / "answers.ipynb", small.notebooks[stem])
    ours = grade(open_bundle(folder, tmp_path / "unpacked"), path)
    theirs = by_otter(folder, path, tmp_path / "otter")
    assert ours.status == "graded"
    assert {q.name: q.score for q in ours.questions} == pytest.approx(theirs), ours.warnings
