"""What a template imports follows from the code, and never from the student alone."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from autograder.warm.libraries import MOST, PLAIN, wanted, written


def test_the_plain_ones_are_always_there() -> None:
    assert wanted(["x = 1"]) == PLAIN


@pytest.mark.parametrize(
    "source",
    [
        "import keras",
        "from tensorflow.keras import layers as l",
        "def train():\n    import keras.layers",
        "!pip list\nimport keras",
        "%matplotlib inline\nimport numpy as np\nfrom keras import Model",
        "import numpy, keras.layers as layers",
        "try: import keras\nexcept ImportError: pass",
        "x = 1; from keras import Model  # of the library",
    ],
)
def test_keras_is_there_for_who_imports_it(source: str) -> None:
    assert {"keras", "tensorflow"} <= set(wanted(["import numpy", source]))


def test_statistics_come_for_scikit_learn() -> None:
    assert "sklearn.metrics" in wanted(["from sklearn.linear_model import LinearRegression"])


@pytest.mark.parametrize("source", ["import evil", "from . import keras", "text = 'import keras'"])
def test_nothing_else_is_imported(source: str) -> None:
    assert wanted([source]) == PLAIN


def test_the_order_of_imports_makes_no_new_kind() -> None:
    first = wanted(["import keras", "import sklearn"])
    assert wanted(["import sklearn\nimport tensorflow"]) == first


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['KERAS_BACKEND'] = 'jax'", "%env KERAS_BACKEND=jax"]
)
def test_nothing_is_imported_before_variables_are_set(source: str) -> None:
    assert wanted([source, "import keras"]) == ()


def test_nothing_is_imported_where_a_file_has_the_name_of_a_library() -> None:
    assert wanted(["import numpy"], ["data.txt", "numpy.py"]) == ()
    assert wanted(["import keras"], ["keras"]) == ()
    assert wanted(["import numpy"], ["matplotlibrc"]) == ()


LONG = 4_000_000  # characters, as many as a notebook may have


@pytest.mark.attacks
@pytest.mark.parametrize("tail", ["import keras", "("])
@pytest.mark.parametrize(
    "part", ["\n", "a\n", " ", "\x0b\n", "; ", "import ", "import a,", "from a\n"]
)
def test_a_long_cell_is_read_once_and_not_as_a_tree(part: str, tail: str) -> None:
    source = part * ((LONG - len(tail)) // len(part)) + tail
    tracemalloc.start()
    try:
        assert set(wanted([source])) >= set(PLAIN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LONG


def test_for_more_code_than_is_looked_at_nothing_is_imported(tmp_path: Path) -> None:
    half = "x = 1\n" * (MOST // 10)
    assert wanted([half]) == PLAIN
    assert wanted([half, half]) == ()
    paths = [tmp_path / "a.py", tmp_path / "b.py"]
    for path in paths:
        path.write_text(half, "utf-8")
    assert written(paths[:1]) == [half]
    assert written(paths) is None
