"""Runs stale chapters in the order of what they need from each other, and writes their outputs."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from course import chapters, profiles
from course.chapters import Chapter
from course.errors import ChapterError
from course.execution import clean, kernel, keys, machine, outputs, status
from course.runs import carry, store

BUILD = "_build"
# TensorFlow holds on to a GPU that it has seen, so another process looks for one.
LOOK = "import tensorflow; from course.execution import machine; print(machine.accelerators())"


@dataclass(frozen=True)
class Plan:
    """A chapter to run, and why.

    Attributes:
        chapter: the chapter.
        reasons: why it is run; none when the user asked for it although it is fresh.
    """

    chapter: Chapter
    reasons: tuple[str, ...]


def ordered(book: list[Chapter]) -> list[Chapter]:
    """The chapters in an order in which each comes after those whose runs it takes.

    Raises:
        ChapterError: a run is made nowhere or in two chapters, or chapters need each other.
    """
    maker: dict[str, Chapter] = {}
    for chapter in book:
        for name in dict.fromkeys(chapter.trains):
            if name in maker:
                raise ChapterError(
                    f"{chapter.name} and {maker[name].name} both train {name!r}; rename one."
                )
            maker[name] = chapter
    done: list[Chapter] = []
    open_: list[str] = []

    def visit(chapter: Chapter) -> None:
        if chapter in done:
            return
        if chapter.name in open_:
            circle = " → ".join([*open_[open_.index(chapter.name) :], chapter.name])
            raise ChapterError(f"These chapters need each other's runs: {circle}.")
        open_.append(chapter.name)
        for name in chapter.loads:
            if name not in maker:
                raise ChapterError(f"{chapter.name} loads the run {name!r}, which none trains.")
            if maker[name] is not chapter:
                visit(maker[name])
        open_.pop()
        done.append(chapter)

    for chapter in book:
        visit(chapter)
    return done


def missing_runs(chapter: Chapter, around: keys.Surroundings) -> list[str]:
    """The runs that a chapter takes from others and that this machine has not as the outputs say.

    They may never have been trained here, or later than the outputs of the chapter that trains
    them, as after an execution that was interrupted.
    """
    return [
        name
        for name in dict.fromkeys(chapter.loads)
        if name not in chapter.trains
        and store.digest_of(name, around.profile) != around.trained.get(name, "")
    ]


def plans(root: Path, names: tuple[str, ...], every: bool) -> Iterator[Plan]:
    """What to run, one after the other; the state is taken anew after each.

    Args:
        root: the folder of the course.
        names: chapters; none means all of the book.
        every: run them although they are fresh.

    Raises:
        ChapterError: see `course.chapters.listed`, `chosen` and `ordered`.
    """
    book = chapters.listed(root)
    order = ordered(book)
    wanted = {chapter.name for chapter in chapters.chosen(book, names)}
    done: set[str] = set()
    while plan := _next(order, status.surroundings(root, book), wanted, done, every):
        done.add(plan.chapter.name)
        yield plan


def _next(
    order: list[Chapter], around: keys.Surroundings, wanted: set[str], done: set[str], every: bool
) -> Plan | None:
    for chapter in order:
        if chapter.name in wanted - done:
            state = keys.state(chapter, around)
            if every or not state.fresh:
                needed = _needed(chapter, order, around, done)
                return needed or Plan(chapter, state.reasons)
    return None


def _needed(
    chapter: Chapter, order: list[Chapter], around: keys.Surroundings, done: set[str]
) -> Plan | None:
    """The chapter that has to be run before this one can be, if there is any."""
    for name in missing_runs(chapter, around):
        if carry.digest_of(name, carry.HERE) == around.trained.get(name, ""):
            carry.bring(name, around.profile)
            continue
        maker = next(other for other in order if name in other.trains)
        if maker.name not in done:
            reason = f"{chapter.name} needs {name}, which is not on this machine"
            return _needed(maker, order, around, done) or Plan(maker, (reason,))
    return None


def require_gpu(plan: Plan) -> None:
    """Refuse to run the constants for a GPU where there is none.

    A chapter that does not use TensorFlow needs none.

    Raises:
        ChapterError: the profile is `gpu`, and TensorFlow sees no GPU.
    """
    chapter = plan.chapter
    if profiles.current() != "gpu" or "tensorflow" not in chapter.libraries or sees_gpu():
        return
    raise ChapterError(
        f"TensorFlow sees no GPU on this machine, and on {machine.processor()} the profile gpu of "
        f"{chapter.name} may take hours. Use a machine with an NVIDIA GPU under Linux, with the "
        f"libraries of requirements-gpu.txt, or leave out --profile gpu and COURSE_PROFILE. "
        f"`course execute {chapter.name} --profile gpu --without-gpu` runs it here all the same."
    )


@functools.cache
def sees_gpu() -> bool:
    """Whether TensorFlow finds a GPU; it is asked once."""
    environment = {**os.environ, **kernel.QUIET, "PYTHONPATH": kernel.import_path()}
    command = [sys.executable, "-c", LOOK]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    # A TensorFlow that cannot be imported is told of when the chapter runs.
    return done.returncode != 0 or done.stdout.split("\n")[-2:] != ["[]", ""]


def run(root: Path, plan: Plan, report: Callable[[kernel.Progress], None]) -> outputs.Outputs:
    """Run one chapter and write its outputs.

    Raises:
        ChapterError: a library is not installed, or a cell raised; old outputs are as they were.
        CourseError: the outputs could not be written; the old outputs are as they were.
    """
    chapter, profile = plan.chapter, profiles.current()
    absent = [name for name in chapter.libraries if importlib.util.find_spec(name) is None]
    if absent:
        raise ChapterError(
            f"{chapter.name} needs {', '.join(absent)}, which is not installed here. "
            f"`make execute` installs everything and then runs what is stale."
        )
    log_file = root / BUILD / "execute" / f"{chapter.name}.log"
    # Taken before: who edits the package while a chapter trains has outputs of the old code.
    definitions = chapter.definitions(root)
    executed = kernel.execute(chapter, profile, log_file, report)
    clean.clean(executed.cells)
    key, provenance = _described(chapter, profile, definitions, executed)
    path = outputs.file_of(root, profile, chapter.name)
    return outputs.write(path, executed.cells, key, provenance)


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keeps a second execution out while this one runs.

    Raises:
        ChapterError: another one is running.
    """
    (root / BUILD).mkdir(exist_ok=True)
    try:
        with filelock.FileLock(root / BUILD / "execute.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise ChapterError(
            "Another `course execute` is running in this folder. Wait for it, or stop it first."
        ) from None


def _described(
    chapter: Chapter, profile: str, definitions: dict[str, str], executed: kernel.Executed
) -> tuple[dict[str, Any], dict[str, Any]]:
    def of_kind(kind: str) -> list[dict[str, Any]]:
        records = [dict(r) for r in executed.records if r["kind"] == kind]
        return [{k: v for k, v in r.items() if k != "kind"} for r in records]

    (machine,) = of_kind("machine")
    trained = {r["name"]: r for r in of_kind("run")}
    loaded = {r["name"]: r["digest"] for r in of_kind("loaded") if r["name"] not in trained}
    versions = machine["libraries"]
    data = sorted(of_kind("data"), key=lambda d: (d["name"], d["variant"]))
    key = keys.key(
        chapter,
        profile,
        definitions=definitions,
        data=data,
        loaded=loaded,
        trained={name: record["digest"] for name, record in sorted(trained.items())},
        libraries={name: versions[name] for name in chapter.libraries if name in versions},
    )
    provenance = {
        "profile": profile,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "device": machine["device"],
        "system": machine["system"],
        "python": machine["python"],
        "seconds": round(sum(executed.seconds), 1),
        "cpu_seconds": machine["cpu_seconds"],
        "peak_memory": machine.get("peak_memory"),
        "training_cpu_seconds": round(sum(r["cpu_seconds"] for r in trained.values()), 1),
        # What of it the kernel trained itself, and did not take from the run store.
        "trained_cpu_seconds": round(sum(r["cpu_seconds"] for r in of_kind("trained")), 1),
        "cell_seconds": executed.seconds,
        "runs": {name: record["seeds"] for name, record in sorted(trained.items())},
        "libraries": {v["distribution"]: v["version"] for v in key["libraries"].values()},
    }
    return key, provenance
