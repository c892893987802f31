"""Values of a running notebook as plain data.

Runs in the student's process (and, for the arguments of calls, on the trusted side). Types are
compared exactly: a subclass that lies about itself becomes a plain copy or is not carried.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from autograder.values import classes, sets
from autograder.values.real import real

MAX_DEPTH = 40
MAX_NODES = 2_000_000
# Notes of an exception, and characters of one.
MAX_NOTES, MAX_NOTE = 20, 2_000
MAX_BYTES = 192 << 20
# Kinds of NumPy's types that are nothing but numbers, times or text of fixed width.
PLAIN_KINDS = "biufcmMUS"
DICTIONARIES = {
    "OrderedDict": "collections",
    "defaultdict": "collections",
    "Counter": "collections",
}
# Arrays of pandas' own, which `Series.unique()` and `Series.array` give.
EXTENSIONS = frozenset(
    "StringArray ArrowStringArray IntegerArray FloatingArray BooleanArray Categorical "
    "DatetimeArray TimedeltaArray NumpyExtensionArray".split()
)

# Classes of tensors and variables, of TensorFlow, Keras and PyTorch; and what stands for them.
TENSOR_CLASSES = ("EagerTensor", "ResourceVariable", "Variable", "Tensor")
# Marks of arrays that were none in the notebook, by what they were.
TENSORS = ("tensor", "variable", "torch")
# What a `defaultdict` may make of a key that is missing, by name on the way.
FACTORIES: dict[str, type] = {
    kind.__name__: kind for kind in (int, float, str, bool, list, dict, set, tuple)
}


# Modules with a NaN of their own. Lists, `in` and `==` find it by its identity only.
NANS = ("math", "numpy")


def nan_of(value: float) -> int | None:
    """The place in `NANS` of the module whose own NaN this object is, or None."""
    for place, name in enumerate(NANS):
        module = sys.modules.get(name)
        if module is not None and value is module.nan:
            return place
    return None


def tensor_kind(kind: type) -> str:
    """What a class of tensors or variables is, of `TENSORS`."""
    if kind.__module__.partition(".")[0] == "torch":
        return "torch"
    return "variable" if kind.__name__.endswith("Variable") else "tensor"


def marked(node: Any, kind: str) -> Any:
    """The node of an array, with the mark of what it was."""
    return node if node is None else node | {"tensor": kind}


def fixed(value: Any) -> bool:
    """Whether a value is an array that cannot be written to, and holds no objects."""
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None
        and type(value) in (numpy.ndarray, numpy.memmap)
        and value.dtype.kind != "O"
        and not value.flags.writeable
    )


class NotCarried(Exception):
    """A value has no place in the vocabulary; the text says what it is."""


class Encoder:
    """Collects the bytes of arrays while values are turned into JSON.

    Attributes:
        refer: makes a reference to what can only be asked (a function, a model), or returns None.
        back: makes one to what stands for such an object of the other side, which is not looked
            at in any other way, or returns None.
    """

    def __init__(
        self,
        refer: Callable[[Any], Any] | None = None,
        back: Callable[[Any], Any] | None = None,
    ) -> None:
        self.refer, self.back = refer, back
        self.parts: list[bytes] = []
        self.size = 0
        self.nodes = 0

    @property
    def blob(self) -> bytes:
        """Bytes of all arrays."""
        return b"".join(self.parts)

    def keep(self, data: bytes) -> int:
        """Keep bytes; returns where they begin."""
        start = self.size
        if start + len(data) > MAX_BYTES:
            raise NotCarried("more than 192 MB of arrays")
        self.parts.append(data)
        self.size += len(data)
        return start

    def value(self, value: Any) -> Any:
        """A value as JSON; what cannot be carried becomes its type's name.

        Whatever the encoding raises is a fault of the value.
        """
        kept = len(self.parts), self.size, self.nodes
        try:
            return self.node(value, 0)
        except NotCarried as error:
            reason = str(error)
        except RecursionError:
            reason = "nested too deeply"
        except Exception as error:
            reason = f"{type(value).__name__} ({type(error).__name__} while copying)"
        del self.parts[kept[0] :]
        self.size, self.nodes = kept[1:]
        return {"other": reason[:200]}

    def node(self, value: Any, depth: int) -> Any:
        """A value as JSON."""
        kind = type(value)
        if value is None or kind is bool or (kind is float and value == value):
            return value
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise NotCarried(f"more than {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise NotCarried("nested too deeply")
        if kind is float:
            return value if (named := nan_of(value)) is None else {"nan": named}
        if kind is str:
            # Lone surrogates survive as escapes.
            return value
        if kind is int:
            if value.bit_length() < 64:
                return value
            if value.bit_length() > 100_000:
                raise NotCarried("a number of more than 100,000 bits")
            return {"int": hex(value)}
        if kind is list:
            return [self.node(item, depth + 1) for item in value]
        return self.tagged(value, kind, depth)

    def tagged(self, value: Any, kind: type, depth: int) -> Any:
        """What JSON has no own form for."""
        if self.back is not None and (there := self.back(value)) is not None:
            return there
        if kind is tuple:
            return {"tuple": [self.node(item, depth + 1) for item in value]}
        if kind is set or kind is frozenset:
            found = {kind.__name__: [self.node(item, depth + 1) for item in value]}
            table = sets.told(value)
            return found if table is None else found | {"table": table}
        if kind is dict or (
            kind.__module__ == DICTIONARIES.get(kind.__name__) and issubclass(kind, dict)
        ):
            # After `move_to_end`, an ordered one has another order than `dict.items` tells.
            items = dict.items(value) if kind.__name__ != "OrderedDict" else value.items()
            pairs = [[self.node(key, depth + 1), self.node(item, depth + 1)] for key, item in items]
            named: dict[str, Any] = {"dict": pairs, "as": kind.__name__}
            if kind.__name__ == "defaultdict":
                named["factory"] = self.factory(value)
            return named
        if value is ...:
            return {"dots": True}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind in (bytes, bytearray):
            return {kind.__name__: [self.keep(bytes(value)), len(value)]}
        if kind is range:
            return {"range": [value.start, value.stop, value.step]}
        if kind is type(sys):
            return {"module": value.__name__}
        if kind is type and (named_class := classes.name_of(value)) is not None:
            return {"class": named_class}
        found = self.array(value, depth)
        if found is not None and fixed(value):
            found["fixed"] = True
        if found is None:
            from autograder.values import frames, standard

            found = frames.encoded(self, value, depth)
            if found is None:
                found = standard.encoded(self, value, kind, depth)
        if found is None and self.refer is not None:
            found = self.refer(value)
        if found is None:
            raise NotCarried(f"{kind.__module__}.{kind.__qualname__}")
        return found

    def factory(self, value: Any) -> str | None:
        """The name of what makes the values of missing keys; "" of one that only a notebook has."""
        made = value.default_factory
        for name, kind in FACTORIES.items():
            if made is kind:
                return name
        if made is not None and self.refer is not None and self.refer(made) is None:
            raise NotCarried("a dictionary with a default of its own")
        return None if made is None else ""

    def array(self, value: Any, depth: int) -> Any:
        """Arrays and scalars of NumPy; tensors as arrays; or None."""
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return None
        kind = type(value)
        # By the class: what stands for an object would have to be asked for its `__class__`.
        if issubclass(kind, numpy.generic):
            if value.dtype.kind not in PLAIN_KINDS:
                return None
            # Of empty text, NumPy would give a character.
            data = value.tobytes() if value.dtype.itemsize else b""
            return {"scalar": [value.dtype.str, self.keep(data), len(data)]}
        if issubclass(kind, numpy.dtype):
            plain_kind = value.kind in PLAIN_KINDS or value.kind == "O"
            return {"dtype": value.str} if plain_kind and not value.metadata else None
        if not issubclass(kind, numpy.ndarray):
            if not real(kind, TENSOR_CLASSES):
                return None
            return marked(self.array(numpy.asarray(value), depth), tensor_kind(kind))
        if kind.__name__ == "Tensor" and kind.__module__ == "autograder.values.tensors":
            return marked(self.array(numpy.asarray(value), depth), value._kind)
        if kind not in (numpy.ndarray, numpy.ma.MaskedArray, numpy.memmap):
            # It computes, or is asked, in another way than an array: a matrix, a notebook's own.
            raise NotCarried(f"{kind.__module__.partition('.')[0]}.{kind.__name__}")
        mask = None
        if kind is numpy.ma.MaskedArray:
            mask = self.array(numpy.ma.getmaskarray(value), depth)
        # The base class's copy: a subclass has no say in what it holds.
        plain = numpy.array(value, subok=False)
        if mask is not None and plain.dtype.kind not in PLAIN_KINDS:
            raise NotCarried("an array with masked values that are no numbers or text")
        if plain.dtype.kind == "O":
            items = [self.node(item, depth + 1) for item in plain.ravel().tolist()]
            return {"objects": items, "shape": list(plain.shape)}
        fields = plain.dtype.fields
        if plain.dtype.kind == "V" and fields:
            columns = [[name, self.array(plain[name], depth)] for name in plain.dtype.names]
            return {"record": columns, "shape": list(plain.shape)}
        if plain.dtype.kind not in PLAIN_KINDS:
            return None
        data = plain.tobytes()
        found: dict[str, Any] = {"array": [plain.dtype.str, list(plain.shape), self.keep(data)]}
        if plain.flags.f_contiguous and not plain.flags.c_contiguous:
            found["columns"] = True
        if mask is not None:
            found["mask"] = mask
            found["fill"] = self.array(numpy.asarray(value.fill_value), depth)
        return found
