"""Fresh photos of the starter set's letters, each of a scene of its own: what only the grader has."""

import runpy
import shutil
from pathlib import Path

import numpy as np

PHOTOS = 25


def make(folder: Path, rng: np.random.Generator) -> None:
    """Write fresh.npz, 25 photos of each letter with upright and wide ones apart, and unseen.py."""
    here = Path(__file__).parent
    shutil.copyfile(here / "unseen.py", folder / "unseen.py")
    letters = runpy.run_path(str(here / "letters.py"))
    upright, wide = [], []
    for number, letter in enumerate(letters["CLASSES"]):
        for _ in range(PHOTOS):
            photo = letters["shoot"](letters["scene"](letter, rng), rng)
            (upright if photo.shape[0] > photo.shape[1] else wide).append((photo, number))
    arrays = {}
    for name, found in (("upright", upright), ("wide", wide)):
        arrays[name] = np.stack([photo for photo, _ in found])
        arrays[f"{name}_label"] = np.array([number for _, number in found])
    np.savez(folder / "fresh.npz", **arrays)
