"""Reads MNIST's container, an `.npz` with the four arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course.data.arrays import KEYS, Arrays
from course.data.registry import File


def decode(path: Path, file: File) -> Arrays:
    """The arrays of an `.npz` file; pickled objects in it are refused.

    Returns:
        x_train (60000, 28, 28), y_train (60000,), x_test (10000, 28, 28), y_test (10000,), uint8.
    """
    del file  # There is one layout.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as content:
        x_train, y_train, x_test, y_test = (content[key] for key in KEYS)
    return x_train, y_train, x_test, y_test
