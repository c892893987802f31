"""Arrays that were tensors: what stands for them, and what a lie about it gains."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.student.references import real
from autograder.values.decode import Decoder, Malformed
from autograder.values.encode import Encoder
from autograder.values.tensors import DType, Tensor
from tests.autograder.values.made_up import of_tensorflow


class Asked(BaseException):
    """What a stand-in for something that is not carried does."""


class Opaque:
    """Refuses whatever it is asked."""

    def __init__(self, reason: str) -> None:
        self.__dict__["reason"] = reason

    def __getattr__(self, _: str) -> Any:
        raise Asked(self.__dict__["reason"])


@of_tensorflow
class EagerTensor:
    """As the encoder finds one."""

    def __init__(self, values: Any) -> None:
        self.values = np.array(values)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.values


@of_tensorflow
class ResourceVariable(EagerTensor):
    """The same for a variable."""


def there(value: Any, **more: Any) -> Any:
    """What arrives."""
    encoder = Encoder()
    node = json.loads(json.dumps(encoder.value(value)))
    return Decoder(encoder.blob, dict, Opaque, **more).value(node)


@pytest.fixture
def tensor() -> Any:
    return there(EagerTensor([1.0, 2.0]))


def test_it_gives_its_numbers_as_an_array(tensor: Any) -> None:
    assert type(tensor.numpy()) is np.ndarray
    assert tensor.numpy().tolist() == [1, 2]
    assert type(tensor[0].numpy()) is np.float64
    assert type(there(EagerTensor(3)).numpy()) is np.int64


def test_operators_make_tensors_and_functions_make_arrays(tensor: Any) -> None:
    for made in (tensor + 1, 1 - tensor, tensor == 1, -tensor, tensor[:1], *tensor):
        assert type(made) is Tensor
        with pytest.raises(Asked):
            _ = made.name
    for array in (np.exp(tensor), np.reshape(tensor, (2, 1)), np.stack([tensor]), tensor.numpy()):
        assert type(array) is np.ndarray
    assert type(np.sum(tensor)) is np.float64
    assert type(np.asarray(tensor)) is np.ndarray
    assert np.block([[[[[tensor]]]]]).size == 2
    before = tensor
    tensor += 1
    assert (before.numpy().tolist(), tensor.numpy().tolist()) == ([1, 2], [2, 3])


def test_numpys_own_tests_hold(tensor: Any) -> None:
    np.testing.assert_allclose(tensor, [1, 2])
    np.testing.assert_array_equal(tensor, [1, 2])
    with pytest.raises(AssertionError, match="ACTUAL"):
        np.testing.assert_allclose(tensor, [1, 3])
    assert np.array_equal(tensor, [1, 2])
    assert 2 in tensor
    assert 3 not in tensor
    assert pd.Series(tensor).tolist() == [1, 2]


def test_shape_and_type_are_those_of_a_tensor(tensor: Any) -> None:
    assert tensor.shape.as_list() == [2]
    assert tensor.shape == (2,)
    assert tensor.shape == [2]
    assert tensor.shape != (3,)
    assert tensor.shape[:1].rank == 1
    assert tensor.dtype == "float64"
    assert tensor.dtype == np.float64
    assert tensor.dtype != there(EagerTensor([1])).dtype
    assert isinstance(tensor.dtype, DType)
    assert str(tensor) == "tf.Tensor([1. 2.], shape=(2,), dtype=float64)"
    rows = there(EagerTensor([[1], [2]]))
    assert str(there(ResourceVariable([1])) + 1) == "tf.Tensor([2], shape=(1,), dtype=int64)"
    assert str(rows) == "tf.Tensor(\n[[1]\n [2]], shape=(2, 1), dtype=int64)"
    assert f"{tensor} {tensor[0]:.2f}" == "[1. 2.] 1.00"


@pytest.mark.parametrize("name", ["sum", "tolist", "T", "size", "name", "assign", "trainable"])
def test_what_else_it_has_is_not_known(name: str, tensor: Any) -> None:
    with pytest.raises(Asked, match=f"the {name} of a tensor"):
        getattr(tensor, name)
    with pytest.raises(Asked, match=f"the {name} of a variable"):
        getattr(there(ResourceVariable([1])), name)
    with pytest.raises(AttributeError):
        getattr(tensor, f"__{name}__")


def test_it_is_no_dictionary_list_or_table(tensor: Any) -> None:
    assert not any(hasattr(tensor, name) for name in ("keys", "items", "append", "columns"))


def test_it_is_not_changed(tensor: Any) -> None:
    with pytest.raises(Asked):
        tensor[0] = 3
    with pytest.raises(Asked):
        tensor.dtype.is_floating  # noqa: B018
    with pytest.raises(Asked):
        tensor.shape.num_elements()
    with pytest.raises(Asked):
        repr(there(ResourceVariable([1])))
    with pytest.raises(Asked):
        copy.deepcopy(tensor).sum()


def test_where_its_type_matters_it_is_opaque() -> None:
    assert type(there(EagerTensor([1]), tensors=False)) is Opaque
    assert type(there(np.ones(1), tensors=False)) is np.ndarray


def test_it_goes_back_with_its_mark(tensor: Any) -> None:
    node = Encoder().value(tensor)
    assert node == Encoder().value(EagerTensor([1.0, 2.0]))
    assert node["tensor"] == "tensor"
    assert Encoder().value(there(ResourceVariable([1])))["tensor"] == "variable"
    sent: list[Any] = there(EagerTensor([1]), tensor=lambda *given: [*given])
    assert (type(sent[0]), sent[1]) == (np.ndarray, "tensor")
    assert type(real(np.ones(1), "torch")) is np.ndarray


@pytest.mark.parametrize("mark", [1, True, None, "", "array", [], {}, "Opaque"])
def test_an_unknown_mark_is_refused(mark: Any) -> None:
    with pytest.raises(Malformed):
        Decoder(bytes(8), dict, Opaque).value({"array": ["<f8", [1], 0], "tensor": mark})


def test_a_mark_elsewhere_changes_nothing() -> None:
    encoder = Encoder()
    node = encoder.value(pd.Series([1.5, 2.5]))
    node["series"][2]["numbers"]["tensor"] = "tensor"
    found = Decoder(encoder.blob, dict, Opaque).value(node)
    assert type(found.to_numpy()) is np.ndarray
    assert found.tolist() == [1.5, 2.5]
    inner = {"array": ["<f8", [1], 0], "tensor": "tensor"}
    record = {"record": [["a", inner]], "shape": [1], "tensor": "tensor"}
    assert type(Decoder(bytes(8), dict, Opaque).value(record)) is np.ndarray
    masked = {"array": ["<f8", [1], 0], "mask": inner, "tensor": "tensor"}
    assert type(Decoder(bytes(8), dict, Opaque).value(masked)) is np.ma.MaskedArray
    with pytest.raises(Malformed):
        Decoder(bytes(8), dict, Opaque).value({"tensor": "tensor", "array": ["<f8", [1], 0]})
