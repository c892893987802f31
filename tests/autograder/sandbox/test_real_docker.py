"""Notebooks graded in containers of a real Docker."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import session
from autograder.assignment import open_bundle
from autograder.errors import SandboxError
from autograder.grading import grade
from autograder.sandbox.contained import Contained
from autograder.sandbox.limits import Limits
from autograder.settings import Settings
from tests.autograder.assignments import SQUARES
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.held_back.drawn import EXERCISE, folder
from tests.autograder.held_back.test_graded import CELLS
from tests.autograder.held_back.test_graded import TESTS as PHOTO_TESTS
from tests.autograder.sandbox import docked
from tests.autograder.sandbox.docked import REFUSED, ROOT, ended
from tests.autograder.sandbox.real_docker import IMAGE, needed, running

pytestmark = needed
SETTINGS = Settings(sandbox="docker", image=IMAGE)


def begun(place: Path, code: str, limits: Limits | None = None) -> Contained:
    """A container that runs Python code."""
    return docked.begun(place, code, limits, IMAGE)


@pytest.mark.parametrize("name", SQUARES.notebooks)
def test_points_are_those_of_bubblewrap(name: str, tmp_path: Path) -> None:
    assignment = open_bundle(bundle(tmp_path / "bundle", SQUARES.tests), tmp_path)
    path = notebook(tmp_path / "a.ipynb", SQUARES.notebooks[name])
    found = grade(assignment, path, SETTINGS)
    assert found.questions == grade(assignment, path).questions
    assert found.provenance["image number"].startswith("sha256:")
    assert running() == []


def test_photos_are_opened_in_a_container_too(tmp_path: Path) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    path = notebook(tmp_path / "in" / "a.ipynb", CELLS)
    opened = open_bundle(bundle(tmp_path / "bundle", PHOTO_TESTS, exercise=EXERCISE), tmp_path)
    found = grade(opened, path, SETTINGS, beside=path.parent)
    assert (found.status, found.questions[0].score, found.warnings) == ("graded", 3, ())
    assert running() == []


def test_what_it_must_not_do_is_refused(tmp_path: Path) -> None:
    said = ended(begun(tmp_path, REFUSED)).text
    assert said == "65534 /home/student/work 1 ['0', '1', '2', '3', '4']\n"


def test_time_has_a_limit(tmp_path: Path) -> None:
    assert ended(begun(tmp_path, "while True: pass"), seconds=1).ended == "time"
    assert running() == []


@pytest.mark.parametrize(
    "code",
    [
        "kept = bytearray(600 << 20)",
        "open('/dev/shm/x', 'wb').write(b'1' * (1 << 29))",
    ],
    ids=["memory", "files in memory"],
)
def test_memory_has_a_limit(code: str, tmp_path: Path) -> None:
    held = ended(begun(tmp_path, f"{code}\nprint('KEPT', flush=True)", Limits(memory_mb=200)))
    assert "KEPT" not in held.text
    assert running() == []


def test_where_the_kernel_kills_a_program_for_memory_the_reason_is_told(tmp_path: Path) -> None:
    code = """
import os, time
if not os.fork():
    kept = bytearray(600 << 20)
    os.write(1, b"KEPT")
time.sleep(30)
"""
    held = ended(begun(tmp_path, code, Limits(memory_mb=200)))
    assert (held.ended, held.used > 0) == ("memory", True)
    assert "KEPT" not in held.text


def test_processes_have_a_limit(tmp_path: Path) -> None:
    code = """
import os, time
made = 0
try:
    while made < 500:
        if not os.fork():
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError:
    print("refused", made < 60, flush=True)
os._exit(0)
"""
    assert ended(begun(tmp_path, code, Limits(processes=60)), seconds=30).text == "refused True\n"
    assert running() == []


def test_a_case_that_takes_no_signal_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CASE_GRACE", 6.0)
    summed = "@test_case(points=1)\ndef t(numbers):\n    assert sum(numbers) == 3\n"
    tests = {**SQUARES.tests, "q9": exceptions("q9", summed)}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    cells = [*SQUARES.notebooks["right"], "numbers = range(10**18)"]
    path = notebook(tmp_path / "a.ipynb", cells)
    limits = Limits(case_seconds=2)
    found = grade(opened, path, Settings(sandbox="docker", image=IMAGE, limits=limits))
    passed = [case.passed for question in found.questions for case in question.cases]
    assert found.status == "needs a teacher"
    assert (passed.count(False), passed.count(True) > 1) == (1, True)
    assert running() == []


def test_an_image_that_is_not_here_is_not_fetched(tmp_path: Path) -> None:
    assignment = open_bundle(bundle(tmp_path / "bundle", SQUARES.tests), tmp_path)
    missing = Settings(sandbox="docker", image="sha256:" + "1" * 64)
    with pytest.raises(SandboxError, match="only be built on this machine"):
        grade(assignment, notebook(tmp_path / "a.ipynb", []), missing)


HOLD = """
import sys
from pathlib import Path
from tests.autograder.sandbox.test_real_docker import begun
running = begun(Path(sys.argv[1]), "import time; time.sleep(600)")
print(running.name, flush=True)
sys.stdin.read()
"""


def test_a_grader_that_is_killed_takes_its_containers_along(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as grader:
        assert grader.stdout is not None
        name = grader.stdout.readline().strip()
        first = subprocess.run(
            ["docker", "inspect", "--format", "{{.State.Pid}}", name],
            capture_output=True,
            text=True,
            check=True,
        )
        process = os.pidfd_open(int(first.stdout))
        grader.send_signal(signal.SIGKILL)
    assert select.select([process], [], [], 30)[0]
    os.close(process)
