"""Templates are replaced, die and refuse; no submission is lost by that."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import LOST, grade
from autograder.records import Grade
from autograder.rooms import package, trial
from autograder.sandbox import watch
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.session import Session
from autograder.settings import Settings
from autograder.template.run import PING
from autograder.warm import NotWarm, Pool, shared
from autograder.warm.pool import FAILURES
from autograder.warm.template import Kind, Template
from tests.autograder.bundles import notebook
from tests.autograder.warm.probing import EXERCISE, Prober


@pytest.fixture
def prober(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prober]:
    # These templates are started often, and what they have imported does not matter.
    monkeypatch.setattr("autograder.warm.libraries.PLAIN", ())
    shared().close()
    yield Prober(tmp_path)
    shared().close()


def templates() -> list[int]:
    """The processes of the shared pool's templates."""
    return [template.first for template in shared().templates.values()]


def kill(process: int) -> None:
    """Kill a template."""
    os.kill(process, signal.SIGKILL)


def test_the_same_templates_serve_the_next_submission(prober: Prober) -> None:
    assert prober.said("said = 'one'") == "one"
    first = templates()
    assert prober.said("said = 'two'") == "two"
    assert templates() == first


def test_a_template_is_replaced_after_its_time(
    prober: Prober, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared(), "forks", 1)
    prober.said("said = 'one'")
    first = templates()
    assert prober.said("said = 'two'") == "two"
    assert not set(templates()) & set(first)


def test_a_template_that_has_died_is_replaced(prober: Prober) -> None:
    prober.said("said = 'one'")
    for process in templates():
        kill(process)
    assert prober.said("said = 'two'") == "two"


def told(found: Grade) -> str:
    """What the test of a probed notebook said."""
    return found.questions[0].cases[0].detail


def test_a_template_that_dies_in_between_costs_nothing(
    prober: Prober, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Session.watch

    def watched(session: Session, *given: Any) -> Any:
        for template in session.rooms.templates:
            kill(template.first)
        return watch(session, *given)

    monkeypatch.setattr(Session, "watch", watched)
    found = prober.grade("said = 'all of it'")
    assert "all of it" in told(found)
    assert found.provenance["mode"] == "cold"
    assert found.provenance["not warm"] == LOST


def threaded(tmp_path: Path) -> Room:
    """A room with a library that starts a thread when it is imported."""
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n"
    (tmp_path / "threaded.py").write_text(code)
    (tmp_path / "files").mkdir()
    package = Path(__file__).parents[3] / "autograder"
    parts = {f"/grader/autograder/{name}": package / name for name in ("values", "student")}
    parts |= {"/grader/autograder/__init__.py": package / "__init__.py"}
    readable = {**parts, "/grader/threaded.py": tmp_path / "threaded.py"}
    return Room(readable=readable, own={FILES: tmp_path / "files"})


def test_whoever_stops_the_grader_is_obeyed_when_a_template_has_died_too(
    prober: Prober, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        for process in templates():
            kill(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "watch", stopped)
    with pytest.raises(KeyboardInterrupt):
        prober.grade("said = 'one'")


def test_an_interpreter_with_threads_is_not_forked(tmp_path: Path) -> None:
    pool = Pool()
    room = threaded(tmp_path)
    for _ in range(2):
        with pytest.raises(NotWarm, match="2 threads"):
            pool.start("student", room, Limits(), {}, {}, ["threaded"])
    assert not pool.templates
    assert [len(failures) for failures in pool.failures.values()] == [FAILURES]


def test_an_environment_in_a_folder_that_each_fork_has_for_itself_is_seen_there(
    prober: Prober, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = Path(sysconfig.get_path("purelib"))
    monkeypatch.setattr(
        "autograder.session.package", lambda side: {str(packages): packages, **package(side)}
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        environment = Path(name) / "env"
        venv.create(environment, symlinks=True)
        (own,) = environment.glob("lib/python*/site-packages")
        (own / "more.pth").write_text(f"{packages}\n")
        (own / "brought.py").write_text("HERE = 'imported after the fork'\n")
        code = "import brought, os\nsaid = f'{brought.HERE} {sorted(os.listdir(\"/tmp\"))}'"
        (environment.parent / "beside").touch()
        code += f"\nsaid += str(os.listdir({name!r}))"
        said = prober.said(code, python=environment / "bin" / "python")
    assert said.startswith("imported after the fork")
    # And nothing else of what lies there.
    assert said.endswith("['env']")
    assert "pytest-of" not in said


def test_without_bubblewrap_nothing_is_graded_warm_either(
    prober: Prober, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.sandbox.bubblewrap.found", lambda: None)
    with pytest.raises(Exception, match="without a sandbox nothing is graded"):
        prober.grade("said = 1")


def test_without_a_sandbox_there_is_no_warm_room(prober: Prober) -> None:
    path = notebook(prober.folder / "mine.ipynb", ["said = 'mine'"])
    settings = Settings(python=Path(sys.executable), sandbox="none", mode="warm")
    found = grade(prober.assignment, path, settings)
    assert found.provenance["mode"] == "cold"
    assert "mine" in told(found)
    assert not templates()


def test_a_trial_says_whether_warm_rooms_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trial() == ""
    monkeypatch.setattr("autograder.sandbox.bubblewrap.found", lambda: None)
    assert "bubblewrap is not installed" in trial()


def test_an_upload_that_goes_into_no_room_makes_no_other_submission_cold(
    prober: Prober, tmp_path: Path
) -> None:
    exercise = EXERCISE.replace("[files]", "file_mb = 1\n[files]")
    small = Prober(tmp_path / "small", exercise)
    small.said("said = 'before'")
    first = templates()
    (tmp_path / "handed-in").mkdir()
    (tmp_path / "handed-in" / "large.bin").write_bytes(bytes(3 << 20))
    path = notebook(tmp_path / "handed-in" / "answers.ipynb", ["said = 'with it'"])
    found = grade(small.assignment, path, Settings(mode="warm"), beside=path.parent)
    assert "File too large" in found.provenance["not warm"]
    assert small.said("said = 'after'") == "after"
    assert templates() == first


def test_templates_end_with_a_grader_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.autograder.warm.waiting", str(tmp_path)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        handles = [os.pidfd_open(int(number)) for number in grader.stdout.readline().split()]
        grader.kill()
    assert len(handles) == 4
    for handle in handles:
        assert select.select([handle], [], [], 60)[0]
        os.close(handle)


def test_a_template_that_does_not_answer_is_not_asked_again() -> None:
    room = Room(readable=package("student"), own={FILES: Path()})
    template = Template(Kind.of("student", room, Limits(), ()))
    os.kill(watch.descendants(template.first)[1], signal.SIGSTOP)
    with pytest.raises(NotWarm, match="does not answer"):
        template.ask(PING, (), 0.2)
    assert select.select([template.handle], [], [], 60)[0]
    assert not template.works()
    template.stop()
