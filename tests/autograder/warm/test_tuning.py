"""In a template nothing is tuned that nobody asks to be; the values stay the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.template.tuning import leave_untuned
from autograder.warm import shared
from tests.autograder.warm.probing import EXERCISE, Prober

OPEN = 5  # iterators at a time


@pytest.fixture
def tensorflow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """TensorFlow, as it is again after the test."""
    import tensorflow

    options = tensorflow.data.experimental.AutotuneOptions
    monkeypatch.setattr(options, "enabled", options.enabled)
    return tensorflow


def as_in_fit(asked: bool | None = None) -> Any:
    """A dataset of five batches with options, as Keras gives it to `fit`."""
    import tensorflow

    options = tensorflow.data.Options()
    sharding = tensorflow.data.experimental.AutoShardPolicy
    options.experimental_distribute.auto_shard_policy = sharding.DATA
    if asked is not None:
        options.autotune.enabled = asked
    return tensorflow.data.Dataset.range(10).batch(2).with_options(options)


def threads(dataset: Any) -> int:
    """How many threads more this process has while some iterators are open."""
    tasks = Path("/proc/self/task")
    before = len(list(tasks.iterdir()))
    iterators = [iter(dataset) for _ in range(OPEN)]
    for iterator in iterators:
        next(iterator)
    return len(list(tasks.iterdir())) - before


def losses() -> list[float]:
    """Of each epoch of a small training."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(0)
    x = np.linspace(-1, 1, 64).reshape(-1, 1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(4), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    found: list[float] = model.fit(x, 3 * x, epochs=3, batch_size=16, verbose=0).history["loss"]
    return found


@pytest.mark.usefixtures("tensorflow")
def test_iterators_have_a_thread_less() -> None:
    threads(as_in_fit())  # the first ones start threads that stay
    tuned = threads(as_in_fit())
    leave_untuned()
    assert threads(as_in_fit()) <= tuned - OPEN
    assert threads(as_in_fit(asked=True)) == tuned


@pytest.mark.usefixtures("tensorflow")
def test_who_asks_for_tuning_keeps_it() -> None:
    leave_untuned()
    said = [as_in_fit(asked).options().autotune.enabled for asked in (None, False, True)]
    assert said == [False, False, True]


@pytest.mark.usefixtures("tensorflow")
def test_a_training_gives_the_same_losses() -> None:
    tuned = losses()
    leave_untuned()
    assert losses() == tuned


def test_without_tensorflow_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    leave_untuned()
    assert "tensorflow" not in sys.modules


def test_a_tensorflow_without_such_options_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = type(sys)("tensorflow")
    monkeypatch.setitem(sys.modules, "tensorflow", other)
    leave_untuned()
    assert not hasattr(other, "data")


@pytest.fixture
def prober(tmp_path: Path) -> Iterator[Prober]:
    """An assignment with the memory that TensorFlow needs."""
    yield Prober(tmp_path, EXERCISE.replace("memory_mb = 500", "memory_mb = 2000"))
    shared().close()


@pytest.mark.slow
def test_notebooks_find_it_so(prober: Prober) -> None:
    code = "import tensorflow as tf\nsaid = repr(tf.data.Options().autotune.enabled)"
    assert prober.said(code) == "False"
    assert prober.said(code, mode="cold") == "None"
