"""One picture: opened within limits, looked at, and changed a little."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

# Each format is a parser of its own that a hostile file could have been made for.
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
SMALLEST = 16
# How much longer than wide.
MOST_LONG = 40
# Side of the grey picture by which near-duplicates are found, as in exercise E3.
SIDE = 12
# Longest side of a picture for the tests.
LONGEST = 640
# Most that a value of a pixel changes.
NOISE = 2

Image.MAX_IMAGE_PIXELS = None  # The size is looked at below, before a pixel is decoded.


class Fault(Exception):
    """Why a file is left out: "no picture", "too large", "too small" or "damaged"."""


def opened(path: Path) -> Image.Image:
    """The picture in a file, in colour, as `Image.open(path).convert("RGB")` gives it.

    Raises:
        Fault: there is none that can be used.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Fault("too large")
            # Of a strip, nothing would be left once it is made smaller and cut.
            if min(width, height) < max(SMALLEST, max(width, height) // MOST_LONG):
                raise Fault("too small")
            return picture.convert("RGB")
    except UnidentifiedImageError:
        raise Fault("no picture") from None
    except Fault:
        raise
    except Exception:
        # Whatever a decoder raises: broken data are met in every corner of it.
        raise Fault("damaged") from None


def look(picture: Image.Image) -> NDArray[np.float64]:
    """What a picture looks like from afar.

    Returns:
        Shape (144,): grey values of mean 0 and length 1; zeros for an even surface.
    """
    small = picture.convert("L").resize((SIDE, SIDE))
    grey = np.asarray(small, dtype=float).ravel()
    grey -= grey.mean()
    length = float(np.linalg.norm(grey))
    return grey / length if length > 1e-6 else np.zeros_like(grey)


def changed(picture: Image.Image, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The pixels, changed so that no checksum and no comparison knows them again.

    A picture larger than `LONGEST` is made smaller. A hundredth, at least one row and one column,
    is cut off two sides; every value moves by up to `NOISE`.

    Returns:
        Shape (height, width, 3).
    """
    if max(picture.size) > LONGEST:
        picture.thumbnail((LONGEST, LONGEST))
    pixels = np.asarray(picture, dtype=np.int16)
    height, width = pixels.shape[:2]
    rows, columns = height // 100 + 1, width // 100 + 1
    up, left = rng.integers(0, 2, size=2)
    cut = pixels[
        up * rows : height - (1 - up) * rows, left * columns : width - (1 - left) * columns
    ]
    moved = cut + rng.integers(-NOISE, NOISE + 1, size=cut.shape)
    found: NDArray[np.uint8] = np.clip(moved, 0, 255).astype(np.uint8)
    return found
