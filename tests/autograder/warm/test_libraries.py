"""What a template imports follows from the code, and never from the student alone."""

from __future__ import annotations

import pytest

from autograder.warm.libraries import PLAIN, wanted


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
