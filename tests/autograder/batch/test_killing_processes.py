"""`autograder grade` is killed with all its processes, on real notebooks, and goes on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_killing import results, table

from autograder.records import Grade
from tests.autograder.assignments import SQUARES
from tests.autograder.bundles import bundle, notebook

pytestmark = pytest.mark.slow
REAPED = Path(__file__).with_name("reaped.py")
KILLS = 20
# Far more than a run takes: longer lives only what nobody ends.
LONGEST = 400.0
# How whole files of the results end.
ENDS = {".json": "}", ".html": "</html>", ".csv": "\n"}


def handed_in(folder: Path) -> int:
    """Write a class's notebooks, among them a damaged one; says how many can be graded."""
    folder.mkdir()
    for copy in range(2):
        for stem, cells in SQUARES.notebooks.items():
            notebook(folder / f"{stem} {copy}.ipynb", [*cells, f"copy = {copy}"])
    (folder / "damaged.ipynb").write_text("no notebook")
    return 2 * len(SQUARES.notebooks)


def run(folder: Path, out: Path, jobs: int, mode: str, seconds: float = LONGEST) -> str:
    """Grade the class, and kill it after so long; says how it ended once nothing runs any more."""
    command = [sys.executable, "-m", "autograder", "grade", str(folder / "in")]
    command += ["--assignment", str(folder / "bundle"), "--out", str(out)]
    command += ["--jobs", str(jobs), "--mode", mode]
    script = [sys.executable, str(REAPED), f"{seconds:.3f}", *command]
    done = subprocess.run(
        script, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + LONGEST
    )
    return done.stdout.splitlines()[-1]


def whole(out: Path) -> int:
    """Check that every file of the results is whole; says how many grades are kept."""
    for path in out.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            text = path.read_text(encoding="utf-8")
            assert text.endswith(ENDS[path.suffix]), path
            if path.suffix == ".json":
                Grade.from_json(text)
    return len(list((out / "cache").glob("[!.]*.json")))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_batch_killed_20_times_gives_the_scores_of_an_undisturbed_one(
    jobs: int, tmp_path: Path
) -> None:
    bundle(tmp_path / "bundle", SQUARES.tests)
    count = handed_in(tmp_path / "in")
    began = time.monotonic()
    assert run(tmp_path, tmp_path / "whole", jobs, "cold") == "ended with 0"
    # Twenty short runs, so that kills fall into the grading and not only before or after it.
    longest = (time.monotonic() - began) / 3
    chosen = random.Random(jobs)
    kills = inside = 0
    while kills < KILLS:
        out, kept = tmp_path / f"out {kills}", 0
        while kept < count and kills < KILLS:
            mode = chosen.choice(("cold", "warm"))
            ended = run(tmp_path, out, jobs, mode, chosen.uniform(0, longest))
            assert ended in ("killed", "ended with 0")
            kills += ended == "killed"
            now = whole(out)
            assert now >= kept
            inside += ended == "killed" and 0 < now < count
            longest *= 1.25 if now == kept else 0.8 if now > kept + 1 else 1
            kept = now
        assert run(tmp_path, out, jobs, chosen.choice(("cold", "warm"))) == "ended with 0"
        assert whole(out) == count
        assert table(out) == table(tmp_path / "whole")
        assert results(out) == results(tmp_path / "whole")
    assert inside >= 3
