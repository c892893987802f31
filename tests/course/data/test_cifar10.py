"""Both layouts of CIFAR-10 give the same kind of arrays."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from course.data import cifar10
from course.data.registry import File
from course.errors import DataError

from .conftest import jpeg, packed

BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")


def listed(layout: str) -> File:
    return File("a", layout, "", 1, "", "", "")


def batch(seed: int, count: int = 3) -> dict[bytes, Any]:
    random = np.random.default_rng(seed)
    return {
        b"data": random.integers(0, 256, (count, 3072), dtype=np.uint8),
        b"labels": [int(label) for label in random.integers(0, 10, count)],
    }


def archive(path: Path, batches: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in batches.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def as_python_2(content: bytes) -> bytes:
    """The same pickle as Python 2 wrote it: strings of bytes, NumPy's old module names."""
    opcodes = {b"C": b"U", b"B": b"T"}  # SHORT_BINBYTES, BINBYTES → SHORT_BINSTRING, BINSTRING
    rewritten = bytearray(content)
    for opcode, _, place in pickletools.genops(content):
        code = opcode.code.encode("latin-1")
        if code in opcodes and place is not None:
            rewritten[place : place + 1] = opcodes[code]
    return (
        bytes(rewritten)
        .replace(b"\x80\x03", b"\x80\x02", 1)
        .replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
    )


def batches(protocol: int = 4) -> dict[str, bytes]:
    return {
        name: pickle.dumps(batch(seed), protocol)
        for seed, name in enumerate((*BATCHES, "test_batch"))
    }


@pytest.mark.parametrize("python_2", [False, True])
def test_batches_are_joined_in_order_and_turned_into_pictures(
    tmp_path: Path, python_2: bool
) -> None:
    content = batches(protocol=3)
    if python_2:
        content = {name: as_python_2(pickled) for name, pickled in content.items()}
    # The order in the archive is not the order of the numbers.
    path = archive(tmp_path / "a.tar.gz", dict(reversed(content.items())))
    x_train, y_train, x_test, y_test = cifar10.decode(path, listed("cifar-batches"))
    assert (x_train.shape, x_test.shape) == ((15, 32, 32, 3), (3, 32, 32, 3))
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert x_train.flags.c_contiguous
    third = batch(2)
    assert list(y_train[6:9]) == third[b"labels"]
    # Row 5, column 7 of the second picture of the third batch; 1,024 values for each colour.
    expected = [third[b"data"][1, colour * 1024 + 5 * 32 + 7] for colour in range(3)]
    assert list(x_train[7, 5, 7]) == expected
    assert list(y_test) == batch(5)[b"labels"]


def test_a_missing_batch_is_named(tmp_path: Path) -> None:
    content = batches()
    del content["data_batch_4"]
    with pytest.raises(DataError, match="has no data_batch_4"):
        cifar10.decode(archive(tmp_path / "a.tar.gz", content), listed("cifar-batches"))


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/never",)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    content = batches() | {"data_batch_2": pickle.dumps(Evil())}
    with pytest.raises(pickle.UnpicklingError, match="has no place in a data file"):
        cifar10.decode(archive(tmp_path / "a.tar.gz", content), listed("cifar-batches"))


def zipped(path: Path) -> Path:
    """Two training pictures and one test picture a class; the entries are in no good order."""
    entries = {
        f"cifar10/{split}/{title}/{number:04}.jpg": jpeg(10 * label + number, (32, 32))
        for label, title in enumerate(cifar10.CLASSES)
        for split, numbers in (("test", (0,)), ("train", (1, 0)))
        for number in numbers
    }
    path.write_bytes(packed(dict(reversed(entries.items()))))
    return path


def test_jpegs_are_sorted_by_number_then_class(tmp_path: Path) -> None:
    arrays = cifar10.decode(zipped(tmp_path / "a.zip"), listed("cifar-jpegs"))
    x_train, y_train, x_test, y_test = arrays
    assert (x_train.shape, x_test.shape) == ((20, 32, 32, 3), (10, 32, 32, 3))
    assert list(y_train) == [*range(10), *range(10)]
    assert list(y_test) == list(range(10))
    assert {array.dtype for array in arrays} == {np.dtype(np.uint8)}
    for place, seed in ((0, 0), (1, 10), (7, 70), (10, 1), (19, 91)):
        with Image.open(io.BytesIO(jpeg(seed, (32, 32)))) as image:
            np.testing.assert_array_equal(x_train[place], np.asarray(image))


def test_the_classes_have_the_labels_of_the_original() -> None:
    assert dict(enumerate(cifar10.CLASSES)) == {
        0: "airplane",
        1: "automobile",
        2: "bird",
        3: "cat",
        4: "deer",
        5: "dog",
        6: "frog",
        7: "horse",
        8: "ship",
        9: "truck",
    }
