"""Pictures that submissions hand over, each kept once for all submissions to an exercise.

The same photo is in the whole set and in one of its parts, and most submissions resize alike. What
a function of the student makes of pictures in floating point is kept in 256 levels.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import filelock
import numpy as np
from PIL import Image

FILE = "pictures.npz"
PARTS = ("0123", "4567", "89ab", "cdef")


def store(recorded: Path) -> Path:
    """Where the pictures of a recording are kept: beside the notebooks."""
    return recorded.parents[1] / FILE


def load(path: Path) -> dict[str, np.ndarray]:
    """The pictures of a file by their keys; none where there is no file."""
    packed = _packed(path)
    return {key: np.asarray(Image.open(io.BytesIO(packed[key].tobytes()))) for key in packed}


def parts(path: Path) -> list[Path]:
    """The files of a store, by the first digit of the keys in them, so that none is large."""
    return [path.with_name(f"{path.stem}-{digits}.npz") for digits in PARTS]


def _packed(path: Path) -> dict[str, np.ndarray]:
    packed: dict[str, np.ndarray] = {}
    for part in parts(path):
        if part.is_file():
            with np.load(part, allow_pickle=False) as file:
                packed |= {key: file[key] for key in file.files}
    return packed


def add(path: Path, more: Mapping[str, np.ndarray]) -> None:
    """Add pictures to a file, packed without loss; two recordings may end at the same time."""
    with filelock.FileLock(path.with_suffix(".lock")):
        packed = _packed(path)
        for key in sorted(more.keys() - packed.keys()):
            made = io.BytesIO()
            Image.fromarray(more[key]).save(made, "WEBP", lossless=True, quality=100, method=6)
            packed[key] = np.frombuffer(made.getvalue(), np.uint8)
        _write(path, packed)


def _write(path: Path, packed: Mapping[str, np.ndarray]) -> None:
    for digits, part in zip(PARTS, parts(path), strict=True):
        mine = {key: packed[key] for key in sorted(packed) if key[0] in digits}
        if mine:
            np.savez(part, **mine)  # type: ignore[arg-type]


def encode(array: np.ndarray, known: dict[str, np.ndarray]) -> dict[str, Any] | None:
    """Whole levels from 0 to 255 as keys of pictures, which are added to `known`; None for others.

    Args:
        array: `(height, width, 3)` or `(n, height, width, 3)`.
        known: pictures by their keys.
    """
    if array.ndim not in (3, 4) or array.shape[-1] != 3 or not array.size:
        return None
    with np.errstate(invalid="ignore"):
        levels = array.astype(np.uint8)
    if not np.array_equal(levels, array):
        return None
    keys = []
    for picture in levels.reshape(-1, *array.shape[-3:]):
        key = hashlib.sha256(f"{picture.shape}".encode() + picture.tobytes()).hexdigest()[:16]
        known[key] = picture
        keys.append(key)
    return {"pictures": keys, "shape": list(array.shape), "dtype": str(array.dtype)}


def decode(found: Mapping[str, Any], known: Mapping[str, np.ndarray]) -> np.ndarray:
    """The array that was encoded."""
    pictures = np.stack([known[key] for key in found["pictures"]])
    return pictures.reshape(found["shape"]).astype(found["dtype"])


def levels(array: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Floating point in 256 levels, and what brings it back."""
    low, high = float(array.min()), float(array.max())
    steps = (array - low) / ((high - low) or 1) * 255
    return np.round(steps).astype(np.uint8), {"low": low, "high": high, "dtype": str(array.dtype)}


def smooth(found: np.ndarray, scale: Mapping[str, Any]) -> np.ndarray:
    """What `levels` made, as floating point."""
    span = scale["high"] - scale["low"]
    return (found.astype(np.float64) / 255 * span + scale["low"]).astype(scale["dtype"])
