"""What stands for a tensor or a variable in a test.

Numbers are all that is carried. What a test asks beside them is answered here, or left to a
teacher: by the decoder's stand-in for what is not carried, which refuses whatever it is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.values.history import ABSENT

# What an array has and a tensor too, in the same sense.
COMMON = frozenset({"shape", "dtype", "ndim", "numpy"})
ALONE = frozenset(name for name in dir(np.ndarray) if not name.startswith("_")) - COMMON
OPERATIONS = """
    add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul rmatmul
    neg pos abs invert and rand or ror xor rxor eq ne lt le gt ge getitem
""".split()


def library(depth: int = 2) -> bool:
    """Whether an installed library asks, as NumPy's functions do, and not a test."""
    file = sys._getframe(depth).f_code.co_filename
    return "site-packages" in file or "dist-packages" in file


def lines(text: str) -> str:
    """Printed numbers; TensorFlow begins more than one line of them on a new one."""
    return f"\n{text}" if "\n" in text else text


def own() -> bool:
    """Whether this module asks."""
    return sys._getframe(2).f_globals.get("__name__") == __name__


def plain(value: Any, depth: int = 0) -> Any:
    """The arrays of tensors in the arguments of a function."""
    if type(value) is Tensor:
        return value.view(np.ndarray)
    if type(value) in (list, tuple) and depth < 3:
        return type(value)(plain(item, depth + 1) for item in value)
    return value


class Shape(tuple[int, ...]):
    """The shape of a tensor."""

    _opaque: Callable[[str], Any]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, list) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return shape(found, self._opaque) if isinstance(key, slice) else found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"'TensorShape' object has no attribute {name!r}")
        return getattr(self._opaque(f"the {name} of a shape"), name)

    def as_list(self) -> list[int]:
        """As TensorFlow has it."""
        return list(self)

    @property
    def rank(self) -> int:
        """As TensorFlow has it."""
        return len(self)


class DType:
    """The type of a tensor's numbers."""

    def __init__(self, kind: Any, of: str, opaque: Callable[[str], Any]) -> None:
        self._kind, self._of, self._opaque = kind, of, opaque
        self.name = "string" if kind.kind == "O" else str(kind)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, DType):
            return self.name == other.name
        return other == "string" if self.name == "string" else self._kind == other

    def __hash__(self) -> int:
        return hash(self._kind)

    def __repr__(self) -> str:
        # How the type of a variable or of PyTorch is printed is not known: `text` is a doubt.
        return f"tf.{self.name}" if self._of == "tensor" else str(self.text)

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>" if self._of == "tensor" else str(self.text)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"'DType' object has no attribute {name!r}")
        return getattr(self._opaque(f"the {name} of a tensor's type"), name)


def shape(lengths: tuple[int, ...], opaque: Callable[[str], Any]) -> Shape:
    """The shape of a tensor, of its lengths."""
    found = Shape(lengths)
    found._opaque = opaque
    return found


class Tensor(np.ndarray[Any, np.dtype[Any]]):
    """Numbers that were a tensor or a variable.

    What operators make of it is one again, as in its library; functions of NumPy make arrays.
    """

    _kind: str
    _opaque: Callable[[str], Any] | None

    def __array_finalize__(self, other: Any) -> None:
        self._kind = getattr(other, "_kind", "tensor") if type(other) is Tensor else "tensor"
        self._opaque = other._opaque if type(other) is Tensor else None

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if "out" in named:
            named["out"] = plain(named["out"])
        return getattr(ufunc, method)(
            *map(plain, inputs), **{key: plain(item) for key, item in named.items()}
        )

    def __array_function__(self, function: Any, types: Any, given: Any, named: Any) -> Any:
        # The base class's: it does not ask here again for what is nested deeper.
        more = {key: plain(item) for key, item in named.items()}
        return super().__array_function__(function, types, plain(given), more)

    def __getattribute__(self, name: str) -> Any:
        if name in ALONE and not library() and not own():
            return self._unknown(name)
        found = super().__getattribute__(name)
        if name in ("shape", "dtype") and self._opaque is not None and not library():
            if name == "shape":
                return shape(found, self._opaque)
            return DType(found, self._kind, self._opaque)
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ABSENT or self._opaque is None or library():
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._unknown(name)

    def _unknown(self, name: str) -> Any:
        if self._opaque is None:
            return np.ndarray.__getattribute__(self, name)
        return getattr(self._opaque(f"the {name} of a {self._kind}"), name)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __format__(self, how: str) -> str:
        return format(self.numpy(), how)

    def __str__(self) -> str:
        values = self.view(np.ndarray)
        if self._opaque is None or library():
            return str(values)
        if self._kind != "tensor":
            return str(self._unknown("text"))
        kind = DType(values.dtype, self._kind, self._opaque).name
        return f"tf.Tensor({lines(str(values))}, shape={values.shape}, dtype={kind})"

    def __repr__(self) -> str:
        values = self.view(np.ndarray)
        if self._opaque is None or library():
            return repr(values)
        if self._kind != "tensor":
            return str(self._unknown("text"))
        text = repr(values) if values.ndim else str(values)
        kind = DType(values.dtype, self._kind, self._opaque).name
        return f"<tf.Tensor: shape={values.shape}, dtype={kind}, numpy={lines(text)}>"

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._opaque is not None and not library():
            self._unknown("way to change it")
        self.view(np.ndarray)[plain(key)] = plain(value)

    def numpy(self) -> Any:
        """A copy as an array; of a single number the number, but not in PyTorch."""
        found = np.array(self, subok=False)
        return found if self._kind == "torch" else found[()]


def operator(name: str) -> Callable[..., Any]:
    """A method of arrays whose result is a tensor."""
    method = getattr(np.ndarray, name)

    def operated(self: Tensor, *others: Any) -> Any:
        found = method(self.view(np.ndarray), *map(plain, others))
        # Of a variable it is a tensor too.
        kind = "torch" if self._kind == "torch" else "tensor"
        return found if found is NotImplemented else tensor(found, kind, self._opaque)

    return operated


for operation in OPERATIONS:
    setattr(Tensor, f"__{operation}__", operator(f"__{operation}__"))
for operation in "add sub mul truediv floordiv mod pow matmul and or xor".split():
    # `y += 1` makes another tensor.
    setattr(Tensor, f"__i{operation}__", getattr(Tensor, f"__{operation}__"))


def tensor(values: Any, kind: str, opaque: Callable[[str], Any] | None) -> Tensor:
    """What stands for a tensor with these values.

    Args:
        values: an array or a number.
        kind: of `encode.TENSORS`.
        opaque: makes the stand-in for what is not carried, from its name.
    """
    # An element of an array of objects may be a sequence itself.
    array = values if isinstance(values, np.ndarray | np.generic) else np.array(values, object)
    found = np.asarray(array).view(Tensor)
    found._kind, found._opaque = kind, opaque
    return found
