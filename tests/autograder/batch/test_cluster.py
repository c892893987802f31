"""Workers elsewhere: they need nothing from here, and grade only if they are like this process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from standin import grade, upload

from autograder.batch import Batch, Store, grade_all, workers
from autograder.batch.alike import Unlike, check, unlike
from autograder.batch.bundle import surroundings
from autograder.batch.work import Task, work
from autograder.errors import GraderError
from autograder.intake import Upload
from autograder.records import Grade
from benchmarks import classes, clusters
from benchmarks.workers import graded

ROOT = Path(__file__).parents[3]
CLASS = [upload(f"{number}.ipynb", f"x = {number}") for number in range(3)]
# What each worker finds in a folder, by its address.
LOOK = (
    "import distributed, json, os, sys\n"
    "with distributed.Client(sys.argv[1]) as client:\n"
    "    print(json.dumps(client.run(os.listdir, sys.argv[2])))\n"
)


def run(uploads: list[Upload], out: Path, **more: Any) -> list[Grade]:
    return grade_all(uploads, grade, out, bundle="b", settings="s", quiet=True, **more)


class Client:
    """A cluster that says what it is told to say.

    Args:
        told: what each worker says, or raises.
        scheduler: what the scheduler raises, or None.
    """

    def __init__(self, told: Mapping[str, Any], scheduler: Exception | None = None) -> None:
        self.told, self.scheduler = told, scheduler
        self.asked: list[str] = []

    def run_on_scheduler(self, _: Callable[[], object]) -> None:
        self.asked.append("the scheduler")
        if self.scheduler is not None:
            raise self.scheduler

    def run(self, _: Callable[[], object], on_error: str) -> Mapping[str, Any]:
        assert on_error == "return"
        self.asked.append("the workers")
        return self.told


def asked(client: Client) -> None:
    check(client, dict, {"the grader": "1"}, "tcp://there:1")


def test_workers_that_are_alike_may_work() -> None:
    client = Client({"tcp://a:1": {"the grader": "1"}, "tcp://b:1": {"the grader": "1"}})
    asked(client)
    assert client.asked == ["the scheduler", "the workers"]


@pytest.mark.parametrize(
    ("client", "says"),
    [
        (Client({"tcp://a:1": {"the grader": "1"}, "tcp://b:1": {"the grader": "2"}}), "tcp://b:1"),
        (Client({"tcp://a:1": {}}), "there: nothing"),
        (Client({"tcp://a:1": ModuleNotFoundError("No module named 'autograder'")}), "No module"),
        (Client({}, ModuleNotFoundError("No module named 'autograder'")), "scheduler at tcp://th"),
    ],
)
def test_a_worker_that_differs_is_named_with_what_to_do(client: Client, says: str) -> None:
    with pytest.raises(Unlike, match=says) as caught:
        asked(client)
    assert "environment" in str(caught.value)


def test_the_environment_of_the_notebooks_counts_too() -> None:
    here = surroundings(sys.executable)
    assert not unlike(surroundings(sys.executable), here)
    other = {**here, f"the environment of {sys.executable}": "Python 3.0"}
    assert f"differs in the environment of {sys.executable}" in unlike(other, here)


def process() -> dict[str, str]:
    """What no two processes have in common."""
    return {"the number of the process": str(os.getpid())}


def test_a_worker_that_joins_later_and_differs_ends_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(tasks: Iterator[Task], *_: object) -> Iterator[tuple[Task, str | Unlike]]:
        yield (first := next(tasks)), work(grade, first)
        yield next(tasks), Unlike("A worker differs")

    monkeypatch.setattr("autograder.batch.batch.answers", answers)
    with pytest.raises(Unlike):
        run(CLASS, tmp_path)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert not (tmp_path / "scores.csv").exists()


@pytest.mark.slow
def test_a_worker_of_this_machine_is_asked_before_it_grades(tmp_path: Path) -> None:
    # Nobody asks it when the batch begins, so it is as one that joins later.
    batch = Batch(CLASS, grade, Store(tmp_path), "b", "s", jobs=2, about=process, quiet=True)
    with pytest.raises(Unlike, match="A worker differs in the number of the process"):
        batch.run()


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a scheduler without workers."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


def joined(scheduler: str, own: Path, *, nanny: bool) -> Any:
    """A worker in a folder of its own, once it has joined."""
    own.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "dask", "worker", scheduler, "--no-dashboard"]
    command += ["--nthreads", "1", "--nanny" if nanny else "--no-nanny"]
    return clusters.running(command, own)


def wait_for_workers(scheduler: str) -> None:
    subprocess.run([sys.executable, "-c", clusters.WAIT, scheduler, "1"], check=True)


@pytest.mark.slow
def test_a_worker_with_another_grader_is_refused(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "autograder", other / "autograder")
    with (other / "autograder" / "errors.py").open("a") as file:
        file.write("# Edited.\n")
    shutil.copy(Path(__file__).with_name("standin.py"), other)
    with monkeypatch.context() as environment:
        environment.setenv("PYTHONPATH", str(other))
        with joined(scheduler, tmp_path / "worker", nanny=True):
            wait_for_workers(scheduler)
            with pytest.raises(Unlike, match=r"The worker tcp://.* differs in the grader"):
                run(CLASS, tmp_path / "out", scheduler=scheduler)
    assert not (tmp_path / "out" / "scores.csv").exists()


@pytest.mark.slow
def test_a_worker_without_the_grader_is_refused(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    (empty / "autograder").mkdir(parents=True)
    (empty / "autograder" / "__init__.py").write_text("raise ImportError('not here')\n")
    with monkeypatch.context() as environment:
        environment.setenv("PYTHONPATH", str(empty))
        with joined(scheduler, tmp_path / "worker", nanny=True):
            wait_for_workers(scheduler)
            with pytest.raises(Unlike, match=r"The worker tcp://.* cannot grade"):
                run(CLASS, tmp_path / "out", scheduler=scheduler)


@pytest.mark.slow
def test_a_cluster_that_loses_its_last_worker_is_not_waited_for_for_ever(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "EMPTY", 1.0)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(Path(__file__).parent)]))
    with joined(scheduler, tmp_path / "worker", nanny=False):
        wait_for_workers(scheduler)
        with pytest.raises(GraderError, match="no workers any more"):
            run([*CLASS, upload("bad.ipynb", "die")], tmp_path / "out", scheduler=scheduler)
    # What was graded before is kept.
    assert len(list((tmp_path / "out" / "cache").iterdir())) == len(CLASS)


@pytest.mark.slow
def test_workers_in_namespaces_grade_what_they_cannot_see(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    if reason := clusters.refusal():
        pytest.skip(reason)
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    handed = classes.plain(here / "class", 6)
    alone, _ = graded(handed, here / "alone", None)
    elsewhere.mkdir()
    with (
        clusters.apart(2) as (head, *hosts),
        clusters.cluster(elsewhere / "cluster", hosts, head, hidden=here) as cluster,
    ):
        look = [*head.enter, sys.executable, "-c", LOOK, cluster.address, str(here)]
        seen = json.loads(subprocess.run(look, check=True, capture_output=True).stdout)
        assert sorted(address.split(":")[1] for address in seen) == ["//10.213.0.2", "//10.213.0.3"]
        assert list(seen.values()) == [[], []]
        found, _ = graded(handed, here / "apart", cluster)
    assert found == alone
    assert [float(row["score"]) for row in found] == [handed.points] * 6
