"""The file of a model is looked into before Keras opens it; what no chapter needs is refused."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from course.errors import RunError
from course.runs import models

# Keras has not followed NumPy there.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small compiled network with most of what chapters use."""
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.RandomFlip("horizontal"),
            layers.Conv2D(2, 3, kernel_regularizer=keras.regularizers.L2(0.1)),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 10)
    optimizer = keras.optimizers.Adam(schedule)
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    path = tmp_path_factory.mktemp("model") / "model.keras"
    model.save(path)
    return path


def rewritten(saved: Path, to: Path, **parts: bytes | None) -> Path:
    """The file of the model with other parts; `config`, `weights`, or any name with `extra`."""
    names = {"config": models.CONFIG, "weights": models.WEIGHTS, "metadata": models.METADATA}
    with zipfile.ZipFile(saved) as archive:
        content: dict[str, bytes | None] = {n: archive.read(n) for n in archive.namelist()}
    content |= {names.get(part, part): value for part, value in parts.items()}
    with zipfile.ZipFile(to, "w") as archive:
        for name, value in content.items():
            if value is not None:
                archive.writestr(name, value)
    return to


def config_of(saved: Path) -> dict[str, Any]:
    with zipfile.ZipFile(saved) as archive:
        return dict(json.loads(archive.read(models.CONFIG)))


def weights(fill: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def refused(path: Path) -> str:
    with pytest.raises(RunError) as caught:
        models.check(path)
    return str(caught.value)


def test_what_keras_saves_of_a_chapters_network_passes_and_is_loaded(saved: Path) -> None:
    models.check(saved)
    assert keras.saving.load_model(saved).count_params() > 0


def test_networks_with_branches_and_a_network_inside_pass(tmp_path: Path) -> None:
    first = keras.Input((8,))
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(8)])
    model = keras.Model(first, layers.Add()([inner(first), first]))
    model.save(tmp_path / "model.keras")
    models.check(tmp_path / "model.keras")


def test_the_layers_that_may_be_named_are_all_layers_of_keras() -> None:
    assert [name for name in models.LAYERS if not hasattr(layers, name)] == []
    assert "Lambda" not in models.LAYERS


@pytest.mark.parametrize("module", sorted(models.MODULES))
def test_a_module_of_which_any_class_may_be_named_has_no_class_that_reads_or_runs(
    module: str,
) -> None:
    found = vars(importlib.import_module(module))
    classes = [value for name, value in found.items() if models.CLASS.fullmatch(name)]
    assert classes
    assert all(isinstance(one, type) and one.__module__.startswith("keras.") for one in classes)


def test_a_lambda_layer_is_refused_here_and_by_keras(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x + 1)])
    model.save(tmp_path / "model.keras")
    assert "it names keras.layers.'Lambda', which no chapter needs" in refused(
        tmp_path / "model.keras"
    )
    with pytest.raises(ValueError, match=r"[Ll]ambda"):
        keras.saving.load_model(tmp_path / "model.keras")


@pytest.mark.parametrize(
    "change",
    [
        {"module": "os", "class_name": "system"},
        {"module": "builtins", "class_name": "function", "config": "print"},
        {"module": "keras.layers", "class_name": "TFSMLayer"},
        {"module": "keras.layers", "class_name": "TextVectorization"},
        {"module": "keras.layers", "class_name": "TorchModuleWrapper"},
        {"module": "keras.utils", "class_name": "get_file"},
        {"module": "keras.losses", "class_name": "deserialize"},
        {"module": "keras.src.layers.core.lambda_layer", "class_name": "Lambda"},
        {"module": None, "class_name": "__lambda__"},
        {"module": None, "class_name": "__typespec__"},
        {"module": None, "class_name": "Lambda"},
        {"module": None, "class_name": "Dense"},
        {"registered_name": "package>Other"},
        {"registered_name": "Lambda"},
        {"class_name": ["Dense"]},
        {"module": {"keras": 1}},
    ],
)
def test_a_description_that_names_anything_else_is_refused(
    saved: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    config = config_of(saved)
    config["config"]["layers"][1].update(change)
    path = rewritten(saved, tmp_path / "m.keras", config=json.dumps(config).encode())
    assert "which no chapter needs" in refused(path)


def test_what_is_named_deep_inside_is_found(saved: Path, tmp_path: Path) -> None:
    config = config_of(saved)
    config["compile_config"]["metrics"] = [[{"x": {"class_name": "system", "module": "os"}}]]
    path = rewritten(saved, tmp_path / "m.keras", config=json.dumps(config).encode())
    assert "it names os.'system'" in refused(path)


@pytest.mark.parametrize("name", ["../outside", "assets/x.pkl", "/etc/passwd", "more.json"])
def test_a_file_with_another_part_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    path = rewritten(saved, tmp_path / "m.keras", **{name: b"x"})
    assert "something else than a description and weights" in refused(path)


@pytest.mark.parametrize("part", ["config", "weights", "metadata"])
def test_a_file_without_a_part_is_refused(saved: Path, tmp_path: Path, part: str) -> None:
    path = rewritten(saved, tmp_path / "m.keras", **{part: None})
    assert "something else than a description and weights" in refused(path)


def test_a_part_that_is_there_twice_is_refused(saved: Path, tmp_path: Path) -> None:
    path = rewritten(saved, tmp_path / "m.keras")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(models.CONFIG, "{}")
    assert "something else" in refused(path)


def test_a_description_that_unpacks_to_too_much_is_not_unpacked(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(models.CONFIG, b" " * (models.LARGEST_TEXT + 1))
        archive.writestr(models.METADATA, b"{}")
        archive.writestr(models.WEIGHTS, b"")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it is decompressed"))
    assert "unpacks to more than any model" in refused(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_without_a_bound_is_refused(saved: Path, tmp_path: Path, packing: int) -> None:
    with zipfile.ZipFile(saved) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "m.keras", "w", packing) as archive:
        for name, value in content.items():
            archive.writestr(name, value)
    assert "packed in another way" in refused(tmp_path / "m.keras")


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout(shape=(2,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(2,))
    file.create_virtual_dataset("w", layout)


def circle(file: Any) -> None:
    group = file.create_group("g")
    group["again"] = group


@pytest.mark.parametrize(
    ("fill", "why"),
    [
        (lambda f: f.__setitem__("w", h5py.ExternalLink("other.h5", "/w")), "hold a link"),
        (lambda f: f.__setitem__("w", h5py.SoftLink("/elsewhere")), "hold a link"),
        (
            lambda f: f.create_dataset("w", (2,), "f4", external=[("/etc/hostname", 0, 8)]),
            "lie in another file",
        ),
        (virtual, "lie in another file"),
        (circle, "nested without end"),
        (lambda f: f.create_dataset("w", (10**12,), "f4", chunks=(1,)), "larger than its file"),
        (
            lambda f: f.create_dataset("w", data=np.zeros(10**6), compression="gzip"),
            "larger than its file",
        ),
        (lambda f: f.create_dataset("w", data=["text"], dtype=h5py.string_dtype()), "no plain"),
        (lambda f: f.__setitem__("w", np.dtype("f4")), "no plain numbers"),
    ],
)
def test_weights_that_are_not_plain_arrays_in_the_file_are_refused(
    saved: Path, tmp_path: Path, fill: Callable[[Any], object], why: str
) -> None:
    assert why in refused(rewritten(saved, tmp_path / "m.keras", weights=weights(fill)))


def test_a_pickle_in_place_of_the_weights_is_damaged(saved: Path, tmp_path: Path) -> None:
    import pickle

    path = rewritten(saved, tmp_path / "m.keras", weights=pickle.dumps({"w": 1}))
    assert "its file is damaged" in refused(path)


def test_a_description_that_is_nested_too_deep_is_damaged(saved: Path, tmp_path: Path) -> None:
    path = rewritten(saved, tmp_path / "m.keras", config=b"[" * 100_000)
    assert "its file is damaged" in refused(path)


@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(saved: Path, data: Any) -> None:
    content = bytearray(saved.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(0, len(content)))
    content[at] ^= data.draw(st.integers(1, 255))
    path = saved.with_name("damaged.keras")
    path.write_bytes(content[:end] if data.draw(st.booleans()) else content)
    # Any other exception would be a fault.
    with contextlib.suppress(RunError):
        models.check(path)
