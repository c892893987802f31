"""Fresh points from the law of the exercise, over the whole range: what only the grader has."""

from pathlib import Path

import numpy as np

POINTS = 4000


def make(folder: Path, rng: np.random.Generator) -> None:
    """Write fresh.npz: x evenly spread over [-10, 10], and y with noise of its own."""
    x = -10 + 20 * (np.arange(POINTS) + rng.random(POINTS)) / POINTS
    y = 2.9 * np.cos(0.6 * x) + rng.normal(0, 1, POINTS)
    np.savez(folder / "fresh.npz", x=x, y=y)
