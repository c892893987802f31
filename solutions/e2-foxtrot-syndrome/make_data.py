"""Writes data/patients.csv: 800 patients of the law, seed 0, those without the syndrome first."""

import runpy
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
law = runpy.run_path(str(HERE / "law.py"))
table = law["draw"](np.random.default_rng(0), 800)
table = table[np.argsort(table[:, -1], kind="stable")]
lines = [",".join([*law["SYMPTOMS"], "foxtrot"])]
lines += [",".join("" if np.isnan(v) else f"{v:.0f}" for v in row) for row in table]
(HERE / "data" / "patients.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
