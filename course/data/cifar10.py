"""Reads CIFAR-10: the original batches, or a zip of JPEG files."""

from __future__ import annotations

import io
import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from course.data.arrays import Arrays
from course.data.progress import bar
from course.data.registry import File
from course.errors import DataError

CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
"""The classes in the order of their labels, 0 to 9."""

_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))


def decode(path: Path, file: File) -> Arrays:
    """The arrays of either layout.

    Returns:
        x_train (50000, 32, 32, 3), y_train (50000,), x_test (10000, 32, 32, 3), y_test (10000,),
        uint8. The original is in the author's random order. The JPEG files have lost it: they come
        sorted by number, then by class, so the first ten rows are picture 0 of every class, and
        every stretch of rows has as many pictures of each class, give or take one.
    """
    if file.layout == "cifar-jpegs":
        return _jpegs(path)
    return _batches(path)


def _jpegs(path: Path) -> Arrays:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
        parts = []
        with bar(len(names), "decoding CIFAR-10", " pictures") as shown:
            for split in ("train", "test"):
                images, labels = [], []
                # By number first: sorted by class, the last fifth would hold two classes only.
                for _, label, name in sorted(
                    (int(Path(name).stem), label, name)
                    for label, title in enumerate(CLASSES)
                    for name in names
                    if name.startswith(f"cifar10/{split}/{title}/")
                ):
                    with Image.open(io.BytesIO(archive.read(name)), formats=["JPEG"]) as image:
                        images.append(np.asarray(image))
                    labels.append(label)
                    shown.update()
                parts += [np.stack(images), np.array(labels, dtype=np.uint8)]
    x_train, y_train, x_test, y_test = parts
    return x_train, y_train, x_test, y_test


def _batches(path: Path) -> Arrays:
    """The five training batches and the test batch.

    A row of a batch is 3,072 bytes: 1,024 red, 1,024 green, 1,024 blue, each 32 × 32 by rows.
    """
    batches = {}
    with tarfile.open(path) as archive:
        for member in archive:
            name = Path(member.name).name
            if name in {*_BATCHES, "test_batch"}:
                content = archive.extractfile(member)
                assert content is not None
                batches[name] = _Plain(content, encoding="bytes").load()
    missing = [name for name in (*_BATCHES, "test_batch") if name not in batches]
    if missing:
        raise DataError(f"{path} has no {', '.join(missing)}. Fetch it again.")
    rows = np.concatenate([batches[name][b"data"] for name in _BATCHES])
    labels = [label for name in _BATCHES for label in batches[name][b"labels"]]
    test = batches["test_batch"]
    return (
        _pictures(rows),
        np.array(labels, dtype=np.uint8),
        _pictures(test[b"data"]),
        np.array(test[b"labels"], dtype=np.uint8),
    )


def _pictures(rows: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.ascontiguousarray(rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))


class _Plain(pickle.Unpickler):
    """Unpickles NumPy arrays and plain values, and nothing that could run code."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            "_reconstruct": np.empty(0).__reduce__()[0],
            "ndarray": np.ndarray,
            "dtype": np.dtype,
        }
        if module.split(".")[0] == "numpy" and name in known:
            return known[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a data file")
