"""Training runs that are kept: an unchanged experiment is loaded, not repeated."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from course import profiles, recording
from course.errors import RunError
from course.runs import carry, keys, store

if TYPE_CHECKING:
    import pandas

Trained = tuple[Any, Mapping[str, Sequence[float]], Mapping[str, float]]
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Run:
    """One finished training run.

    Attributes:
        name: what the chapters call it, `ch05/best`.
        seed: the seed it was trained with.
        history: each curve as a list with one value an epoch, as `fit` returns it.
        scores: each final score by its name.
        parameters: number of parameters of the model, trained or not.
        seconds: wall time of the training, in seconds.
        cpu_seconds: processor time of the training over all cores, in seconds.
        digest: SHA-256 of the trained weights, the history and the scores.
        key: what the run is stored under.
    """

    name: str
    seed: int
    history: dict[str, list[float]]
    scores: dict[str, float]
    parameters: int
    seconds: float
    cpu_seconds: float
    digest: str
    key: str

    @property
    def minutes(self) -> float:
        """Processor time divided by two cores, in minutes: fair on a machine that is shared."""
        return self.cpu_seconds / 2 / 60

    @functools.cached_property
    def model(self) -> Any:
        """The trained Keras model, read from the store when it is first asked for."""
        import keras

        return keras.saving.load_model(store.model_file(self.key))


@dataclass(frozen=True)
class Spread:
    """A score over several seeds: its mean, its sample standard deviation and the values."""

    mean: float
    deviation: float
    values: tuple[float, ...]

    def __str__(self) -> str:
        """`0.9889 ± 0.0004 (3 seeds)`; a single value stands alone, with its one seed named."""
        return format(self)

    def __format__(self, spec: str) -> str:
        """The same with another number format for mean and deviation; `.4f` without one."""
        spec = spec or ".4f"
        if len(self.values) == 1:
            return f"{self.mean:{spec}} (1 seed)"
        return f"{self.mean:{spec}} ± {self.deviation:{spec}} ({len(self.values)} seeds)"


def repeat(
    train: Callable[[int], Trained], *, name: str, seeds: Iterable[int] = (0, 1, 2)
) -> list[Run]:
    """Train once for every seed, or load what was trained before with the same code and data.

    Args:
        train: gets a seed; returns a Keras model, a history (`fit(...).history`) and a dict of
            scores. Nothing else it does is kept.
        name: `chapter/experiment`, by which later chapters find the runs.
        seeds: one run for each.

    Returns:
        One `Run` for every seed, in their order.

    Raises:
        RunError: the name is malformed, or the function uses something that cannot be described.
    """
    if not NAME.fullmatch(name):
        raise RunError(f"{name!r} is no name for a run; write chapter/experiment, as ch05/best.")
    description = keys.describe(train)
    found = []
    for seed in seeds:
        key = keys.key(description, seed)
        if store.find(key) is None:
            print(f"run {name}, seed {seed}: training", file=sys.stderr, flush=True)
            _train(train, name, seed, key)
        else:
            print(f"run {name}, seed {seed}: from the run store", file=sys.stderr, flush=True)
        found.append(_read(key, name))
    store.name_runs(name, profiles.current(), [run.key for run in found])
    recording.note("run", name=name, **_identity(found))
    return found


def load(name: str) -> list[Run]:
    """The runs that an earlier chapter stored under this name.

    Raises:
        RunError: there are none in the store of this machine, and none travel with the course.
    """
    profile = profiles.current()
    if store.digest_of(name, profile) is None:
        carry.bring(name, profile)
    found = [_read(key, name) for key in store.keys_of(name, profile)]
    if not found:
        raise RunError(
            f"There is no run {name!r} on this machine. Run the chapter that trains it first: "
            f"`course execute` does so by itself."
        )
    recording.note("loaded", name=name, **_identity(found))
    return found


def spread(found: Iterable[Run] | Iterable[float], score: str | None = None) -> Spread:
    """Mean and sample standard deviation over seeds.

    Args:
        found: runs, or the values themselves.
        score: the name of a score, where runs are given.

    Raises:
        RunError: there is no value, or a run has no such score.
    """
    values = tuple(_score(item, score) if isinstance(item, Run) else float(item) for item in found)
    if not values:
        raise RunError("There is no value to take a mean of.")
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return Spread(statistics.fmean(values), deviation, values)


def table(
    rows: Mapping[str, list[Run]],
    *,
    scores: Sequence[str],
    n: int,
    published: Mapping[str, str] | None = None,
) -> pandas.DataFrame:
    """One row a model: parameters, scores as mean ± spread, pictures scored, seeds, minutes.

    Args:
        rows: the label of each row and its runs.
        scores: names of the scores to show.
        n: number of examples that each score was measured on.
        published: for some rows, what the literature reports.

    Returns:
        A data frame of text, ready to be shown. Minutes are processor time over two cores.
    """
    import pandas

    lines = []
    for label, found in rows.items():
        line: dict[str, str] = {"model": label, "parameters": f"{found[0].parameters:,}"}
        for score in scores:
            line[score] = f"{spread(found, score):.4f}".partition(" (")[0]
        if published is not None:
            line["published"] = published.get(label, "–")
        line["n"] = f"{n:,}"
        line["seeds"] = str(len(found))
        minutes = statistics.fmean(run.minutes for run in found)
        line["two-core minutes"] = f"{minutes:.1f}"
        lines.append(line)
    return pandas.DataFrame(lines).set_index("model").rename_axis(None)


def _score(run: Run, score: str | None) -> float:
    if score is None or score not in run.scores:
        raise RunError(f"{run.name} has no score {score!r}; it has {', '.join(run.scores)}.")
    return run.scores[score]


def _identity(found: list[Run]) -> dict[str, Any]:
    return {
        "digest": store.joined([run.digest for run in found]),
        "seeds": [run.seed for run in found],
        "cpu_seconds": round(sum(run.cpu_seconds for run in found), 1),
    }


def _read(key: str, name: str) -> Run:
    record = store.find(key)
    if record is None:
        raise RunError(f"A run of {name!r} is missing from the store. Run its chapter again.")
    return Run(name=name, key=key, **{field: record[field] for field in store.FIELDS})


def _train(train: Callable[[int], Trained], name: str, seed: int, key: str) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    model, history, scores = train(seed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    curves = {curve: [float(v) for v in values] for curve, values in history.items()}
    final = {score: float(value) for score, value in scores.items()}
    content = hashlib.sha256(json.dumps([curves, final], sort_keys=True).encode())
    for weight in model.get_weights():
        content.update(keys.array_digest(weight).encode())
    record = {
        "name": name,
        "seed": seed,
        "history": curves,
        "scores": final,
        "parameters": int(model.count_params()),
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "digest": content.hexdigest(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    store.keep(key, record, model)
