"""Pictures that differ as photos of different scenes do, and folders of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from autograder.held_back.plan import HeldBack

PLAN = HeldBack("photos", 0.2, 4, "a secret of the tests")
TABLE = f"""\
[held_back]
folder = "{PLAN.folder}"
share = {PLAN.share}
at_least = {PLAN.at_least}
seed = "{PLAN.seed}"
"""
EXERCISE = f"[files]\nstudent = []\n{TABLE}"


def scene(rng: np.random.Generator, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture of hills of colour; two of them are not alike."""
    hills = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(hills).resize(size, Image.Resampling.BICUBIC)


def again(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A near-duplicate: a little noise, a little other light."""
    pixels = np.asarray(picture, dtype=float) * rng.uniform(0.95, 1.05)
    return Image.fromarray(
        np.clip(pixels + rng.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)
    )


def folder(place: Path, counts: Mapping[str, int], seed: int = 0) -> dict[str, Path]:
    """Write so many pictures of each class below `photos`; the files by their paths."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, count in counts.items():
        (place / "photos" / name).mkdir(parents=True)
        for number in range(count):
            path = place / "photos" / name / f"{number:03}.jpg"
            scene(rng).save(path)
            found[path.relative_to(place).as_posix()] = path
    return found
