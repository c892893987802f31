"""The script with the exported network: what it holds, and when it is refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course import data, exports, inference, runs

ROOT = Path(__file__).parents[2]
SAMPLES = np.random.default_rng(3).integers(0, 256, (4, 28, 28), dtype=np.uint8)
LABELS = np.array([0, 1, 2, 0], dtype=np.uint8)


@dataclass(frozen=True)
class FakeRun:
    """What `exports.export` needs of a run."""

    model: Any
    seed: int = 0
    parameters: int = 33
    digest: str = "aa"

    @property
    def scores(self) -> dict[str, float]:
        return {"test accuracy": 0.9}


@pytest.fixture(scope="module")
def model() -> Any:
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(2, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalMaxPooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.fixture
def course_folder(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A folder to export into, with a run store and a test set of three pictures a digit."""
    state = SimpleNamespace(root=tmp_path, runs=[FakeRun(model), FakeRun(model, 1, digest="bb")])
    pictures = np.random.default_rng(4).integers(0, 256, (30, 28, 28), dtype=np.uint8)
    split = (pictures, np.arange(30, dtype=np.uint8) % 10)
    monkeypatch.setattr(runs, "load", lambda name: state.runs)
    monkeypatch.setattr(data, "load_mnist", lambda: (split, split))
    return state


def test_what_is_read_back_computes_the_probabilities_written_beside_it(
    model: Any, tmp_path: Path
) -> None:
    path = tmp_path / "model.js"
    path.write_text(exports.script(model, SAMPLES, LABELS, {"run": "x/y"}), encoding="utf-8")
    content = exports.read(path)
    computed = inference.predict(exports.steps_in(content), SAMPLES / 255)
    np.testing.assert_allclose(
        computed, content["samples"]["probabilities"], atol=exports.TOLERANCE
    )
    assert content["provenance"] == {"run": "x/y"}
    assert content["samples"]["labels"] == [0, 1, 2, 0]


def test_weights_that_half_precision_cannot_hold_are_refused(model: Any) -> None:
    spoilt = keras.models.clone_model(model)
    spoilt.set_weights([weight * 1e6 for weight in model.get_weights()])
    with pytest.raises(exports.ExportError, match="half precision"), np.errstate(all="ignore"):
        exports.script(spoilt, SAMPLES, LABELS, {})


def test_a_file_over_the_limit_is_refused(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 1000)
    with pytest.raises(exports.ExportError, match="at most 1,000 are committed"):
        exports.script(model, SAMPLES, LABELS, {})


def test_an_export_holds_the_first_seed_and_the_first_test_picture_of_each_digit(
    course_folder: SimpleNamespace,
) -> None:
    content = exports.read(exports.export(course_folder.root, "2026-01-31"))
    assert content["provenance"]["seed"] == 0
    assert content["provenance"]["exported"] == "2026-01-31"
    assert content["samples"]["labels"] == list(range(10))


def test_exporting_the_same_run_again_keeps_the_file_and_its_date(
    course_folder: SimpleNamespace,
) -> None:
    path = exports.export(course_folder.root, "2026-01-31")
    before = path.read_bytes()
    exports.export(course_folder.root, "2026-02-01")
    assert path.read_bytes() == before


def test_exporting_another_run_changes_the_date(course_folder: SimpleNamespace) -> None:
    exports.export(course_folder.root, "2026-01-31")
    course_folder.runs = course_folder.runs[1:]
    path = exports.export(course_folder.root, "2026-02-01")
    assert exports.read(path)["provenance"]["exported"] == "2026-02-01"


def test_an_export_belongs_to_the_outputs_with_the_same_runs_only(
    course_folder: SimpleNamespace,
) -> None:
    exports.export(course_folder.root, "2026-01-31")
    together = hashlib.sha256(b"aabb").hexdigest()
    assert exports.why_outdated(course_folder.root, {exports.RUN: together}) is None
    reason = exports.why_outdated(course_folder.root, {exports.RUN: "other"})
    assert reason is not None
    assert "course export" in reason


@pytest.mark.parametrize("text", ["", "(window.x) = {\n broken", '= {\n "format": 0\n};\n'])
def test_a_damaged_file_is_named_with_the_command_that_writes_it_anew(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "mnist-best.js"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(exports.ExportError, match=r"mnist-best\.js .*`course export`"):
        exports.read(path)


def test_the_check_says_that_a_missing_file_is_missing(tmp_path: Path) -> None:
    reason = exports.why_outdated(tmp_path, {})
    assert reason is not None
    assert "missing" in reason


def test_the_committed_network_reads_its_sample_digits() -> None:
    path = ROOT / exports.FOLDER / f"{exports.NAME}.js"
    content = exports.read(path)
    probabilities = np.array(content["samples"]["probabilities"])
    assert probabilities.argmax(axis=1).tolist() == content["samples"]["labels"]
    assert path.stat().st_size < exports.LARGEST
