"""The real data sets, where a mirror of them is at hand."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from course import data
from course.data import checksums, registry

MIRROR = os.environ.get("CNN_COURSE_DATA", "")

pytestmark = pytest.mark.skipif(not MIRROR, reason="CNN_COURSE_DATA is not set")

# SHA-256 of the four files of the original MNIST, unpacked, as published in
# https://github.com/matraass11/mygrad
ORIGINAL_MNIST = [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
]


@pytest.fixture(autouse=True)
def _real(monkeypatch: pytest.MonkeyPatch, _apart: None) -> None:
    monkeypatch.setenv("CNN_COURSE_DATA", MIRROR)


def needs(*names: str) -> None:
    if not any((Path(MIRROR) / name).is_file() for name in names):
        pytest.skip(f"the mirror has no {' or '.join(names)}")


def test_mnist_is_the_original_to_the_last_byte() -> None:
    needs("mnist.npz")
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert (x_train.shape, x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    found = []
    for array in (x_train, y_train, x_test, y_test):
        # The IDX format: 0x08 for bytes, the number of dimensions, each dimension, the values.
        header = struct.pack(f">i{array.ndim}i", 0x800 + array.ndim, *array.shape)
        found.append(hashlib.sha256(header + array.tobytes()).hexdigest())
    assert found == ORIGINAL_MNIST


@pytest.mark.slow
def test_cifar10_from_jpegs_is_complete_and_every_stretch_has_all_classes() -> None:
    needs("cifar10_jpeg.zip")
    (x_train, y_train), (x_test, y_test) = data.load_cifar10("jpeg")
    assert (x_train.shape, x_test.shape) == ((50000, 32, 32, 3), (10000, 32, 32, 3))
    np.testing.assert_array_equal(y_train, np.tile(np.arange(10), 5000))
    np.testing.assert_array_equal(y_test, np.tile(np.arange(10), 1000))


@pytest.mark.slow
def test_cats_and_dogs_are_complete() -> None:
    needs("cats_and_dogs_small.zip")
    folder = data.cats_and_dogs("small-240")
    listed = registry.data_set("cats_and_dogs").variant("small-240").checksum
    assert checksums.of_folder(folder) == listed
    for split, count in (("train", 1000), ("validation", 500), ("test", 500)):
        for title in ("cats", "dogs"):
            assert len(list((folder / split / title).glob("*.jpg"))) == count
