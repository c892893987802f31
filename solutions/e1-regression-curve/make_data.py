"""Writes data/curve.csv: 2,000 points of y = 2.9 cos(0.6 x) + N(0, 1), seed 0."""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(0)
x = np.linspace(-10, 10, 2000)
y = 2.9 * np.cos(0.6 * x) + rng.normal(0, 1, x.size)
path = Path(__file__).parent / "data" / "curve.csv"
np.savetxt(path, np.column_stack([x, y]), "%.6f", ",", header="x,y", comments="")
