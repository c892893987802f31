"""Small networks for the pages: weights in half precision, in a script that a browser reads.

A page opened from a disk may not fetch a file, but it may run a script; so the weights stand as
base64 text in a JavaScript file that assigns one object to a global.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course.errors import CourseError
from course.inference import Step, predict, steps_of
from course.runs import carry, store
from course.storage import write_text, written_whole

Array = np.ndarray[Any, Any]

FOLDER = "models/web"
NAME = "mnist-best"
RUN = "ch05/best"
GLOBAL = "courseModels"
FORMAT = 1
LARGEST = 1_000_000  # bytes of a committed file under models/
WEIGHT = np.dtype("<f2")
# Half precision keeps 11 bits; on MNIST the probabilities moved by less than a third of this.
TOLERANCE = 3e-3


class ExportError(CourseError):
    """A model cannot be written for the pages, or a written file cannot be read."""


def rounded(steps: Iterable[Step]) -> list[Step]:
    """The steps with their weights in the precision of the file."""
    return [
        Step(s.kind, s.options, tuple(a.astype(WEIGHT).astype(np.float32) for a in s.arrays))
        for s in steps
    ]


def script(model: Any, samples: Array, labels: Array, provenance: Mapping[str, Any]) -> str:
    """The JavaScript file of a model.

    Args:
        model: a trained Keras model, see `course.inference.steps_of`.
        samples: `(n, height, width)` uint8 pictures that the page shows and the tests compare.
        labels: `(n,)` their classes.
        provenance: where the model comes from; plain JSON values.

    Raises:
        InferenceError: the model has a layer that the pages cannot compute.
        ExportError: half precision changes an answer, or the file is too big.
    """
    steps = steps_of(model)
    images = samples.astype(np.float32) / 255
    expected = np.asarray(model.predict(images[..., np.newaxis], verbose=0), dtype=np.float64)
    worst = float(np.abs(predict(rounded(steps), images) - expected).max())
    if not worst <= TOLERANCE:
        raise ExportError(
            f"{NAME}: half precision moves a probability by {worst:.4f}; at most {TOLERANCE} is "
            f"allowed. Look for very large weights, or train the run {RUN!r} again."
        )
    weights = b"".join(array.astype(WEIGHT).tobytes() for s in steps for array in s.arrays)
    content = {
        "format": FORMAT,
        "provenance": dict(provenance),
        "steps": [
            {"kind": s.kind, **s.options, "shapes": [array.shape for array in s.arrays]}
            for s in steps
        ],
        "samples": {
            "labels": labels.tolist(),
            "probabilities": expected.round(6).tolist(),
            "pixels": base64.b64encode(samples.tobytes()).decode(),
        },
        "weights": base64.b64encode(weights).decode(),
    }
    # One line for each entry: a difference shows what changed.
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(content[key])}" for key in content)
    text = (
        "// Written by `course export`; do not edit.\n"
        f"(window.{GLOBAL} = window.{GLOBAL} || {{}})[{json.dumps(NAME)}] = {{\n{lines}\n}};\n"
    )
    if len(text) > LARGEST:
        raise ExportError(f"{NAME} takes {len(text):,} bytes; at most {LARGEST:,} are committed.")
    return text


def read(path: Path) -> dict[str, Any]:
    """The object that the script assigns.

    Raises:
        ExportError: there is no such file, or it was not written by `script`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = dict(json.loads(text[text.index("= {\n") + 2 : text.rindex(";")]))
    except FileNotFoundError:
        raise ExportError(f"{path} is missing. `course export` writes it.") from None
    except ValueError as error:
        raise ExportError(f"{path} is damaged ({error}). `course export` writes it anew.") from None
    if content.get("format") != FORMAT:
        raise ExportError(f"{path} has another format. `course export` writes it anew.")
    return content


def steps_in(content: Mapping[str, Any]) -> list[Step]:
    """The steps of a file that `read` has read, with float32 weights."""
    flat = np.frombuffer(base64.b64decode(content["weights"]), WEIGHT).astype(np.float32)
    steps, start = [], 0
    for entry in content["steps"]:
        options = {k: v for k, v in entry.items() if k not in ("kind", "shapes")}
        arrays = []
        for shape in entry["shapes"]:
            size = int(np.prod(shape))
            arrays.append(flat[start : start + size].reshape(shape))
            start += size
        steps.append(Step(entry["kind"], options, tuple(arrays)))
    return steps


def export(root: Path, today: str) -> Path:
    """Write the network that chapter 5 trained; the file stays as it is when nothing changed.

    It is the run with the first seed: to take the best of them would be a choice by test data.

    Args:
        root: the folder of the course.
        today: the date to note, as 2026-01-31.

    Raises:
        RunError: the chapter has not been run on this machine.
        ExportError: see `script`.
    """
    from course import data, runs

    found = runs.load(RUN)
    _, (x_test, y_test) = data.load_mnist()
    first = [int(np.flatnonzero(y_test == digit)[0]) for digit in range(10)]
    provenance = {
        "run": RUN,
        "seed": found[0].seed,
        "test accuracy": found[0].scores["test accuracy"],
        "parameters": found[0].parameters,
        "digests": [run.digest for run in found],
        "samples": f"MNIST test pictures {first}",
        "versions": {
            name: importlib.import_module(name).__version__
            for name in ("keras", "tensorflow", "numpy")
        },
    }
    path = root / FOLDER / f"{NAME}.js"
    exported = today
    if path.exists():
        before = read(path)["provenance"]
        if {**before, "exported": None} == {**provenance, "exported": None}:
            exported = before["exported"]
    provenance["exported"] = exported
    write_text(path, script(found[0].model, x_test[first], y_test[first], provenance))
    return path


def export_runs(root: Path, names: Iterable[str], profile: str) -> list[Path]:
    """Write the runs that later chapters take from earlier ones; unchanged runs stay as they are.

    Args:
        root: the folder of the course.
        names: names of runs.
        profile: whose runs.

    Raises:
        RunError: a run is not in the store, or too big to carry.
    """
    written = []
    for name in names:
        path = root / carry.FOLDER / carry.file_name(name)
        keys = store.keys_of(name, profile)
        if not path.is_file() or carry.digest_of(name, path.parent) != store.digest_of(
            name, profile
        ):
            content = carry.pack(name, keys)
            with written_whole(path) as temporary:
                temporary.write_bytes(content)
        written.append(path)
    return written


def why_runs_outdated(root: Path, names: Iterable[str], trained: Mapping[str, str]) -> str | None:
    """Why the carried runs do not belong to the committed outputs; None when they do."""
    for name in names:
        if carry.digest_of(name, root / carry.FOLDER) != trained.get(name):
            return (
                f"{carry.FOLDER}/{carry.file_name(name)} is missing or holds other runs than the "
                f"outputs. Run `course export`."
            )
    return None


def why_outdated(root: Path, trained: Mapping[str, str]) -> str | None:
    """Why the file does not belong to the committed outputs of chapter 5; None when it does.

    Args:
        root: the folder of the course.
        trained: name of a run to the digest over its seeds, from the outputs.
    """
    try:
        content = read(root / FOLDER / f"{NAME}.js")
    except ExportError as error:
        return str(error)
    together = hashlib.sha256("".join(content["provenance"]["digests"]).encode()).hexdigest()
    if trained.get(RUN) == together:
        return None
    return (
        f"{FOLDER}/{NAME}.js holds other weights than the run {RUN!r} of the outputs. "
        f"Run `course export`."
    )
