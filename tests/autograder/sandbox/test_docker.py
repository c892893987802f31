"""Notebooks graded in containers of a stand-in for Docker."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder import grading, session
from autograder.assignment import Assignment, open_bundle
from autograder.batch.bundle import read_bundle
from autograder.commands.grade import command
from autograder.container import first
from autograder.environment import of_assignment
from autograder.errors import SandboxError
from autograder.grading import grade
from autograder.reports.pages import unconfined
from autograder.rooms import readable
from autograder.sandbox import contained, docker
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.contained import laid_out
from autograder.sandbox.limits import Limits
from autograder.settings import Settings
from tests.autograder.assignments import SQUARES
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.held_back.drawn import EXERCISE, folder
from tests.autograder.held_back.test_graded import CELLS
from tests.autograder.held_back.test_graded import TESTS as PHOTO_TESTS
from tests.autograder.sandbox.docked import (
    IMAGE,
    REFUSED,
    ROOT,
    Docker,
    begun,
    ended,
    installed,
)

SETTINGS = Settings(sandbox="docker", image=IMAGE)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    return installed(tmp_path, monkeypatch)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return open_bundle(bundle(tmp_path / "bundle", SQUARES.tests), tmp_path)


def test_a_notebook_gets_its_points(fake: Docker, assignment: Assignment, tmp_path: Path) -> None:
    path = notebook(tmp_path / "a.ipynb", SQUARES.notebooks["right"])
    found = grade(assignment, path, SETTINGS)
    assert (found.status, found.score, found.warnings) == ("graded", 6, ())
    made = found.provenance
    assert (made["sandbox"], made["mode"], made["image"]) == ("docker", "cold", IMAGE)
    assert made["image number"] == "sha256:" + "ab" * 32
    assert "otter-grader" in made["grader"]
    assert not unconfined(found)
    # Its packages were asked of the image, the notebook and the tests ran.
    assert len(fake.calls("run")) == 3
    assert fake.running() == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SQUARES.notebooks)
def test_points_are_those_of_bubblewrap(
    name: str, fake: Docker, assignment: Assignment, tmp_path: Path
) -> None:
    path = notebook(tmp_path / "a.ipynb", SQUARES.notebooks[name])
    assert grade(assignment, path, SETTINGS).questions == grade(assignment, path).questions


@pytest.mark.slow
def test_photos_are_opened_in_a_container_too(fake: Docker, tmp_path: Path) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    path = notebook(tmp_path / "in" / "a.ipynb", CELLS)
    opened = open_bundle(bundle(tmp_path / "bundle", PHOTO_TESTS, exercise=EXERCISE), tmp_path)
    found = grade(opened, path, SETTINGS, beside=path.parent)
    assert (found.status, found.questions[0].score, found.warnings) == ("graded", 3, ())
    assert [targets(call) & {"/photos", "/submission", "/tests"} for call in fake.calls("run")] == [
        set(),
        {"/photos"},
        {"/tests"},
        {"/submission"},
    ]
    assert fake.running() == []


def targets(call: list[str]) -> set[str]:
    """What a container is shown, by its paths there."""
    mounts = [call[place + 1] for place, word in enumerate(call) if word == "--mount"]
    return {mount.split("target=")[1].split(",")[0] for mount in mounts}


@pytest.mark.attacks
def test_a_notebook_that_hangs_is_killed_by_the_name_of_its_container(
    fake: Docker, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "GRACE", 0)
    monkeypatch.setattr(session, "START", 2)
    hang = (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
        "while True: pass"
    )
    cells = ["def square(x):\n    return x * x", hang]
    limits = Limits(seconds=0.5, case_seconds=0.5)
    path = notebook(tmp_path / "a.ipynb", cells)
    found = grade(assignment, path, Settings(sandbox="docker", image=IMAGE, limits=limits))
    assert "The notebook was ended: it used up its time." in found.warnings
    student = fake.calls("run")[-1]
    assert ["kill", student[student.index("--name") + 1]] in fake.calls("kill")
    assert fake.running() == []


@pytest.mark.attacks
def test_a_case_that_takes_no_signal_is_ended_by_its_container(
    fake: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CASE_GRACE", 4.0)
    summed = "@test_case(points=1)\ndef t(numbers):\n    assert sum(numbers) == 3\n"
    tests = {**SQUARES.tests, "q9": exceptions("q9", summed)}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    cells = [*SQUARES.notebooks["right"], "numbers = range(10**18)"]
    path = notebook(tmp_path / "a.ipynb", cells)
    limits = Limits(case_seconds=1)
    found = grade(opened, path, Settings(sandbox="docker", image=IMAGE, limits=limits))
    passed = [case.passed for question in found.questions for case in question.cases]
    assert found.status == "needs a teacher"
    assert passed.count(False) == 1
    assert passed.count(True) > 1
    assert fake.running() == []


def test_what_is_printed_is_kept_in_part(fake: Docker, tmp_path: Path) -> None:
    code = "import os\nfor _ in range(100): os.write(1, b'x' * 100_000)"
    running = ended(begun(tmp_path, code, Limits(output_kb=10)))
    assert running.text == "x" * (10 << 10)


def test_time_has_a_limit(fake: Docker, tmp_path: Path) -> None:
    running = ended(begun(tmp_path, "while True: pass"), seconds=0.5)
    assert running.ended == "time"
    assert ["kill", running.name] in fake.calls("kill")
    assert fake.running() == []


def test_where_the_kernel_kills_for_memory_the_container_is_ended(
    fake: Docker, tmp_path: Path
) -> None:
    use = fake.state / "cgroup"
    use.mkdir()
    (use / "memory.stat").write_text("anon 52428800\nfile 9\nshmem 10485760\n")
    (use / "memory.events").write_text("oom 3\noom_kill 1\n")
    running = ended(begun(tmp_path, "import time; time.sleep(60)"))
    assert (running.ended, running.text) == ("memory", "")
    assert running.used == 62_914_560
    assert fake.running() == []


def test_version_1_of_cgroups_tells_as_much(tmp_path: Path) -> None:
    place = tmp_path / "memory"
    place.mkdir()
    (place / "memory.stat").write_text("cache 3\nrss 52428800\nshmem 10485760\n")
    (place / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    assert first.use(tmp_path) == (62_914_560, 2)


def test_use_is_not_known_without_cgroups(tmp_path: Path) -> None:
    assert first.use(tmp_path) == (0, 0)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of calls of x86-64")
def test_what_it_must_not_do_is_refused(fake: Docker, tmp_path: Path) -> None:
    said = ended(begun(tmp_path, REFUSED)).text
    assert said == "65534 /home/student/work 1 ['0', '1', '2', '3', '4']\n"


def test_a_container_that_does_not_start_is_reported_with_dockers_words(
    fake: Docker, assignment: Assignment, tmp_path: Path
) -> None:
    (fake.state / "images").write_text("")
    with pytest.raises(SandboxError, match="No such image: registry"):
        begun(tmp_path, "")
    (fake.state / "images").write_text(f"{IMAGE}\n")
    (fake.state / "no-python").touch()
    with pytest.raises(SandboxError, match='exec: "python": executable file not found'):
        grade(assignment, notebook(tmp_path / "a.ipynb", []), SETTINGS)
    assert fake.running() == []


def test_a_container_that_says_nothing_is_given_up(
    fake: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contained, "START", 0)
    with pytest.raises(SandboxError, match="did not start a container in 0 seconds"):
        begun(tmp_path, "")


def test_an_image_that_is_not_here_is_named_with_the_command_that_fetches_it(fake: Docker) -> None:
    (fake.state / "images").write_text("")
    with pytest.raises(SandboxError, match=f"Run: docker pull {IMAGE}$"):
        docker.identified(IMAGE)
    with pytest.raises(SandboxError, match="only be built on this machine"):
        docker.identified("sha256:" + "1" * 64)


def test_a_service_that_does_not_answer_is_named(fake: Docker) -> None:
    (fake.state / "silent").touch()
    with pytest.raises(SandboxError, match=r"Cannot connect to the Docker daemon(.|\n)*Start its"):
        docker.identified(IMAGE)


def test_an_image_without_what_runs_the_tests_is_refused_before_anything_runs(
    fake: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.environment.TESTS_NEED", ("numpy", "no-such-package"))
    with pytest.raises(SandboxError, match="has no no-such-package: the tests run") as refused:
        of_assignment(Path(sys.executable), IMAGE)
    assert "Make an image that has it" in str(refused.value)


def test_without_docker_the_install_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    docker.identified.cache_clear()
    with pytest.raises(SandboxError, match="apt-get install docker"):
        docker.identified(IMAGE)
    with pytest.raises(SandboxError, match="apt-get install docker"):
        begun(tmp_path, "")


def test_ctrl_c_leaves_no_container(
    fake: Docker, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def interrupted(*_: Any) -> None:
        seen.extend(fake.running())
        raise KeyboardInterrupt

    monkeypatch.setattr(session.Session, "watch", interrupted)
    hang = notebook(tmp_path / "a.ipynb", ["while True: pass"])
    with pytest.raises(KeyboardInterrupt):
        grading.grade(assignment, hang, SETTINGS)
    assert len(seen) == 2
    assert fake.running() == []


HOLD = """
import sys
from pathlib import Path
from tests.autograder.sandbox.test_docker import begun
running = begun(Path(sys.argv[1]), "import time; time.sleep(600)")
print(running.name, flush=True)
sys.stdin.read()
"""


def test_a_grader_that_is_killed_takes_its_containers_along(fake: Docker, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as grader:
        assert grader.stdout is not None
        name = grader.stdout.readline().strip()
        process = os.pidfd_open(int((fake.state / "running" / name).read_text()))
        grader.send_signal(signal.SIGKILL)
    assert select.select([process], [], [], 30)[0]
    os.close(process)


def test_rooms_take_the_place_of_paths_that_not_everybody_may_read(
    fake: Docker, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir(mode=0o700)
    (secret / "q1.py").touch(mode=0o600)
    root = tmp_path / "root"
    root.mkdir()
    shown = laid_out(Room(own={"/tests": secret}), root)
    readable(root)
    assert shown.readable["/tests"].stat().st_mode & 0o777 == 0o755
    assert (shown.readable["/tests"] / "q1.py").stat().st_mode & 0o777 == 0o644
    assert (secret / "q1.py").stat().st_mode & 0o777 == 0o600


def test_another_image_grades_anew(fake: Docker, tmp_path: Path) -> None:
    other = "registry.example/course@sha256:" + "1" * 64
    (fake.state / "images").write_text(f"{IMAGE}\n{other}\n")
    made = bundle(tmp_path / "bundle", SQUARES.tests)
    digests = {
        read_bundle(made, Path(sys.executable), "docker", image=image).settings_digest()
        for image in (IMAGE, other)
    }
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sandbox", "docker"], "needs an image"),
        (["--image", IMAGE], "for --sandbox docker"),
        (["--sandbox", "docker", "--image", IMAGE, "--python", sys.executable], "Leave --python"),
        (["--sandbox", "docker", "--image", "python:3.12"], "is not pinned"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    fake: Docker, options: list[str], said: str, tmp_path: Path
) -> None:
    made = bundle(tmp_path / "bundle", SQUARES.tests)
    path = notebook(tmp_path / "a.ipynb", [])
    asked = [str(path), "--assignment", str(made), "--out", str(tmp_path / "out"), *options]
    error = CliRunner().invoke(command, asked).exception
    assert isinstance(error, SandboxError)
    assert said in str(error)
    assert fake.calls("run") == []


@pytest.mark.slow
def test_a_class_is_graded_by_the_command(fake: Docker, tmp_path: Path) -> None:
    made, out = bundle(tmp_path / "bundle", SQUARES.tests), tmp_path / "out"
    path = notebook(tmp_path / "a.ipynb", SQUARES.notebooks["half"])
    asked = [str(path), "--assignment", str(made), "--out", str(out)]
    done = CliRunner().invoke(command, [*asked, "--sandbox", "docker", "--image", IMAGE])
    assert done.exit_code == 0, done.output
    assert "WITHOUT" not in done.output
    (page,) = (out / "reports").glob("*.html")
    assert "without a sandbox" not in page.read_text()
    assert IMAGE in next((out / "teacher").glob("*.html")).read_text()
