"""Checksums cover what they say, and nothing that does not matter."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from course.data import checksums

Array = NDArray[Any]

small_arrays = arrays.arrays(
    st.sampled_from([np.uint8, np.int16]), arrays.array_shapes(max_dims=3, max_side=4)
)


@settings(deadline=None)
@given(small_arrays)
def test_the_memory_order_of_an_array_does_not_matter(array: Array) -> None:
    assert checksums.of_arrays([np.asfortranarray(array)]) == checksums.of_arrays([array.copy()])


@settings(deadline=None)
@given(small_arrays, st.data())
def test_one_changed_value_changes_the_checksum(array: Array, data: st.DataObject) -> None:
    changed = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    changed.flat[place] ^= 1
    assert checksums.of_arrays([changed]) != checksums.of_arrays([array])


def test_shape_dtype_and_order_of_arrays_matter() -> None:
    array = np.zeros(4, dtype=np.uint8)
    versions: list[list[Array]] = [
        [array],
        [array.reshape(2, 2)],
        [array.view(np.int8)],
        [array, array],
        [array[:2], array[2:]],
    ]
    assert len({checksums.of_arrays(version) for version in versions}) == len(versions)


def test_a_folder_has_the_checksum_that_sha256sum_gives_of_its_sorted_list(tmp_path: Path) -> None:
    for name in ("b.jpg", "a/x.jpg", "a.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    lines = "".join(
        f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n"
        for name in ("a.jpg", "a/x.jpg", "b.jpg")
    )
    assert checksums.of_folder(tmp_path) == hashlib.sha256(lines.encode()).hexdigest()


def test_hidden_files_do_not_change_a_folders_checksum(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("a")
    before = checksums.of_folder(tmp_path)
    for name in (".DS_Store", "._a.jpg", "Thumbs.db"):
        (tmp_path / name).write_text("hidden")
    assert checksums.of_folder(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("train/cat.0.jpg", False),
        ("./train/cat.0.jpg", False),
        ("train/.DS_Store", True),
        ("train/._cat.0.jpg", True),
        ("__MACOSX/train/cat.0.jpg", True),
        ("PetImages/Cat/Thumbs.db", True),
        (".git/x.jpg", True),
    ],
)
def test_hidden_files_are_known_by_their_names(name: str, hidden: bool) -> None:
    assert checksums.is_hidden(name) is hidden


def test_a_list_of_checksums_is_read_as_sha256sum_writes_it(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{'A' * 64}  a b.zip\n{'b' * 64} *c.zip\n\n")
    assert checksums.listed(tmp_path) == {"a b.zip": "a" * 64, "c.zip": "b" * 64}
