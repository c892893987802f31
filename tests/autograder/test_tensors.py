"""Tensors, variables and histories in the tests of a notebook that uses TensorFlow."""

from __future__ import annotations

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook

CARRIED = {
    "numbers": ("assert y.numpy().sum() == 3", "y"),
    "a shape": ("assert y.shape.as_list() == [2] and y.shape == (2,) and len(y) == 2", "y"),
    "an element": ("assert y[0].numpy() == 1 and float(y[1]) == 2 and [*y][1] == 2", "y"),
    "computed": ("assert (2 * y + 1).numpy().tolist() == [3, 5]", "y"),
    "by NumPy": (
        "import numpy as np\nnp.testing.assert_allclose(y, [1, 2])\nassert np.sum(y) == 3",
        "y",
    ),
    "a type": ("assert y.dtype == 'float32' and y.dtype.name == 'float32'", "y"),
    "a variable": ("assert v.numpy().tolist() == [1, 2]", "v"),
    "an answer": ("assert double([2.0]).numpy() == 4", "double"),
    "a model": (
        "import numpy as np\nassert model(np.ones((1, 2))).numpy().tolist() == [[2]]\n"
        "assert model.layers[0].kernel.numpy().sum() == 2",
        "model",
    ),
    "an argument": ("assert total(y) == 3", "total, y"),
    "text": ("assert words.numpy().tolist() == [b'a']", "words"),
    "losses": ("assert len(h.history['loss']) == 2", "h"),
}
WRONG = {
    "other numbers": ("assert y.numpy().sum() == 4", "y"),
    "other numbers by NumPy": ("import numpy as np\nnp.testing.assert_allclose(y, [1, 3])", "y"),
    "another shape": ("assert y.shape == [3]", "y"),
}
LEFT = {
    "a tensor": ("import tensorflow as tf\nassert isinstance(y, tf.Tensor)", "y"),
    "an array": ("import numpy as np\nassert isinstance(y, np.ndarray)", "y"),
    "a name": ("assert model.trainable_variables[0].name == 'kernel'", "model"),
    "a sum": ("assert y.sum() == 3", "y"),
    "assigned": ("v.assign([3.0, 4.0])", "v"),
    "epochs": ("assert h.epoch == [0, 1]", "h"),
    "parameters": ("assert h.params['epochs'] == 2", "h"),
    "a history": ("import keras\nassert isinstance(h, keras.callbacks.History)", "h"),
}
CELLS = [
    "import numpy as np\nimport tensorflow as tf\nimport keras",
    "y = tf.constant([1.0, 2.0])\nv = tf.Variable([1.0, 2.0])\nwords = tf.constant(['a'])",
    "def double(x):\n    return 2 * tf.constant(x)",
    "def total(x):\n    return float(x.numpy().sum())",
    "model = keras.Sequential(\n"
    "    [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer='ones')]\n)\n"
    "h = keras.callbacks.History()\nh.history = {'loss': [2.0, 1.0]}\nh.epoch = [0, 1]",
]


PRINTED = "tf.Tensor(1.0, shape=(), dtype=float32)\n"
# Some seconds: TensorFlow has to be imported.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Question]:
    """All questions, of one notebook."""
    folder = tmp_path_factory.mktemp("tensors")
    tests = {"printed": doctests("printed", {"code": ">>> print(y[0])\n" + PRINTED})}
    for name, (body, parameters) in (CARRIED | WRONG | LEFT).items():
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        text = f"@test_case(points=1)\ndef test_it({parameters}):\n{lines}"
        tests[name] = exceptions(name, text)
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", CELLS), WARM)
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("name", ["printed", *CARRIED])
def test_it_is_carried_over(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [True], questions[name]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_wrong(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [False], questions[name]


@pytest.mark.parametrize("name", LEFT)
def test_it_is_left_to_a_teacher(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [None], questions[name]
    assert questions[name].reason
