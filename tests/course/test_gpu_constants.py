"""The constants of the profile gpu can be trained with, although nobody waits for the result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course import chapters

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "gpu_constants.py"
# The book, and what waits to come into it.
CHAPTERS = [
    path
    for folder in ("book", "drafts")
    for path in sorted((ROOT / folder).glob("[0-9]*.md"))
    if "runs.repeat(" in path.read_text(encoding="utf-8")
]


def tried(path: Path, folder: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        "CNN_COURSE_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(path)],
        env=environment, cwd=folder, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.slow
@pytest.mark.skipif("CNN_COURSE_DATA" not in os.environ, reason="CNN_COURSE_DATA names no data")
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_training_of_a_chapter_begins_with_the_constants_for_a_gpu(
    path: Path, tmp_path: Path
) -> None:
    found = tried(path, tmp_path)
    assert found["faults"] == [], found["notes"]
    assert set(chapters.read(path).trains) <= set(found["trained"])


@pytest.mark.slow
@pytest.mark.skipif("CNN_COURSE_DATA" not in os.environ, reason="CNN_COURSE_DATA names no data")
def test_the_chapter_on_transfer_learning_runs_with_its_other_base(tmp_path: Path) -> None:
    text = (ROOT / "book" / "10-transfer-learning.md").read_text(encoding="utf-8")
    # The weights are a download; the architecture needs none.
    for old, new in (
        ('BASE = "EfficientNetLite0"', 'BASE = "VGG16"'),
        ("include_top=False, weights=weights, input_tensor", "include_top=False, input_tensor"),
        ("input_tensor=scaled,", "input_tensor=scaled, weights=None,"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "10-transfer-learning.md"
    path.write_text(text, encoding="utf-8")
    found = tried(path, tmp_path)
    assert found["faults"] == [], found["notes"]
    assert {"ch10/frozen", "ch10/end-to-end", "ch10/order-all-at-once"} <= set(found["trained"])


SMALL = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

```{code-cell} python
import keras
import numpy as np

from course import runs
from course.profiles import choose

BATCH = choose(cpu=10, gpu=50)
WIDTH = choose(cpu=2, gpu=3)
x, y = np.ones((60, 4), "float32"), np.zeros(60)
```

```{code-cell} python
def train(seed):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(WIDTH), keras.layers.Dense(1)])
    model.compile("adam", loss="mse")
    fit = model.fit(x, y, batch_size=BATCH, epochs=9, validation_split=0.1, verbose=0)
    assert model.predict(x, verbose=0).shape == (60, 1)
    return model, fit.history, {"mse": model.evaluate(x, y, verbose=0)}


found = runs.repeat(train, name="a/first")
assert [len(run.history["val_loss"]) for run in found] == [9, 9, 9]
```
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("", "", None),
        ("gpu=50", "gpu=55", "a batch of 55 is larger than the 54 examples"),
        ("gpu=3", "gpu=0", "ValueError"),
        ("gpu=3", "gpu='wide'", "ValueError"),
        ("epochs=9", "epochs=choose(cpu=9, gpu=0)", "0 epochs end before"),
        (", gpu=3", "", "NameError"),
    ],
)
def test_a_constant_that_cannot_work_is_found(
    tmp_path: Path, old: str, new: str, fault: str | None
) -> None:
    path = tmp_path / "chapter.md"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    found = tried(path, tmp_path)
    if fault is None:
        assert (found["faults"], found["trained"]) == ([], ["a/first"])
    else:
        assert fault in "\n".join(found["faults"])
