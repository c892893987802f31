"""What a run is stored under: the same for the same experiment, another for another."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course import runs
from course.errors import RunError
from course.runs import keys

from .conftest import notebook

SOURCE = '''
RATE = 0.1
SHAPE = {"width": 3, "kinds": ("a", "b"), "chosen": {"x", "y", "z"}}
IMAGES = np.arange(12, dtype=np.uint8).reshape(3, 4)
UNUSED = 1


class Base:
    def call(self, x):
        return x * RATE


class Layer(Base):
    """A layer."""

    size = RATE * 2

    def __init__(self, width=SHAPE["width"]):
        self.width = width

    @staticmethod
    def scaled(x):
        return x * SCALE


def build():
    # A comment.
    return Layer()


def train(seed, *, epochs=EPOCHS):
    """Trains."""

    def step(x):
        return np.tanh(x) + OFFSET

    return [step(image) for image in IMAGES], build(), SHAPE


def unused():
    return UNUSED
'''

FIRST = "SCALE = 2\nOFFSET = 1\nEPOCHS = 4"


def key(source: str = SOURCE, first: str = FIRST, seed: int = 0) -> str:
    return keys.key(keys.describe(notebook(first, source)["train"]), seed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    # A comment.\n", ""),
        ('    """Trains."""\n', '    """Trains the model."""\n'),
        ('    """A layer."""\n', ""),
        ("UNUSED = 1", "UNUSED = 2"),
        ("return UNUSED", "return None"),
        ("x * RATE", "(x  *  RATE)"),
        ('{"x", "y", "z"}', '{"z", "y", "x"}'),
    ],
)
def test_the_key_stays_when_nothing_that_the_function_uses_changes(old: str, new: str) -> None:
    assert old in SOURCE
    assert key(SOURCE.replace(old, new)) == key()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.tanh(x)", "np.sinh(x)"),
        ("for image in IMAGES", "for image in IMAGES[::-1]"),
        ("RATE = 0.1", "RATE = 0.2"),
        ('"width": 3', '"width": 4'),
        ('("a", "b")', '("b", "a")'),
        ('{"x", "y", "z"}', '{"x", "y"}'),
        ("np.arange(12, dtype", "np.arange(1, 13, dtype"),
        ("dtype=np.uint8", "dtype=np.int8"),
        (".reshape(3, 4)", ".reshape(4, 3)"),
        ("return x * RATE", "return x + RATE"),
        ("x * SCALE", "x / SCALE"),
        ("return Layer()", "return Layer(7)"),
        ("class Layer(Base)", "class Layer"),
        ("size = RATE * 2", "size = RATE * 3"),
    ],
)
def test_the_key_changes_with_everything_that_the_function_uses(old: str, new: str) -> None:
    assert old in SOURCE
    assert key(SOURCE.replace(old, new)) != key()


@pytest.mark.parametrize(
    ("constant", "where"),
    [
        ("SCALE = 3", "a static method"),
        ("OFFSET = 2", "a nested function"),
        ("EPOCHS = 5", "a keyword's default"),
    ],
)
def test_the_key_changes_with_a_constant_used_in(constant: str, where: str) -> None:
    assert key(first=f"{FIRST}\n{constant}") != key(), where


def test_the_key_changes_with_the_seed() -> None:
    assert key(seed=1) != key(seed=0)


@pytest.mark.parametrize(
    "cell",
    [
        "def train(seed, width=WIDTH):\n    return width",
        "class Layer:\n    def __init__(self, width=WIDTH):\n        self.width = width\n\n\n"
        "def train(seed):\n    return Layer()",
        "class Layer:\n    width = WIDTH\n\n    def call(self):\n        return self.width\n\n\n"
        "def train(seed):\n    return Layer()",
        "class Layer:\n    @property\n    def width(self):\n        return WIDTH\n\n\n"
        "def train(seed):\n    return Layer()",
        "def outer(width):\n    def train(seed):\n        return width\n    return train\n\n\n"
        "train = outer(WIDTH)",
        "def twice(function):\n    import functools\n\n    @functools.wraps(function)\n"
        "    def wrapper(seed):\n        return WIDTH * function(seed)\n    return wrapper\n\n\n"
        "@twice\ndef train(seed):\n    return seed",
        "class Build:\n    @classmethod\n    def model(cls):\n        return WIDTH\n\n\n"
        "def train(seed):\n    return Build.model()",
        "import dataclasses\n\n\n@dataclasses.dataclass\nclass Options:\n    width: int = WIDTH\n\n"
        "    def double(self):\n        return 2 * self.width\n\n\n"
        "def train(seed):\n    return Options()",
    ],
    ids=[
        "default", "method default", "class attribute", "property", "closure", "wrapper",
        "class method", "data class",
    ],
)  # fmt: skip
def test_a_value_is_found_wherever_it_enters(cell: str) -> None:
    described = [keys.describe(notebook(f"WIDTH = {n}", cell)["train"]) for n in (1, 2, 1)]
    assert described[0] == described[2]
    assert described[0] != described[1]


def test_the_source_of_a_decorators_wrapper_counts() -> None:
    cell = (
        "import functools\n\n\ndef logged(function):\n    @functools.wraps(function)\n"
        "    def wrapper(seed):\n        return function(seed) + 1\n    return wrapper\n\n\n"
        "@logged\ndef train(seed):\n    return seed"
    )
    before, after = (notebook(text)["train"] for text in (cell, cell.replace("+ 1", "+ 2")))
    assert keys.describe(before) != keys.describe(after)


def test_a_function_that_calls_itself_can_be_described() -> None:
    names = notebook("def train(seed):\n    return seed and train(seed - 1)")
    assert keys.describe(names["train"]) == keys.describe(names["train"])


def test_the_key_is_the_same_in_every_process() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import conftest as c; "
        "from course.runs import keys; "
        "print(keys.key(keys.describe(c.notebook(sys.argv[2], sys.argv[3])['train']), 0))"
    )
    here = str(Path(__file__).parent)
    found = {
        subprocess.run(
            [sys.executable, "-c", program, here, FIRST, SOURCE],
            check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": hash_seed},
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }  # fmt: skip
    assert found == {key()}


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("model = Model()", "'model', a __main__.Model made outside it"),
        ("model = np.random.default_rng(0)", "'model', a numpy.random._generator.Generator"),
        ("model = np.random.default_rng(0).normal", "'model', a"),
        ("model = [Model(), 1]", "'model', a __main__.Model"),
        ("model = np.array([Model()], dtype=object)", "'model', a numpy.ndarray"),
    ],
)
def test_what_has_no_reliable_description_is_refused_with_a_way_out(cell: str, named: str) -> None:
    names = notebook(
        "class Model:\n    def fit(self):\n        pass",
        cell,
        "def train(seed):\n    return model",
    )
    with pytest.raises(RunError) as raised:
        keys.describe(names["train"])
    assert named in str(raised.value)
    assert "Make 'model' inside the function, or hand over plain numbers" in str(raised.value)


@pytest.mark.parametrize(
    ("imported", "call", "named"),
    [
        ("from course import data", "data.load_mnist()", "course.data.load_mnist"),
        ("from course.data import load_cifar10", "load_cifar10()", "course.data.load_cifar10"),
        ("from course import runs", 'runs.load("ch01/cnn")', "course.runs.load"),
    ],
)
def test_a_function_that_loads_data_or_runs_itself_is_refused_with_a_way_out(
    imported: str, call: str, named: str
) -> None:
    names = notebook(imported, f"def train(seed):\n    return {call}")
    with pytest.raises(RunError, match=f"calls {re.escape(named)} itself.*in a cell before"):
        keys.describe(names["train"])


def test_runs_that_were_loaded_before_count_with_what_they_hold() -> None:
    def described(digest: str, seconds: float) -> object:
        names = notebook("def train(seed):\n    return base[0].model")
        names["base"] = [runs.Run("ch01/a", 0, {}, {}, 1, seconds, seconds, digest, "k")]
        return keys.describe(names["train"])

    assert described("d", 1.0) == described("d", 2.0)
    assert described("d", 1.0) != described("e", 1.0)


def test_a_function_whose_source_is_lost_is_refused_with_a_way_out() -> None:
    names = notebook()
    exec("def train(seed):\n    return seed", names)
    with pytest.raises(RunError, match=r"source of 'train' was not found. Write it with def"):
        keys.describe(names["train"])


def test_a_class_without_methods_is_refused_with_a_way_out() -> None:
    names = notebook("class Options:\n    rate = 1", "def train(seed):\n    return Options.rate")
    with pytest.raises(RunError, match=r"class 'Options' was not found.*use plain values"):
        keys.describe(names["train"])


def test_what_is_no_function_is_refused() -> None:
    names = notebook("def train(seed):\n    return seed")
    with pytest.raises(RunError, match=r"a functools\.partial"):
        keys.describe(functools.partial(names["train"], 1))


def test_functions_of_libraries_are_described_by_module_and_release() -> None:
    names = notebook(
        "from math import sqrt\nfrom numpy import exp, mean\nfrom numpy.random import default_rng",
        "def train(seed):\n    return sqrt(exp(mean(default_rng(seed).normal(), len(sorted([])))))",
    )
    used = keys.describe(names["train"])["function"]["uses"]
    release = ".".join(np.__version__.split(".")[:2])
    assert used["exp"] == {"module": "numpy", "version": release, "name": "exp"}
    assert used["mean"]["version"] == used["default_rng"]["version"] == release
    assert used["sqrt"]["module"] == "math"


def test_a_minor_release_of_a_library_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr(np, "__version__", np.__version__ + "1")
    assert key() == before  # a patch release
    monkeypatch.setattr(np, "__version__", "99.1.0")
    assert key() != before


def test_keras_counts_with_its_backend_and_its_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    keras, tensorflow = ModuleType("keras"), ModuleType("tensorflow")
    keras.__version__, tensorflow.__version__ = "3.15.0", "2.21.1"
    policy = SimpleNamespace(name="float32")
    keras.config = SimpleNamespace(backend=lambda: "tensorflow", dtype_policy=lambda: policy)
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
    train = notebook("import keras\n\n\ndef train(seed):\n    return keras.Sequential()")["train"]
    before = keys.describe(train)
    assert before["function"]["uses"]["keras"] == {
        "module": "keras", "version": "3.15", "backend": "tensorflow 2.21", "dtype": "float32",
    }  # fmt: skip
    policy.name = "mixed_bfloat16"
    assert keys.describe(train) != before


def test_the_course_counts_with_the_definitions_that_are_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = "from course import runs\n\n\ndef train(seed):\n    return runs.spread([seed])"
    used = keys.describe(notebook(cell)["train"])["function"]["uses"]["runs"]
    assert {"course.runs.spread", "course.runs.Spread"} <= used.keys()
    assert "course.runs.table" not in used
    by_name = cell.replace("course import runs", "course.runs import spread").replace("runs.s", "s")
    described = keys.describe(notebook(by_name)["train"])["function"]["uses"]["spread"]
    assert described == {"course": used}


@given(arrays.arrays(st.sampled_from(["u1", "f4", "i8", "?"]), arrays.array_shapes(min_side=0)))
def test_an_array_is_known_by_its_content(array: np.ndarray) -> None:
    assert keys.array_digest(array) == keys.array_digest(array.copy(order="F"))
    assert keys.array_digest(array) != keys.array_digest(array.reshape(*array.shape, 1))
    if array.size:
        other = array.copy()
        other.flat[0] = not other.flat[0]
        assert keys.array_digest(other) != keys.array_digest(array)


def test_a_view_counts_as_what_it_shows() -> None:
    whole = np.arange(20)
    assert keys.array_digest(whole[::2]) == keys.array_digest(np.arange(0, 20, 2))
