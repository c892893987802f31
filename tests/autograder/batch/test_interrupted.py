"""Ctrl-C, which the terminal tells all processes of a batch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.autograder.bundles import bundle, exceptions, notebook

pytestmark = pytest.mark.slow
CASE = "@test_case(points=1)\ndef t(a):\n    assert a == 1\n"


def begun(folder: Path, jobs: int, second: str) -> subprocess.Popen[str]:
    """A batch of two notebooks, of which the first is graded."""
    bundle(folder / "bundle", {"q1": exceptions("q1", CASE)})
    (folder / "in").mkdir()
    notebook(folder / "in" / "a.ipynb", ["a = 1"])
    notebook(folder / "in" / "b.ipynb", [second])
    command = [sys.executable, "-m", "autograder", "grade", str(folder / "in"), "--json"]
    command += ["--assignment", str(folder / "bundle"), "--out", str(folder / "out")]
    running = subprocess.Popen(
        [*command, "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while running.poll() is None and not list((folder / "out").glob("cache/[!.]*.json")):
        time.sleep(0.05)
    return running


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_batch_that_is_stopped_says_so_in_a_sentence(tmp_path: Path, jobs: int) -> None:
    running = begun(tmp_path, jobs, "import time\nwhile True:\n    time.sleep(1)")
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=100)
    assert running.returncode == 1
    assert "Stopped. Repeat the command to go on: what is graded already is kept." in said
    assert "Traceback" not in said


def test_a_worker_leaves_the_end_to_the_batch(tmp_path: Path) -> None:
    running = begun(tmp_path, 2, "import time\ntime.sleep(3)\na = 1")
    workers = [
        one
        for one in psutil.Process(running.pid).children()
        if any("spawn_main" in part for part in one.cmdline())
    ]
    assert workers
    for worker in workers:
        worker.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=100)
    assert running.returncode == 0, said
    assert "Traceback" not in said
