"""Patients from the law of the exercise whom only the grader has."""

import runpy
from pathlib import Path

import numpy as np

PATIENTS = 4000
HERE = Path(__file__).parent


def make(folder: Path, rng: np.random.Generator) -> None:
    """Write patients.npz: `table` of shape (4000, 9), none of its rows among the students'."""
    law = runpy.run_path(str(HERE / "law.py"))
    known = np.genfromtxt(HERE / "data" / "patients.csv", delimiter=",", skip_header=1)
    # A few more than needed: some are alike by chance.
    table = law["different"](law["draw"](rng, PATIENTS + 200), known)[:PATIENTS]
    np.savez(folder / "patients.npz", table=table)
