"""Reads the weights out of a PyTorch checkpoint, and can do nothing else.

A checkpoint holds pickles, and a pickle is a small program: whoever loads one with `pickle` runs
what its author wrote. Here the program is read by a machine of our own, which knows the few
instructions that weights need and looks no name up: a name stands for itself, and the only two that
may be called make a dictionary and describe a tensor.

This is the format that PyTorch wrote until version 1.5, which begins with a number and not with a
zip archive: four pickles (that number, a version, facts about the machine, the tensors), a fifth
with the names of the storages, then each storage as its length and its numbers. Source:
`torch/serialization.py`, `_legacy_save`.
"""

from __future__ import annotations

import io
import math
import pickletools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.errors import CourseError

Array = np.ndarray[Any, Any]

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
LARGEST = 50_000_000  # bytes; EfficientNet-Lite0 takes 19 million
MOST_AXES = 8
DICTIONARY = "collections OrderedDict"
TENSOR = "torch._utils _rebuild_tensor_v2"
STORAGES: dict[str, np.dtype[Any]] = {
    "torch FloatStorage": np.dtype("<f4"),
    "torch LongStorage": np.dtype("<i8"),
}
LENGTH = np.dtype("<i8")


class CheckpointError(CourseError):
    """A file is no checkpoint, is damaged, or wants more than to hold weights."""


@dataclass(frozen=True)
class _Name:
    """A name that a pickle mentions. Nothing is looked up and nothing is called."""

    text: str


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]
    length: int


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor lies: `size` numbers at distances of `stride` from `offset` on."""

    storage: _Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


def read(path: Path) -> dict[str, Array]:
    """Read the tensors of a checkpoint in PyTorch's legacy format.

    Args:
        path: the file; at most 50 MB.

    Returns:
        Name to array, float32 or int64, in the order of the file.

    Raises:
        CheckpointError: there is no such file, or it is damaged, too big, or has anything in it
            that weights do not need.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise CheckpointError(f"{path} is larger than {LARGEST:,} bytes; no weights are.")
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error}).") from error
    try:
        return _tensors(io.BytesIO(content), len(content))
    except CheckpointError as error:
        raise CheckpointError(f"{path} was refused: {error}") from error
    # What reading a damaged file can stumble over: an empty stack, a missing key, a bad number.
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise CheckpointError(
            f"{path} is damaged ({error}). Install the package that it belongs to again."
        ) from error


def _tensors(file: io.BytesIO, size: int) -> dict[str, Array]:
    if _unpickled(file) != MAGIC or _unpickled(file) != PROTOCOL:
        raise CheckpointError("it is no PyTorch checkpoint of the legacy format")
    if _unpickled(file).get("little_endian") is not True:
        raise CheckpointError("its numbers are not little-endian")
    found = _unpickled(file)
    if not isinstance(found, dict) or not all(isinstance(t, _Tensor) for t in found.values()):
        raise CheckpointError("it does not hold a dictionary of tensors")
    wanted = {tensor.storage.key: tensor.storage for tensor in found.values()}
    listed = _unpickled(file)
    if sorted(listed) != sorted(wanted):
        raise CheckpointError("the storages that it lists are not those of its tensors")
    storages = {key: _storage(file, wanted[key]) for key in listed}
    if file.tell() != size:
        raise CheckpointError("something stands behind its last storage")
    return {name: _array(tensor, storages) for name, tensor in found.items()}


def _storage(file: io.BytesIO, storage: _Storage) -> Array:
    head = file.read(LENGTH.itemsize)
    if len(head) != LENGTH.itemsize:
        raise CheckpointError("it breaks off before the end")
    (length,) = np.frombuffer(head, LENGTH).tolist()
    if length != storage.length:
        raise CheckpointError(f"a storage has {length:,} numbers, its tensors say otherwise")
    content = file.read(length * storage.dtype.itemsize)
    if len(content) != length * storage.dtype.itemsize:
        raise CheckpointError("it breaks off before the end")
    return np.frombuffer(content, storage.dtype)


def _array(tensor: _Tensor, storages: dict[str, Array]) -> Array:
    storage = storages[tensor.storage.key]
    numbers = [tensor.offset, *tensor.size, *tensor.stride]
    sound = len(numbers) <= 1 + 2 * MOST_AXES and all(_is_count(number) for number in numbers)
    if not sound or len(tensor.size) != len(tensor.stride) or 0 in tensor.size:
        raise CheckpointError("a tensor has a shape that none can have")
    pairs = zip(tensor.size, tensor.stride, strict=True)
    last = tensor.offset + sum((length - 1) * step for length, step in pairs)
    # Without the count, a stride of 0 would turn one number into as many as the file likes.
    if last >= len(storage) or math.prod(tensor.size) > len(storage):
        raise CheckpointError("a tensor reaches outside its storage")
    steps = [step * storage.itemsize for step in tensor.stride]
    view = np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.size, steps)
    return np.array(view)


def _is_count(number: Any) -> bool:
    return type(number) is int and number >= 0


def _unpickled(file: io.BytesIO) -> Any:
    machine = _Machine()
    with warnings.catch_warnings():
        # Of a text with a stray backslash; the instruction that holds one is refused anyway.
        warnings.simplefilter("ignore", DeprecationWarning)
        for opcode, argument, _ in pickletools.genops(file):
            if opcode.name == "STOP":
                (value,) = machine.stack
                return value
            machine.do(opcode.name, argument)
    return None


class _Machine:
    """The instructions that weights need, on a stack of plain values."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def do(self, name: str, argument: Any) -> None:
        """Carry out one instruction.

        Raises:
            CheckpointError: it is none of those that weights need.
        """
        if name in _PUSHED:
            self.stack.append(_PUSHED[name]())
        elif name in _ARGUMENTS:
            self.stack.append(argument)
        elif name in ("BINPUT", "LONG_BINPUT"):
            self.memo[argument] = self.stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[argument])
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            self.stack[-count:] = [tuple(self.stack[-count:])]
        elif name in _METHODS:
            _METHODS[name](self, argument)
        elif name != "PROTO":
            raise CheckpointError(f"it uses the instruction {name}, which no weights need")

    def mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def make_tuple(self, _: Any) -> None:
        self.stack.append(tuple(self.since_mark()))

    def name(self, argument: str) -> None:
        if argument not in (DICTIONARY, TENSOR, *STORAGES):
            raise CheckpointError(f"it wants {argument!r}, which no weights need; nothing was run")
        self.stack.append(_Name(argument))

    def call(self, _: Any) -> None:
        arguments, called = self.stack.pop(), self.stack.pop()
        if called == _Name(DICTIONARY) and arguments == ():
            self.stack.append({})
        elif called == _Name(TENSOR):
            storage, offset, size, stride = arguments[:4]
            # Copies of lists could be many times as large as the file.
            if (
                type(storage) is not _Storage
                or type(size) is not tuple
                or type(stride) is not tuple
            ):
                raise CheckpointError("a tensor is described in another way than PyTorch does it")
            self.stack.append(_Tensor(storage, offset, size, stride))
        else:
            raise CheckpointError("it calls something that is no tensor; nothing was run")

    def storage(self, _: Any) -> None:
        kind, named, key, _place, length = self.stack.pop()[:5]
        if kind != "storage" or type(key) is not str or not _is_count(length):
            raise CheckpointError("a storage is described in another way than PyTorch does it")
        self.stack.append(_Storage(key, STORAGES[named.text], length))

    def set_item(self, _: Any) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.fill([key, value])

    def set_items(self, _: Any) -> None:
        self.fill(self.since_mark())

    def append(self, _: Any) -> None:
        value = self.stack.pop()
        self.stack[-1].append(value)

    def extend(self, _: Any) -> None:
        values = self.since_mark()
        self.stack[-1].extend(values)

    def ignore_state(self, _: Any) -> None:
        # The version numbers of the layers, which PyTorch keeps beside the dictionary.
        self.stack.pop()

    def fill(self, pairs: list[Any]) -> None:
        if not all(type(key) is str for key in pairs[::2]):
            raise CheckpointError("a dictionary has keys that are no text")
        self.stack[-1].update(zip(pairs[::2], pairs[1::2], strict=True))

    def since_mark(self) -> list[Any]:
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values


_PUSHED: dict[str, Callable[[], Any]] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
}
_ARGUMENTS = ("BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE")
_METHODS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "TUPLE": _Machine.make_tuple,
    "GLOBAL": _Machine.name,
    "REDUCE": _Machine.call,
    "BINPERSID": _Machine.storage,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.extend,
    "BUILD": _Machine.ignore_state,
}
