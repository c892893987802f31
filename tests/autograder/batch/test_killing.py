"""A batch that is killed goes on where it stopped, and ends with the same scores."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import scores

COUNT = 15
SCRIPT = Path(__file__).with_name("killed.py")


def run(out: Path, moment: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(out), str(COUNT), str(moment)],
        check=False,
        capture_output=True,
        text=True,
    )


def table(out: Path) -> list[dict[str, str]]:
    """The rows of scores.csv without the seconds."""
    return [
        {name: value for name, value in row.items() if name != "seconds"}
        for row in scores.read(out / "scores.csv")
    ]


def results(out: Path) -> set[str]:
    """The names of all files that a batch leaves."""
    return {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file() and p.name != ".lock"}


def test_a_batch_that_is_killed_once_goes_on(tmp_path: Path) -> None:
    steps = int(run(tmp_path / "whole", 0).stdout)
    assert run(tmp_path / "out", steps // 3).returncode == -signal.SIGKILL
    kept = results(tmp_path / "out")
    assert any(name.startswith("cache/") for name in kept)
    assert "scores.csv" not in kept
    assert run(tmp_path / "out", 0).returncode == 0
    assert table(tmp_path / "out") == table(tmp_path / "whole")


@pytest.mark.slow
def test_a_batch_that_is_killed_20_times_gives_the_scores_of_an_undisturbed_one(
    tmp_path: Path,
) -> None:
    whole = run(tmp_path / "whole", 0)
    steps = int(whole.stdout)
    chosen = random.Random(20)
    kills = 0
    while kills < 20:
        # Short runs, so that twenty kills fall into the grading and not only after it.
        moment = chosen.randint(1, max(steps // (21 - kills), 6))
        ended = run(tmp_path / "out", moment)
        kills += ended.returncode == -signal.SIGKILL
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    assert run(tmp_path / "out", 0).returncode == 0
    assert table(tmp_path / "out") == table(tmp_path / "whole")
    assert results(tmp_path / "out") == results(tmp_path / "whole")
