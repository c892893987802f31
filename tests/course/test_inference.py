"""A network as plain steps computes what Keras computes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course import inference


def trained(*parts: Any) -> Any:
    """A network whose weights and batch-norm statistics are random, as after training."""
    model = keras.Sequential([keras.Input((12, 12, 1)), *parts])
    rng = np.random.default_rng(1)
    for layer in model.layers:
        shapes = [weight.shape for weight in layer.get_weights()]
        weights = [rng.normal(size=shape).astype("float32") for shape in shapes]
        if isinstance(layer, layers.BatchNormalization):
            weights[-1] = np.abs(weights[-1]) + 0.1  # a variance
        if weights and not isinstance(layer, layers.RandomTranslation):
            layer.set_weights(weights)
    return model


NETWORKS = {
    "no batch norm": lambda: trained(
        layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(6, activation="relu"),
        layers.Dense(3, activation="softmax"),
    ),
    "batch norm right after the convolution": lambda: trained(
        layers.Conv2D(4, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.GlobalMaxPooling2D(),
        layers.Dense(3),
        layers.Activation("softmax"),
    ),
    "a pooling between, with negative factors": lambda: trained(
        layers.Conv2D(8, 3, use_bias=False),
        layers.MaxPooling2D(),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Conv2D(4, (2, 4), padding="same"),
        layers.BatchNormalization(scale=False),
        layers.GlobalMaxPooling2D(),
        layers.Dense(3, activation="softmax"),
    ),
    "one number between 0 and 1": lambda: trained(
        layers.Conv2D(4, 3),
        layers.GlobalMaxPooling2D(),
        layers.Dense(1, activation="sigmoid"),
    ),
    "bytes rescaled, and the mean of the last maps": lambda: trained(
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.BatchNormalization(),
        layers.Conv2D(4, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(1, activation="sigmoid"),
    ),
    "layers that act in training only": lambda: trained(
        layers.RandomTranslation(0.1, 0.1),
        layers.Conv2D(4, 3),
        layers.Dropout(0.5),
        layers.BatchNormalization(center=False),
        layers.GlobalMaxPooling2D(),
        layers.Dense(3, activation="softmax"),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_steps_of_a_network_give_the_probabilities_of_keras(name: str) -> None:
    model = NETWORKS[name]()
    images = np.random.default_rng(2).random((5, 12, 12), dtype=np.float32)
    expected = model(images[..., np.newaxis], training=False)
    computed = inference.predict(inference.steps_of(model), images)
    np.testing.assert_allclose(computed, np.asarray(expected), atol=1e-4)


def test_colours_are_rescaled_each() -> None:
    shift = [-3.0, 0.0, 4.0]
    model = keras.Sequential([keras.Input((2, 2, 3)), layers.Rescaling(2.0, offset=shift)])
    model.add(layers.GlobalAveragePooling2D())
    images = np.random.default_rng(2).random((5, 2, 2, 3), dtype=np.float32)
    computed = inference.predict(inference.steps_of(model), images)
    np.testing.assert_allclose(computed, 2 * images.mean(axis=(1, 2)) + shift, atol=1e-6)


def test_batch_norm_leaves_no_step_behind_a_convolution_and_one_behind_a_pooling() -> None:
    beside = inference.steps_of(NETWORKS["batch norm right after the convolution"]())
    apart = inference.steps_of(NETWORKS["a pooling between, with negative factors"]())
    assert [step.kind for step in beside][:2] == ["conv", "relu"]
    assert [step.kind for step in apart][:4] == ["conv", "pool", "scale", "relu"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: layers.AveragePooling2D(2, name="mine"), "'mine' is a AveragePooling2D"),
        (lambda: layers.Conv2D(2, 3, strides=2, name="mine"), "'mine' has strides"),
        (lambda: layers.MaxPooling2D(3, name="mine"), "'mine' has pool_size"),
        (lambda: layers.Dense(2, activation="tanh", name="mine"), "activation 'tanh'"),
        (lambda: layers.ReLU(max_value=6, name="mine"), "max_value"),
    ],
)
def test_a_layer_that_the_steps_cannot_express_is_named(layer: Any, words: str) -> None:
    with pytest.raises(inference.InferenceError, match="mine") as caught:
        inference.steps_of(trained(layer()))
    assert words in str(caught.value)
