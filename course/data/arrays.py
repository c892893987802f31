"""Loads a data set of arrays, checks every byte of them, and keeps what is slow to decode."""

from __future__ import annotations

import lzma
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.data import checksums, files, places
from course.data.progress import say
from course.data.registry import DataSet, File, Variant
from course.errors import DataError

Arrays = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
"""x_train, y_train, x_test, y_test."""

Decoder = Callable[[Path, File], Arrays]

KEYS = ("x_train", "y_train", "x_test", "y_test")

# What reading an altered file may raise: from zip, gzip and tar, NumPy, Pillow and pickle.
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    AssertionError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    pickle.UnpicklingError,
)


def load(data_set: DataSet, variant: Variant, decode: Decoder, *, keep: bool) -> Arrays:
    """The arrays of a variant, from wherever they are.

    Args:
        data_set: the data set.
        variant: one of its variants.
        decode: reads the arrays out of the variant's file.
        keep: whether decoding is slow enough to keep the decoded arrays in the cache.

    Raises:
        DataError: the file is nowhere, is altered, or decodes to something else.
    """
    kept = kept_path(data_set, variant)
    if keep and kept.is_file():
        arrays = read_kept(variant, kept)
        if arrays is not None:
            return arrays
        say(f"{kept} is altered or out of date; decoding {data_set.title} again")
    arrays, found, checksum = _decoded(data_set, variant, decode)
    if not variant.checksum:
        say(
            f"{data_set.title} ({variant.name}): the decoded arrays have the checksum {checksum}. "
            f"The registry lists none to compare it with. {variant.checksum_source}"
        )
    if keep:
        _keep(kept, arrays, found, checksum)
    return arrays


def kept_path(data_set: DataSet, variant: Variant) -> Path:
    """Where decoded arrays are kept."""
    return files.folder(data_set) / f"{variant.name}.npz"


def read_kept(variant: Variant, path: Path) -> Arrays | None:
    """Kept arrays, or None where they are altered or come from a file no longer listed."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = tuple(content[key] for key in KEYS)
            made_from, measured = str(content["made_from"]), str(content["checksum"])
    except UNREADABLE:
        return None
    listed = made_from in [file.sha256 for file in variant.files]
    if not listed or checksums.of_arrays(arrays) != (variant.checksum or measured):
        return None
    x_train, y_train, x_test, y_test = arrays
    return x_train, y_train, x_test, y_test


def _decoded(
    data_set: DataSet, variant: Variant, decode: Decoder
) -> tuple[Arrays, files.Found, str]:
    found = files.obtain(data_set, variant)
    arrays, checksum = _attempt(found, decode)
    if arrays is None or checksum != (variant.checksum or checksum):
        # The file may have changed without its size and times: read it in full.
        found = files.obtain(data_set, variant, trust=False)
        arrays, checksum = _attempt(found, decode)
    if arrays is None or checksum != (variant.checksum or checksum):
        got = f"arrays with the checksum {checksum[:12]}…" if checksum else "nothing readable"
        raise DataError(
            f"{found.path} is the file that the registry lists but decodes to {got} instead of "
            f"{variant.checksum[:12]}…: NumPy or Pillow here reads it in another way. Install "
            "them in the versions of requirements.txt."
        )
    return arrays, found, checksum


def _attempt(found: files.Found, decode: Decoder) -> tuple[Arrays | None, str]:
    try:
        arrays = decode(found.path, found.file)
    except UNREADABLE:
        return None, ""
    return arrays, checksums.of_arrays(arrays)


def _keep(path: Path, arrays: Arrays, found: files.Found, checksum: str) -> None:
    content: dict[str, Any] = dict(zip(KEYS, arrays, strict=True))
    size = sum(array.nbytes for array in arrays)
    with places.whole_file(path, size) as part, part.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            made_from=np.array(found.sha256),
            checksum=np.array(checksum),
            **content,
        )
