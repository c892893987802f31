"""Runs the trainings of a chapter with the constants of the profile gpu, each for two small steps.

A program of its own: `python gpu_constants.py CHAPTER.md` prints one JSON object. The data keep
their size, so that numbers computed from it (steps, schedules, splits) are real; what a network is
given in `fit`, `evaluate` and `predict` is cut.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROWS, BATCH, ANSWERS = 16, 8, 4
TRAINS = re.compile(r"\bruns\.repeat\(|\.fit\(")


def cut(value: Any, rows: int) -> Any:
    """The first rows of arrays, in whatever they are nested."""
    import keras

    return keras.tree.map_structure(lambda a: a[:rows] if getattr(a, "shape", ()) else a, value)


def length(value: Any) -> int | None:
    """How many examples arrays hold; None for a stream of batches."""
    import keras
    import numpy as np

    leaves = keras.tree.flatten(value)
    whole = leaves and all(isinstance(a, np.ndarray) or keras.ops.is_tensor(a) for a in leaves)
    return len(leaves[0]) if whole else None


def small_fit(original: Callable[..., Any]) -> Callable[..., Any]:
    """`fit` for one epoch of two steps, which refuses what could not be trained."""
    signature = inspect.signature(original)

    def fit(self: Any, *positional: Any, **named: Any) -> Any:
        given = signature.bind(self, *positional, **named)
        given.apply_defaults()
        a = given.arguments
        epochs, count = a["epochs"], length(a["x"])
        if count is None:
            a["steps_per_epoch"] = 2
            if a["validation_data"] is not None and length(a["validation_data"]) is None:
                a["validation_steps"] = 1
        else:
            learnt = count - int(count * (a["validation_split"] or 0))
            batch = a["batch_size"] or 32
            if batch > learnt:
                raise ValueError(f"a batch of {batch} is larger than the {learnt} examples")
            if a["validation_split"]:
                a["validation_data"] = (cut(a["x"], ANSWERS), cut(a["y"], ANSWERS))
                a["validation_split"] = 0.0
            for name in ("x", "y", "sample_weight"):
                a[name] = None if a[name] is None else cut(a[name], ROWS)
            a["batch_size"] = BATCH
        if a["validation_data"] is not None and length(a["validation_data"]) is not None:
            a["validation_data"] = cut(a["validation_data"], ANSWERS)
            a["validation_batch_size"] = None
        if epochs <= a["initial_epoch"]:
            raise ValueError(f"{epochs} epochs end before epoch {a['initial_epoch']} begins")
        a["epochs"] = a["initial_epoch"] + 1
        done = original(*given.args, **given.kwargs)
        # As many values as epochs were asked for, for the cells that draw them.
        wanted = epochs - a["initial_epoch"]
        done.history = {curve: (v * wanted)[:wanted] for curve, v in done.history.items()}
        return done

    return fit


def small_call(original: Callable[..., Any], *, answers: bool) -> Callable[..., Any]:
    """`evaluate` or `predict` on the first examples; answers are repeated to their number."""
    import keras
    import numpy as np

    def call(self: Any, x: Any, *positional: Any, **named: Any) -> Any:
        count = length(x)
        if count is None:
            return original(self, x, *positional, **{**named, "steps": 1})
        positional = tuple(cut(one, ROWS) if length(one) else one for one in positional)
        found = original(self, cut(x, ANSWERS if answers else ROWS), *positional, **named)
        if not answers:
            return found
        return keras.tree.map_structure(lambda a: np.resize(a, (count, *a.shape[1:])), found)

    return call


def main(path: Path) -> dict[str, Any]:
    """What was trained, what failed in a cell that trains, and what failed elsewhere."""
    os.environ |= {"COURSE_PROFILE": "gpu", "MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    import keras
    from IPython.core.interactiveshell import InteractiveShell

    from course import chapters, runs

    trained: list[str] = []

    def repeat(train: Any, *, name: str, seeds: Iterable[int] = (0, 1, 2)) -> list[runs.Run]:
        every = list(seeds)
        model, history, scores = train(every[0])
        trained.append(name)
        plain = {score: float(value) for score, value in scores.items()}
        curves = {curve: [float(v) for v in values] for curve, values in history.items()}
        count = int(model.count_params())
        found = [runs.Run(name, s, curves, plain, count, 1.0, 1.0, f"{name}{s}", "") for s in every]
        for run in found:
            vars(run)["model"] = model
        return found

    runs.repeat = repeat
    keras.Model.fit = small_fit(keras.Model.fit)
    keras.Model.evaluate = small_call(keras.Model.evaluate, answers=False)
    keras.Model.predict = small_call(keras.Model.predict, answers=True)
    warnings.simplefilter("ignore")
    shell = InteractiveShell.instance()
    faults, notes = [], []
    sources = chapters.read(path).sources
    last = max((i for i, source in enumerate(sources) if TRAINS.search(source)), default=-1)
    for number, source in enumerate(sources[: last + 1], 1):
        with contextlib.redirect_stdout(sys.stderr):
            result = shell.run_cell(source)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            where = faults if TRAINS.search(source) else notes
            where.append(f"cell {number}: {type(error).__name__}: {error}")
    return {"trained": trained, "faults": faults, "notes": notes}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
