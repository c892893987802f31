"""Who does the work: this process, Dask workers of this machine, or any Dask cluster."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.batch.alike import About, Facts, Unlike, check, unlike
from autograder.batch.work import GradeFunction, Task, work
from autograder.errors import GraderError
from autograder.sandbox import cgroups

Answer = str | BaseException
# Tasks a worker has beside the one it does, so that it never waits and memory stays flat.
AHEAD = 1
# Jobs that share a process of this machine, and in it the interpreters that wait. More would wait
# for each other: about a fifth of what a small notebook costs is done in this process.
SHARING = 4
# Seconds that a cluster may be without workers until it is given up: others', and our own.
EMPTY, OWN_EMPTY = 60.0, 15.0


def answers(
    tasks: Iterable[Task], grade: GradeFunction, about: About, jobs: int, scheduler: str = ""
) -> Iterator[tuple[Task, Answer]]:
    """Do all tasks, in whatever order they end.

    Args:
        tasks: read one by one, as workers become free.
        grade: grades a notebook; with workers it must be picklable.
        about: what has to be the same here and where it is graded; picklable too.
        jobs: on this machine; 1 works in this process, without Dask.
        scheduler: address of a Dask scheduler, or "" for this machine.

    Yields:
        Each task with its grade as JSON, or with what ended its worker.

    Raises:
        GraderError: Dask is missing, a worker is not like this process, or the scheduler cannot be
            reached or was lost.
    """
    if jobs < 1:
        raise GraderError(f"--jobs {jobs}: at least one job is needed.")
    if jobs == 1 and not scheduler:
        for task in tasks:
            try:
                answer: Answer = work(grade, task)
            except GraderError as error:
                answer = error
            yield task, answer
        return
    if not scheduler:
        cgroups.shared().enter()
    order = Order(grade, about, about())
    waiting, suspects = iter(tasks), list[Task]()
    patience = EMPTY if scheduler else OWN_EMPTY
    while True:
        try:
            with _client(jobs, scheduler) as client:
                if scheduler:
                    check(client, about, order.here, scheduler)
                yield from _by_dask(client, waiting, order, patience, suspects)
            break
        except Abandoned:
            # Dask does not replace a worker that dies while it starts; ours, we can.
            if scheduler:
                raise
    # Whatever a worker had to do when it died can have ended it: each is tried alone.
    for task in suspects:
        blamed = list[Task]()
        with contextlib.suppress(Abandoned), _client(1, scheduler) as client:
            yield from _by_dask(client, iter([task]), order, patience, blamed)
        yield from ((task, Died("with this submission alone, too")) for task in blamed)


class Abandoned(GraderError):
    """Nobody is left to do the work."""


class Died(Exception):
    """A worker's process ended; says what it had to do."""


@dataclass(frozen=True)
class Order:
    """What a worker needs beside the submission: sent once to each, not with each task.

    Attributes:
        grade, about: see `answers`.
        here: what `about` says where the batch runs.
    """

    grade: GradeFunction
    about: About
    here: Facts


def _ordered(order: Order) -> Order:
    return order


def _work(order: Order, task: Task) -> str:
    """`work`, on a worker that may have joined later than the others."""
    differing = unlike(order.about(), order.here)
    if differing:
        raise Unlike(f"A worker {differing}")
    return work(order.grade, task)


def _by_dask(
    client: Any, tasks: Iterator[Task], order: Order, patience: float, suspects: list[Task]
) -> Iterator[tuple[Task, Answer]]:
    """Do the tasks; those whose worker died go to the suspects.

    Raises:
        Abandoned, GraderError: see `_done` and `answers`.
    """
    distributed = importlib.import_module("distributed")
    running: dict[Any, Task] = {}
    # As the answer of a task it is made again where a worker that had it is lost.
    sent = client.submit(_ordered, order, pure=False)

    def submit() -> None:
        task = next(tasks, None)
        if task is not None:
            # Named by nothing but chance: Dask must not remember an answer of another batch.
            running[client.submit(_work, sent, task, pure=False)] = task

    try:
        room = sum(client.nthreads().values()) * (1 + AHEAD)
        for _ in range(max(room, 1)):
            submit()
        while running:
            for future in _done(client, list(running), patience):
                task = running.pop(future)
                error = future.exception()
                if isinstance(error, distributed.KilledWorker):
                    suspects.append(task)
                else:
                    yield task, error or future.result()
                submit()
    except Abandoned:
        suspects += running.values()
        raise
    except (OSError, distributed.CancelledError, TimeoutError) as error:
        raise GraderError(
            f"The connection to the Dask scheduler was lost ({error}). Repeat the command: "
            "what is graded already is kept."
        ) from error


def _done(client: Any, futures: list[Any], patience: float) -> list[Any]:
    """Those of the futures that have ended, as soon as there are some.

    Args:
        client: of `distributed`.
        futures: at least one.
        patience: seconds that there may be no worker.

    Raises:
        Abandoned: there has been none for so long.
    """
    distributed = importlib.import_module("distributed")
    while True:
        had = bool(client.nthreads())
        with contextlib.suppress(TimeoutError):
            return list(distributed.wait(futures, patience, "FIRST_COMPLETED").done)
        if not had and not client.nthreads():
            raise Abandoned(
                "The scheduler has no workers any more. Start some and repeat the command: what is "
                "graded already is kept."
            )


@contextlib.contextmanager
def _client(jobs: int, scheduler: str) -> Iterator[Any]:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise GraderError(
            "Dask is not installed, and --jobs above 1 and --scheduler need it. "
            "Run: pip install 'cnn-course[grader]'"
        ) from None
    if scheduler:
        try:
            client = distributed.Client(scheduler, timeout="15s")
        except (OSError, ValueError, TimeoutError) as error:
            raise GraderError(
                f"No Dask scheduler answers at {scheduler} ({error}). Check the address."
            ) from error
        try:
            if not client.nthreads():
                raise GraderError(
                    f"The scheduler at {scheduler} has no workers. Start some with `dask worker`."
                )
            yield client
        finally:
            client.close()
        return
    # Never more or fewer jobs than were asked for.
    sharing = max(count for count in range(1, SHARING + 1) if jobs % count == 0)
    dask = importlib.import_module("dask")
    # A worker's own memory says nothing of the notebooks, whose limits the sandbox holds. It is a
    # process of its own, even a single one: what ends it must not end the batch.
    with (
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 0,
                "distributed.worker.preload": ["autograder.batch.undisturbed"],
            }
        ),
        distributed.LocalCluster(
            n_workers=jobs // sharing,
            threads_per_worker=sharing,
            processes=True,
            memory_limit=None,
            # Any free port, for nobody outside: two batches would want the usual one.
            dashboard_address="127.0.0.1:0",
            silence_logs="ERROR",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client
