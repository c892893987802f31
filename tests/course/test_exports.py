"""The script with the exported network: what it holds, and when it is refused."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from course import data, exports, inference, runs

ROOT = Path(__file__).parents[2]
PICTURES = np.random.default_rng(3).integers(0, 256, (4, 28, 28), dtype=np.uint8)
SAMPLES = exports.Samples(PICTURES, np.array([0, 1, 2, 0], dtype=np.uint8), "four pictures")
DIGITS = exports.DIGITS


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
    monkeypatch.setattr(exports, "EXPORTS", (DIGITS,))
    monkeypatch.setattr(data, "load_mnist", lambda: (split, split))
    return state


def test_what_is_read_back_computes_the_probabilities_written_beside_it(
    model: Any, tmp_path: Path
) -> None:
    path = tmp_path / "model.js"
    path.write_text(exports.script(DIGITS, model, SAMPLES, {"run": "x/y"}), encoding="utf-8")
    content = exports.read(path)
    computed = inference.predict(exports.steps_in(content), PICTURES / 255)
    np.testing.assert_allclose(
        computed, content["samples"]["probabilities"], atol=exports.TOLERANCE
    )
    assert content["provenance"] == {"run": "x/y"}
    assert content["samples"]["labels"] == [0, 1, 2, 0]


def test_pictures_in_colour_are_written_without_loss_and_read_as_bytes() -> None:
    colours = np.random.default_rng(6).integers(0, 256, (2, 9, 8, 3), dtype=np.uint8)
    samples = exports.Samples(colours, np.array([1, 0]), "two pictures")
    files = [base64.b64decode(text) for text in samples.as_text()["png"]]
    back = [np.asarray(Image.open(io.BytesIO(file))) for file in files]
    np.testing.assert_array_equal(np.stack(back), colours)
    keras.utils.set_random_seed(0)
    seeing = keras.Sequential(
        [
            keras.Input((9, 8, 3)),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(2, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    wanted = exports.Export("seeing", "x/y", lambda: samples)
    text = exports.script(wanted, seeing, samples, {})
    assert text.count('"png"') == 1
    np.testing.assert_array_equal(samples.given, colours.astype(np.float32))


def test_weights_that_half_precision_cannot_hold_are_refused(model: Any) -> None:
    spoilt = keras.models.clone_model(model)
    spoilt.set_weights([weight * 1e6 for weight in model.get_weights()])
    with pytest.raises(exports.ExportError, match="half precision"), np.errstate(all="ignore"):
        exports.script(DIGITS, spoilt, SAMPLES, {})


def test_a_file_over_the_limit_is_refused(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 1000)
    with pytest.raises(exports.ExportError, match="at most 1,000 are committed"):
        exports.script(DIGITS, model, SAMPLES, {})


def test_an_export_holds_the_first_seed_and_the_first_test_picture_of_each_digit(
    course_folder: SimpleNamespace,
) -> None:
    content = exports.read(exports.export(course_folder.root, DIGITS, "2026-01-31"))
    assert content["provenance"]["seed"] == 0
    assert content["provenance"]["exported"] == "2026-01-31"
    assert content["samples"]["labels"] == list(range(10))


def test_exporting_the_same_run_again_keeps_the_file_and_its_date(
    course_folder: SimpleNamespace,
) -> None:
    path = exports.export(course_folder.root, DIGITS, "2026-01-31")
    before = path.read_bytes()
    exports.export(course_folder.root, DIGITS, "2026-02-01")
    assert path.read_bytes() == before


def test_exporting_another_run_changes_the_date(course_folder: SimpleNamespace) -> None:
    exports.export(course_folder.root, DIGITS, "2026-01-31")
    course_folder.runs = course_folder.runs[1:]
    path = exports.export(course_folder.root, DIGITS, "2026-02-01")
    assert exports.read(path)["provenance"]["exported"] == "2026-02-01"


def test_an_export_belongs_to_the_outputs_with_the_same_runs_only(
    course_folder: SimpleNamespace,
) -> None:
    exports.export(course_folder.root, DIGITS, "2026-01-31")
    together = hashlib.sha256(b"aabb").hexdigest()
    assert exports.why_outdated(course_folder.root, {DIGITS.run: together}) is None
    reason = exports.why_outdated(course_folder.root, {DIGITS.run: "other"})
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


def test_one_outdated_network_does_not_make_another_outdated(
    course_folder: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports.export(course_folder.root, DIGITS, "2026-01-31")
    missing = exports.Export("other", "ch10/other", DIGITS.samples)
    monkeypatch.setattr(exports, "EXPORTS", (DIGITS, missing))
    trained = {DIGITS.run: hashlib.sha256(b"aabb").hexdigest()}
    assert exports.why_one_outdated(course_folder.root, DIGITS, trained) is None
    reason = exports.why_one_outdated(course_folder.root, missing, trained)
    assert reason is not None
    assert "other.js is missing" in reason


def test_a_file_that_no_export_writes_is_named(course_folder: SimpleNamespace) -> None:
    exports.export(course_folder.root, DIGITS, "2026-01-31")
    stray = course_folder.root / exports.FOLDER / "old.js"
    stray.write_text("", encoding="utf-8")
    together = hashlib.sha256(b"aabb").hexdigest()
    reason = exports.why_outdated(course_folder.root, {DIGITS.run: together})
    assert reason is not None
    assert "models/web/old.js is no network" in reason


def test_a_line_in_the_table_adds_a_head_on_features(
    course_folder: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras.utils.set_random_seed(0)
    features = np.random.default_rng(5).normal(size=(4, 1280)).astype(np.float32)
    head = keras.Sequential([keras.Input((1280,)), layers.Dense(1, activation="sigmoid")])
    head.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    fit = head.fit(features, np.array([0, 0, 1, 1]), epochs=2, verbose=0)
    assert len(fit.history["loss"]) == 2
    samples = exports.Samples(features, np.array([0, 0, 1, 1]), "four rows")
    line = exports.Export("pets", "ch10/frozen", lambda: samples)
    monkeypatch.setattr(exports, "EXPORTS", (DIGITS, line))
    stored = {DIGITS.run: course_folder.runs, line.run: [FakeRun(head, 0, 1281, "cc")]}
    monkeypatch.setattr(runs, "load", stored.__getitem__)

    for wanted in exports.EXPORTS:
        path = exports.export(course_folder.root, wanted, "2026-01-31")

    assert path.name == "pets.js"
    assert path.stat().st_size < 30_000
    content = exports.read(path)
    assert content["provenance"]["run"] == "ch10/frozen"
    assert content["provenance"]["parameters"] == 1281
    assert content["samples"]["labels"] == [0, 0, 1, 1]
    rows = np.frombuffer(base64.b64decode(content["samples"]["features"]), "<f2")
    computed = inference.predict(exports.steps_in(content), rows.reshape(4, 1280))
    expected = content["samples"]["probabilities"]
    np.testing.assert_allclose(computed, expected, atol=exports.TOLERANCE)
    np.testing.assert_allclose(computed, head.predict(features, verbose=0), atol=0.01)
    digests = {DIGITS.run: hashlib.sha256(b"aabb").hexdigest()}
    reason = exports.why_outdated(course_folder.root, digests)
    assert reason is not None
    assert "pets.js holds other weights than the run 'ch10/frozen'" in reason
    digests[line.run] = hashlib.sha256(b"cc").hexdigest()
    assert exports.why_outdated(course_folder.root, digests) is None


@pytest.mark.slow
def test_the_features_of_real_photos_tell_two_cats_and_two_dogs_apart() -> None:
    samples = exports.pet_features()
    assert samples.inputs.shape == (4, 1280)
    assert samples.labels.tolist() == [0, 0, 1, 1]
    one, other, third, fourth = samples.inputs / np.linalg.norm(samples.inputs, axis=1)[:, None]
    assert one @ other > max(one @ third, one @ fourth)
    assert third @ fourth > max(third @ one, third @ other)


def test_every_export_of_the_table_has_a_name_of_its_own() -> None:
    names = [wanted.name for wanted in exports.EXPORTS]
    assert len(set(names)) == len(names)


def test_the_check_says_that_a_missing_file_is_missing(tmp_path: Path) -> None:
    reason = exports.why_outdated(tmp_path, {})
    assert reason is not None
    assert "missing" in reason


@pytest.mark.parametrize("wanted", exports.EXPORTS, ids=lambda wanted: wanted.name)
def test_a_committed_network_gives_its_samples_their_labels(wanted: exports.Export) -> None:
    path = ROOT / exports.FOLDER / f"{wanted.name}.js"
    content = exports.read(path)
    probabilities = np.array(content["samples"]["probabilities"])
    given = (
        probabilities.argmax(axis=1) if probabilities.shape[1] > 1 else probabilities[:, 0] > 0.5
    )
    assert given.astype(int).tolist() == content["samples"]["labels"]
    assert path.stat().st_size < exports.LARGEST
