"""What a submission handed over, as a file, so that it can be graded again without running it.

A function of the student is kept as its answers to the questions that the tests asked. When a test
asks something new, the answer is missing and the submission has to be run again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from tests.submissions import pictures

NUMERIC = "biuf"


class NotAskedError(LookupError):
    """A test asks a function what nobody asked when the notebook was run."""


class Writer:
    """Collects arrays and writes them with the rest."""

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        self.pictures: dict[str, np.ndarray] = {}

    def encode(self, value: Any) -> Any:
        """A value as JSON; arrays go beside it."""
        if value is None or isinstance(value, bool | int | float | str):
            return {"plain": value}
        if value is ...:
            return {"dots": True}
        if isinstance(value, Mapping):
            return {"mapping": {str(key): self.encode(item) for key, item in value.items()}}
        array = np.asarray(value)
        if array.dtype.kind not in NUMERIC:
            return {"other": type(value).__name__}
        if isinstance(value, pandas.DataFrame | pandas.Series):
            # Tests ask with a table or a series where a submission works with one.
            names = None
            if isinstance(value, pandas.DataFrame):
                names = [str(name) for name in value.columns]
            return {"pandas": self.encode(array), "columns": names}
        as_pictures = pictures.encode(array, self.pictures)
        if as_pictures:
            return as_pictures
        scale = None
        if array.ndim >= 3 and array.dtype.kind == "f" and np.isfinite(array).all():
            array, scale = pictures.levels(array)
        key = hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest()
        self.arrays[key[:16]] = array
        return {"array": key[:16], **({"scale": scale} if scale else {})}

    def write(self, path: Path, index: Any) -> None:
        """Write one file with everything in it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(index, sort_keys=True)
        np.savez_compressed(path, index=np.array(text), **self.arrays)  # type: ignore[arg-type]
        if self.pictures:
            pictures.add(pictures.store(path), self.pictures)


def asked(arguments: tuple[Any, ...]) -> str:
    """A short name for the arguments of a call."""
    arrays = [np.asarray(argument) for argument in arguments]
    parts = [f"{a.dtype}{a.shape}".encode() + a.tobytes() for a in arrays]
    parts += [b"pandas" for one in arguments if isinstance(one, pandas.DataFrame | pandas.Series)]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


class Recorded:
    """A student's function that remembers what it was asked and what it answered."""

    def __init__(self, function: Callable[..., Any], writer: Writer) -> None:
        self.function, self.writer = function, writer
        self.calls: dict[str, list[Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        answers = self.calls.setdefault(asked(arguments), [])
        try:
            answer = self.function(*arguments)
        except Exception as error:
            answers.append({"raises": f"{type(error).__name__}: {error}"})
            raise
        encoded = self.writer.encode(answer)
        answers.append(encoded)
        # The tests see what they will see again, rounded as it is kept.
        return decode(encoded, self.writer.arrays, self.writer.pictures)


class Replayed:
    """Answers as the student's function answered; asked again, with its next answer."""

    def __init__(self, calls: Mapping[str, list[Any]], decode: Callable[[Any], Any]) -> None:
        self.calls, self.decode = calls, decode
        self.number: dict[str, int] = {}

    def __call__(self, *arguments: Any) -> Any:
        key = asked(arguments)
        if key not in self.calls:
            raise NotAskedError("The tests ask something new; record the submissions again.")
        number = self.number.get(key, 0)
        self.number[key] = number + 1
        answers = self.calls[key]
        answer = answers[min(number, len(answers) - 1)]
        if "raises" in answer:
            raise RuntimeError(answer["raises"])
        return self.decode(answer)


def decode(found: Any, arrays: Mapping[str, np.ndarray], shared: Mapping[str, np.ndarray]) -> Any:
    """A value from what `Writer.encode` made of it.

    Args:
        found: what was made.
        arrays: of the recording.
        shared: pictures, of all recordings.
    """
    if "array" in found:
        array = arrays[found["array"]]
        return pictures.smooth(array, found["scale"]) if "scale" in found else array
    if "pictures" in found:
        return pictures.decode(found, shared)
    if "pandas" in found:
        array = decode(found["pandas"], arrays, shared)
        names = found["columns"]
        return pandas.Series(array) if names is None else pandas.DataFrame(array, columns=names)
    if "mapping" in found:
        return {key: decode(item, arrays, shared) for key, item in found["mapping"].items()}
    if "calls" in found:
        return Replayed(found["calls"], lambda answer: decode(answer, arrays, shared))
    return ... if "dots" in found else found.get("plain", object())


def read(path: Path) -> dict[str, Any]:
    """The names that a submission handed over."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    index = json.loads(str(arrays.pop("index")))
    shared = pictures.load(pictures.store(path))
    return {name: decode(found, arrays, shared) for name, found in index.items()}
