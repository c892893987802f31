"""Held-out numbers: what only the grader has."""

from pathlib import Path

import numpy as np


def make(folder: Path, rng: np.random.Generator) -> None:
    """Write hidden.npz: numbers whose mean the student's function is asked for."""
    np.savez(folder / "hidden.npz", numbers=rng.normal(5, 2, 50))
