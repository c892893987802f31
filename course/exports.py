"""Small networks for the pages: weights in half precision, in a script that a browser reads.

A page opened from a disk may not fetch a file, but it may run a script; so the weights stand as
base64 text in a JavaScript file that assigns one object to a global.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.errors import CourseError
from course.inference import Step, predict, steps_of
from course.runs import carry, store
from course.storage import write_text, written_whole

Array = np.ndarray[Any, Any]

FOLDER = "models/web"
GLOBAL = "courseModels"
FORMAT = 1
LARGEST = 1_000_000  # bytes of a committed file under models/
WEIGHT = np.dtype("<f2")
# Half precision keeps 11 bits; on MNIST the probabilities moved by less than a third of this.
TOLERANCE = 3e-3


class ExportError(CourseError):
    """A model cannot be written for the pages, or a written file cannot be read."""


@dataclass(frozen=True)
class Samples:
    """Examples that a page shows and the tests compare.

    Attributes:
        inputs: `(n, height, width)` uint8 pictures of one channel, `(n, height, width, 3)` uint8
            pictures in colour, or `(n, features)` floats, which the file holds in half precision.
        labels: `(n,)` their classes, whole numbers.
        what: where they come from, for people.
    """

    inputs: Array
    labels: Array
    what: str

    @property
    def given(self) -> Array:
        """What a reader of the file gives to the network, as floats.

        Pictures of one channel are in [0, 1], those in colour in [0, 255]: the networks for these
        begin with a layer that rescales.
        """
        if self.inputs.dtype != np.uint8:
            return self.inputs.astype(WEIGHT).astype(np.float32)
        return self.inputs.astype(np.float32) / (255 if self.inputs.ndim == 3 else 1)

    def as_text(self) -> dict[str, Any]:
        """The inputs in base64: a list of PNG files as `png`, if in colour; a picture's bytes as
        `pixels`, other numbers as `features`.
        """
        if self.inputs.dtype != np.uint8:
            return {"features": base64.b64encode(self.inputs.astype(WEIGHT).tobytes()).decode()}
        if self.inputs.ndim == 4:
            return {"png": [base64.b64encode(png(picture)).decode() for picture in self.inputs]}
        return {"pixels": base64.b64encode(self.inputs.tobytes()).decode()}


def png(picture: Array) -> bytes:
    """A file with a `(height, width, 3)` uint8 picture, without loss."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", optimize=True)
    return file.getvalue()


@dataclass(frozen=True)
class Export:
    """A network that is written for the pages.

    Attributes:
        name: of the file, and of the entry in the global object.
        run: the run it comes from. Its first seed is written: to take the best of them would be a
            choice by test data.
        samples: makes the examples that are written beside it.
        score: the score that its provenance gives.
    """

    name: str
    run: str
    samples: Callable[[], Samples]
    score: str = "test accuracy"


def digits() -> Samples:
    """The first test picture of each digit of MNIST."""
    from course import data

    _, (x_test, y_test) = data.load_mnist()
    first = [int(np.flatnonzero(y_test == digit)[0]) for digit in range(10)]
    return Samples(x_test[first], y_test[first], f"MNIST test pictures {first}")


def pets(side: int) -> Samples:
    """The first two test pictures of cats and of dogs, labels 0 cat and 1 dog.

    Args:
        side: pixels, to which each is made as a whole.
    """
    from PIL import Image

    from course import data

    folder = data.cats_and_dogs() / "test"
    files = [
        path for kind in ("cats", "dogs") for path in sorted((folder / kind).glob("*.jpg"))[:2]
    ]
    pictures = []
    for path in files:
        with Image.open(path) as opened:
            small = opened.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
        pictures.append(np.asarray(small))
    what = f"the test pictures {[path.name for path in files]}"
    return Samples(np.stack(pictures), np.array([0, 0, 1, 1]), what)


def pet_features() -> Samples:
    """What EfficientNet-Lite0 says of `pets`: 1,280 numbers a picture, for a head on them."""
    from course import efficientnet

    side = 224  # pixels: what the network was trained on
    found = pets(side)
    base = efficientnet.EfficientNetLite0(False, "imagenet", (side, side, 3), pooling="avg")
    features = base.predict(found.inputs, verbose=0)
    return Samples(features, found.labels, f"EfficientNet-Lite0 features of {found.what}")


DIGITS = Export("mnist-best", "ch05/best", digits)
PETS = Export("pets-head", "ch10/frozen", pet_features)
EYES = Export("pets-eyes", "ch11/eyes", lambda: pets(150))  # the side of chapter 11
# Every network of models/web, each on a line. A run is added once its chapter has outputs.
EXPORTS = (DIGITS, PETS, EYES)


def rounded(steps: Iterable[Step]) -> list[Step]:
    """The steps with their weights in the precision of the file."""
    return [
        Step(s.kind, s.options, tuple(a.astype(WEIGHT).astype(np.float32) for a in s.arrays))
        for s in steps
    ]


def script(wanted: Export, model: Any, samples: Samples, provenance: Mapping[str, Any]) -> str:
    """The JavaScript file of a model.

    Args:
        wanted: what it is written as.
        model: a trained Keras model, see `course.inference.steps_of`.
        samples: examples of what it reads.
        provenance: where the model comes from; plain JSON values.

    Raises:
        InferenceError: the model has a layer that the pages cannot compute.
        ExportError: half precision changes an answer, or the file is too big.
    """
    steps = steps_of(model)
    given = samples.given
    asked = given[..., np.newaxis] if given.ndim == 3 else given
    expected = np.asarray(model.predict(asked, verbose=0), dtype=np.float64)
    worst = float(np.abs(predict(rounded(steps), given) - expected).max())
    if not worst <= TOLERANCE:
        raise ExportError(
            f"{wanted.name}: half precision moves a probability by {worst:.4f}; at most "
            f"{TOLERANCE} is allowed. Look for very large weights, or train the run "
            f"{wanted.run!r} again."
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
            "labels": samples.labels.tolist(),
            "probabilities": expected.round(6).tolist(),
            **samples.as_text(),
        },
        "weights": base64.b64encode(weights).decode(),
    }
    # One line for each entry: a difference shows what changed.
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(content[key])}" for key in content)
    entry = f"(window.{GLOBAL} = window.{GLOBAL} || {{}})[{json.dumps(wanted.name)}]"
    text = f"// Written by `course export`; do not edit.\n{entry} = {{\n{lines}\n}};\n"
    if len(text) > LARGEST:
        size = f"{len(text):,} bytes; at most {LARGEST:,} are committed"
        raise ExportError(f"{wanted.name} takes {size}.")
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


def export(root: Path, wanted: Export, today: str) -> Path:
    """Write a network; the file stays as it is when nothing changed.

    Args:
        root: the folder of the course.
        wanted: the network.
        today: the date to note, as 2026-01-31.

    Raises:
        RunError: its chapter has not been run on this machine.
        ExportError: see `script`.
    """
    from course import runs

    found = runs.load(wanted.run)
    samples = wanted.samples()
    provenance = {
        "run": wanted.run,
        "seed": found[0].seed,
        wanted.score: found[0].scores[wanted.score],
        "parameters": found[0].parameters,
        "digests": [run.digest for run in found],
        "samples": samples.what,
        "versions": {
            name: importlib.import_module(name).__version__
            for name in ("keras", "tensorflow", "numpy")
        },
    }
    path = root / FOLDER / f"{wanted.name}.js"
    exported = today
    if path.exists():
        before = read(path)["provenance"]
        if {**before, "exported": None} == {**provenance, "exported": None}:
            exported = before["exported"]
    provenance["exported"] = exported
    write_text(path, script(wanted, found[0].model, samples, provenance))
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


def why_one_outdated(root: Path, wanted: Export, trained: Mapping[str, str]) -> str | None:
    """Why the file of one network does not belong to the committed outputs; None when it does.

    Args:
        root: the folder of the course.
        wanted: the network.
        trained: name of a run to the digest over its seeds, from the outputs.
    """
    try:
        content = read(root / FOLDER / f"{wanted.name}.js")
    except ExportError as error:
        return str(error)
    if trained.get(wanted.run) != store.joined(content["provenance"]["digests"]):
        return (
            f"{FOLDER}/{wanted.name}.js holds other weights than the run {wanted.run!r} of the "
            f"outputs. Run `course export`."
        )
    return None


def why_outdated(root: Path, trained: Mapping[str, str]) -> str | None:
    """Why a file does not belong to the committed outputs, or to the table; None when all do.

    Args:
        root: the folder of the course.
        trained: name of a run to the digest over its seeds, from the outputs.
    """
    for wanted in EXPORTS:
        reason = why_one_outdated(root, wanted, trained)
        if reason:
            return reason
    known = {wanted.name for wanted in EXPORTS}
    for path in sorted((root / FOLDER).iterdir()):
        if path.stem not in known:
            return f"{FOLDER}/{path.name} is no network that the course exports. Remove it."
    return None
