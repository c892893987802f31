"""A trained network as plain steps: what it computes when it predicts, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.errors import CourseError

Array = np.ndarray[Any, Any]

SILENT = frozenset({"InputLayer", "RandomTranslation", "RandomRotation", "RandomZoom", "Dropout"})


class InferenceError(CourseError):
    """A network has a layer that the steps cannot express."""


@dataclass(frozen=True)
class Step:
    """One operation of a network at prediction time.

    Attributes:
        kind: `conv`, `scale`, `relu`, `pool`, `global-pool`, `global-mean`, `flatten`, `dense`,
            `softmax` or `sigmoid`.
        options: plain values, as `{"padding": "same"}`.
        arrays: float32 arrays, in the order in which they are written.
    """

    kind: str
    options: dict[str, Any]
    arrays: tuple[Array, ...] = ()


def steps_of(model: Any) -> list[Step]:
    """What a trained Keras `Sequential` model does at prediction time, batch norm folded.

    Batch norm is then a multiplication and an addition per channel. Right after a convolution
    both go into its filters and bias. With a max pooling between them a negative factor would
    turn the largest value into the smallest, so there they stay a step of their own.

    Args:
        model: convolutions of stride 1, 2×2 max pooling, batch norm, rescaling, ReLU, global max
            or average pooling, flatten and dense layers; layers that act in training only are left
            out.

    Raises:
        InferenceError: a layer or one of its settings is none of these.
    """
    steps: list[Step] = []
    for layer in model.layers:
        kind = type(layer).__name__
        if kind in SILENT:
            continue
        if kind == "BatchNormalization":
            factor, shift = _normalisation(layer)
            if steps and steps[-1].kind == "conv":
                kernel, bias = steps[-1].arrays
                arrays = (kernel * factor, bias * factor + shift)
                steps[-1] = Step("conv", steps[-1].options, arrays)
            else:
                steps.append(Step("scale", {}, (factor, shift)))
        else:
            steps += _plain_steps(kind, layer)
    return steps


def _plain_steps(kind: str, layer: Any) -> list[Step]:
    settings = layer.get_config()
    if kind == "Conv2D":
        _expect(layer, settings, strides=(1, 1), dilation_rate=(1, 1), groups=1)
        step = Step("conv", {"padding": settings["padding"]}, _kernel_and_bias(layer))
        return [step, *_activation(layer, settings["activation"])]
    if kind == "Dense":
        step = Step("dense", {}, _kernel_and_bias(layer))
        return [step, *_activation(layer, settings["activation"])]
    if kind == "MaxPooling2D":
        _expect(layer, settings, pool_size=(2, 2), strides=(2, 2), padding="valid")
        return [Step("pool", {})]
    if kind == "GlobalMaxPooling2D":
        return [Step("global-pool", {})]
    if kind == "GlobalAveragePooling2D":
        return [Step("global-mean", {})]
    if kind == "Rescaling":
        channels = (int(layer.output.shape[-1]),)
        pair = (np.float32(settings[name]) for name in ("scale", "offset"))
        return [Step("scale", {}, tuple(np.broadcast_to(value, channels) for value in pair))]
    if kind == "Flatten":
        return [Step("flatten", {})]
    if kind == "Activation":
        return _activation(layer, settings["activation"])
    if kind == "ReLU":
        _expect(layer, settings, max_value=None, negative_slope=0.0, threshold=0.0)
        return [Step("relu", {})]
    raise InferenceError(f"The layer {layer.name!r} is a {kind}, which the pages cannot compute.")


def _activation(layer: Any, name: str) -> list[Step]:
    if name == "linear":
        return []
    if name in ("relu", "softmax", "sigmoid"):
        return [Step(name, {})]
    raise InferenceError(
        f"The layer {layer.name!r} has activation {name!r}; use relu, softmax or sigmoid."
    )


def _expect(layer: Any, settings: Mapping[str, Any], **wanted: Any) -> None:
    for name, value in wanted.items():
        found = settings[name]
        found = tuple(found) if isinstance(found, list) else found
        if found != value:
            raise InferenceError(
                f"The layer {layer.name!r} has {name}={found!r}; the pages compute {value!r} only."
            )


def _kernel_and_bias(layer: Any) -> tuple[Array, Array]:
    weights = [np.asarray(weight, dtype=np.float32) for weight in layer.get_weights()]
    kernel = weights[0]
    return kernel, weights[1] if len(weights) > 1 else np.zeros(kernel.shape[-1], np.float32)


def _normalisation(layer: Any) -> tuple[Array, Array]:
    settings = layer.get_config()
    weights = [np.asarray(weight, dtype=np.float32) for weight in layer.get_weights()]
    variance = weights.pop()
    mean = weights.pop()
    gain = weights.pop(0) if settings["scale"] else np.ones_like(mean)
    offset = weights.pop(0) if settings["center"] else np.zeros_like(mean)
    factor = gain / np.sqrt(variance + settings["epsilon"])
    return factor, offset - mean * factor


def predict(steps: Iterable[Step], images: Array) -> Array:
    """Run a network in NumPy, as the pages do: the reference for both.

    Args:
        steps: from `steps_of`, or read from a file.
        images: `(n, height, width)` or `(n, height, width, channels)` floats in the range that the
            network reads, or `(n, features)` floats for dense layers.

    Returns:
        `(n, classes)` float32 probabilities; `(n, 1)` from a network that ends in a sigmoid.
    """
    x = np.asarray(images, dtype=np.float32)
    x = x[..., np.newaxis] if x.ndim == 3 else x
    for step in steps:
        if step.kind == "conv":
            x = _convolved(x, *step.arrays, same=step.options["padding"] == "same")
        elif step.kind == "dense":
            x = x @ step.arrays[0] + step.arrays[1]
        elif step.kind == "scale":
            x = x * step.arrays[0] + step.arrays[1]
        elif step.kind == "relu":
            x = np.maximum(x, 0)
        elif step.kind == "pool":
            height, width = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
            x = np.maximum.reduce([x[:, i:height:2, j:width:2] for i in (0, 1) for j in (0, 1)])
        elif step.kind == "global-pool":
            x = x.max(axis=(1, 2))
        elif step.kind == "global-mean":
            x = x.mean(axis=(1, 2))
        elif step.kind == "flatten":
            x = x.reshape(len(x), -1)
        elif step.kind == "sigmoid":
            x = np.exp(-np.logaddexp(0, -x))
        else:
            x = np.exp(x - x.max(axis=-1, keepdims=True))
            x /= x.sum(axis=-1, keepdims=True)
    return x


def _convolved(x: Array, kernel: Array, bias: Array, *, same: bool) -> Array:
    height, width = kernel.shape[:2]
    if same:
        top, left = (height - 1) // 2, (width - 1) // 2
        x = np.pad(x, ((0, 0), (top, height - 1 - top), (left, width - 1 - left), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(1, 2))
    product = np.tensordot(windows, kernel, axes=([3, 4, 5], [2, 0, 1])) + bias
    return np.asarray(product, dtype=np.float32)
