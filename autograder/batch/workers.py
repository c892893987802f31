"""Who does the work: this process, Dask workers of this machine, or any Dask cluster."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.batch.work import GradeFunction, Task, work
from autograder.errors import GraderError

Answer = str | BaseException
# Tasks a worker has beside the one it does, so that it never waits and memory stays flat.
AHEAD = 1


def answers(
    tasks: Iterable[Task], grade: GradeFunction, jobs: int, scheduler: str = ""
) -> Iterator[tuple[Task, Answer]]:
    """Do all tasks, in whatever order they end.

    Args:
        tasks: read one by one, as workers become free.
        grade: grades a notebook; with workers it must be picklable.
        jobs: of this machine, each a process; 1 works in this process, without Dask.
        scheduler: address of a Dask scheduler, or "" for this machine.

    Yields:
        Each task with its grade as JSON, or with what ended its worker.

    Raises:
        GraderError: Dask is missing, or the scheduler cannot be reached or was lost.
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
    with _client(jobs, scheduler) as client:
        yield from _by_dask(client, iter(tasks), grade)


def _by_dask(
    client: Any, tasks: Iterator[Task], grade: GradeFunction
) -> Iterator[tuple[Task, Answer]]:
    distributed = importlib.import_module("distributed")
    running: dict[Any, Task] = {}
    completed = distributed.as_completed()
    # Holds the assignment: sent once to each worker, not with each task. As the answer of a task
    # it is made again where a worker that had it is lost.
    sent = client.submit(_kept, grade, pure=False)

    def submit() -> None:
        task = next(tasks, None)
        if task is not None:
            # Named by nothing but chance: Dask must not remember an answer of another batch.
            future = client.submit(work, sent, task, pure=False)
            running[future] = task
            completed.add(future)

    try:
        room = sum(client.nthreads().values()) * (1 + AHEAD)
        for _ in range(max(room, 1)):
            submit()
        while running:
            future = next(completed)
            task = running.pop(future)
            yield task, future.exception() or future.result()
            del future
            submit()
    except (OSError, distributed.CancelledError, TimeoutError) as error:
        raise GraderError(
            f"The connection to the Dask scheduler was lost ({error}). Repeat the command: "
            "what is graded already is kept."
        ) from error


def _kept(grade: GradeFunction) -> GradeFunction:
    return grade


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
    # A worker's own memory says nothing of the notebooks, whose limits the sandbox holds.
    with (
        distributed.LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            memory_limit=None,
            dashboard_address=None,
            silence_logs="ERROR",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client
