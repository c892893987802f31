"""Plain data back into values, on the side that trusts nobody.

Every length, type name and shape is checked before memory is taken; nothing is looked up or
called by a name that arrived, except from the closed lists below.
"""

from __future__ import annotations

import collections
import contextlib
import importlib
import math
import re
from collections.abc import Callable
from typing import Any

# An assignment may do without it.
with contextlib.suppress(ImportError):
    import numpy as np

from autograder.values import classes, sets
from autograder.values.encode import FACTORIES, MAX_DEPTH, MAX_NODES, NANS, TENSORS
from autograder.values.wire import WireError

DTYPE = re.compile(
    r"[<>|=](b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[mM]8(\[[a-zA-Z0-9]{1,6}\])?|[US]\d{1,6})"
)
MAX_DIMENSIONS = 32
CLASSES: dict[str, Callable[[list[tuple[Any, Any]]], Any]] = {
    "dict": dict,
    "OrderedDict": collections.OrderedDict,
    "Counter": lambda pairs: collections.Counter(dict(pairs)),
    "defaultdict": lambda pairs: collections.defaultdict(None, pairs),
}
# Modules that a test may find under a student's name for them: no way to files, processes or
# the interpreter among them. Not pyplot: it holds the figures of its own process.
MODULES = frozenset(
    """
    math cmath random statistics fractions decimal itertools functools collections re string
    datetime calendar json operator copy textwrap time numpy numpy.random numpy.linalg pandas
    scipy scipy.stats scipy.optimize sklearn matplotlib
    """.split()
)


class Malformed(WireError):
    """A value does not have the form that the vocabulary prescribes."""


class Decoder:
    """Values out of one message.

    Attributes:
        referred: makes the stand-in for a reference (a function, a model).
        opaque: makes the stand-in for what could not be carried, from the reason.
        modules: names of further modules that the assignment itself brings along.
        masks: whether arrays with masked values are made. They win comparisons of tests that do
            not know of them: what is masked differs from nothing.
        gaps: the same for columns of pandas' own types with missing values.
        tensors: the same for arrays that were tensors: a test may ask of what type they are.
        paths: whether there may be paths, which a notebook never sends.
        sets: makes sets in the order of the other side's.
        tensor: makes one of an array and its mark; by default what stands for it in a test.
    """

    def __init__(
        self,
        blob: bytes,
        referred: Callable[[dict[str, Any]], Any],
        opaque: Callable[[str], Any],
        modules: frozenset[str] = frozenset(),
        masks: bool = True,
        gaps: bool = True,
        tensors: bool = True,
        tensor: Callable[[Any, str], Any] | None = None,
        paths: bool = False,
        makes: sets.Maker | None = None,
    ) -> None:
        self.blob, self.referred, self.opaque, self.modules = blob, referred, opaque, modules
        self.masks, self.gaps, self.tensors, self.tensor = masks, gaps, tensors, tensor
        self.paths = paths
        self.nodes = 0
        self.sets = sets.Maker() if makes is None else makes

    def value(self, node: Any) -> Any:
        """The value that a JSON node stands for.

        Raises:
            Malformed: it is not of the vocabulary.
        """
        try:
            return self.node(node, 0)
        except WireError:
            raise
        except Exception as error:
            raise Malformed(f"{type(error).__name__}: {error}") from None

    def node(self, node: Any, depth: int) -> Any:
        """The value of a node at this depth."""
        if node is None or type(node) in (bool, float, str, int):
            return node
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH + 2:
            raise Malformed("too many values, or nested too deeply")
        if type(node) is list:
            return [self.node(item, depth + 1) for item in node]
        if type(node) is not dict or not node:
            raise Malformed("an unknown node")
        tag = next(iter(node))
        content = node[tag]
        method = getattr(self, f"as_{tag}", None) if tag in TAGS else None
        if method is None:
            raise Malformed("an unknown kind of value")
        return method(content, node, depth)

    def take(self, start: Any, count: int) -> bytes:
        """Bytes of the blob."""
        if type(start) is not int or start < 0 or count < 0 or start + count > len(self.blob):
            raise Malformed("bytes that are not there")
        return self.blob[start : start + count]

    def as_tuple(self, content: Any, node: Any, depth: int) -> Any:
        return tuple(self.node(list(content), depth))

    def as_set(self, content: Any, node: Any, depth: int) -> Any:
        return self.ordered(set, content, node, depth)

    def as_frozenset(self, content: Any, node: Any, depth: int) -> Any:
        return self.ordered(frozenset, content, node, depth)

    def ordered(self, kind: type, content: Any, node: Any, depth: int) -> Any:
        """A set with the order of the other side's, where it can be made."""
        found = self.sets.made(kind, self.node(list(content), depth), node.get("table"))
        if kind is set:
            self.sets.given.note(found)
        return found

    def as_dict(self, content: Any, node: Any, depth: int) -> Any:
        pairs = [(self.node(k, depth + 1), self.node(v, depth + 1)) for k, v in content]
        found = CLASSES[node.get("as", "dict")](pairs)
        if type(found) is collections.defaultdict:
            found.default_factory = self.factory(node.get("factory"))
        return found

    def factory(self, name: Any) -> Any:
        """What makes the values of missing keys; asked for one that is not carried, opaque."""
        if name is None:
            return None
        if type(name) is str and name in FACTORIES:
            return FACTORIES[name]
        return self.opaque("the default of a dictionary")

    def as_dots(self, content: Any, node: Any, depth: int) -> Any:
        return ...

    def as_nan(self, content: Any, node: Any, depth: int) -> Any:
        if type(content) is not int or not 0 <= content < len(NANS):
            raise Malformed("an unknown NaN")
        return importlib.import_module(NANS[content]).nan

    def as_int(self, content: Any, node: Any, depth: int) -> Any:
        if type(content) is not str or len(content) > 30_000:
            raise Malformed("a number too large")
        return int(content, 16)

    def as_complex(self, content: Any, node: Any, depth: int) -> Any:
        real, imaginary = content
        return complex(float(real), float(imaginary))

    def as_bytes(self, content: Any, node: Any, depth: int) -> Any:
        return self.take(*content)

    def as_bytearray(self, content: Any, node: Any, depth: int) -> Any:
        return bytearray(self.take(*content))

    def as_range(self, content: Any, node: Any, depth: int) -> Any:
        start, stop, step = content
        return range(start, stop, step)

    def as_module(self, content: Any, node: Any, depth: int) -> Any:
        if type(content) is str and (content in MODULES or content in self.modules):
            try:
                return importlib.import_module(content)
            except ImportError:
                pass
        return self.opaque(f"the module {content!s:.60}")

    def as_class(self, content: Any, node: Any, depth: int) -> Any:
        try:
            found = classes.class_of(content)
        except ImportError:
            return self.opaque(f"the class {content}")
        if found is None:
            raise Malformed("an unknown class")
        return found

    def as_other(self, content: Any, node: Any, depth: int) -> Any:
        return self.opaque(str(content)[:200])

    def as_scalar(self, content: Any, node: Any, depth: int) -> Any:
        dtype, start, count = content
        found = self.dtype(dtype)
        if found.itemsize == 0:
            # Empty text or bytes; some versions of NumPy send a character of them, others none.
            return np.zeros((), found)[()]
        if count != found.itemsize:
            raise Malformed("a scalar of another size")
        return np.frombuffer(self.take(start, count), found)[0]

    def dtype(self, name: Any) -> np.dtype[Any]:
        """A type of the closed list."""
        if type(name) is not str or not DTYPE.fullmatch(name):
            raise Malformed("a type that is not carried")
        return np.dtype(name)

    def as_dtype(self, content: Any, node: Any, depth: int) -> Any:
        return np.dtype(object) if content == "|O" else self.dtype(content)

    def shape(self, shape: Any) -> tuple[int, ...]:
        """A shape, checked."""
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise Malformed("too many dimensions")
        if any(type(n) is not int or n < 0 or n > 1 << 40 for n in shape):
            raise Malformed("a shape that cannot be")
        return tuple(shape)

    def as_array(self, content: Any, node: Any, depth: int) -> Any:
        dtype, shape, start = content
        found, size = self.dtype(dtype), self.shape(shape)
        count = math.prod(size) * found.itemsize
        data = self.take(start, count)
        if count == 0:
            array = np.zeros(size, found if 0 in size or not size else f"{found.kind}1")
        else:
            # Bytes come row by row. The memory may have had column by column, which tests can see.
            array = np.frombuffer(data, found).reshape(size)
            array = array.copy("F") if node.get("columns") is True else array.copy()
        if "mask" in node:
            if not self.masks:
                return self.opaque("an array with masked values")
            mask = self.node(node["mask"], depth + 1)
            filled = self.node(node["fill"], depth + 1) if "fill" in node else None
            return np.ma.MaskedArray(array, np.asarray(mask, bool).reshape(size), fill_value=filled)
        return self.unmarked(self.fixed(array, node), node)

    def fixed(self, array: Any, node: Any) -> Any:
        """The array of a node, closed for writing where it was."""
        if node.get("fixed") is True:
            array.setflags(write=False)
        return array

    def unmarked(self, array: Any, node: Any) -> Any:
        """The array of a node, or what stands for the tensor that it was."""
        if "tensor" not in node:
            return array
        kind = node["tensor"]
        if type(kind) is not str or kind not in TENSORS:
            raise Malformed("an unknown kind of tensor")
        if not self.tensors:
            return self.opaque("a tensor, where a test may ask for its type")
        if self.tensor is not None:
            return self.tensor(array, kind)
        from autograder.values import tensors

        return tensors.tensor(array, kind, self.opaque)

    def as_objects(self, content: Any, node: Any, depth: int) -> Any:
        size = self.shape(node["shape"])
        if type(content) is not list or math.prod(size) != len(content):
            raise Malformed("a shape that does not fit")
        array = np.empty(len(content), object)
        for place, item in enumerate(content):
            array[place] = self.node(item, depth + 1)
        return self.unmarked(array.reshape(size), node)

    def as_record(self, content: Any, node: Any, depth: int) -> Any:
        size = self.shape(node["shape"])
        columns = [(str(name), np.asarray(self.node(item, depth + 1))) for name, item in content]
        if not 0 < len(columns) <= 1000 or any(c.shape[: len(size)] != size for _, c in columns):
            raise Malformed("columns of different shapes")
        kinds = [(name, column.dtype, column.shape[len(size) :]) for name, column in columns]
        array = np.empty(size, kinds)
        for name, column in columns:
            array[name] = column
        return self.fixed(array, node)

    def as_frame(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import frames

        return frames.decoded(self, "frame", content, depth, node.get("attrs"))

    def as_series(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import frames

        return frames.decoded(self, "series", content, depth, node.get("attrs"))

    def as_index(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import frames

        return frames.decoded(self, "index", content, depth)

    def as_extension(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import frames

        return frames.decoded(self, "extension", content, depth)

    def as_stamp(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import frames

        return frames.decoded(self, "stamp", content, depth)

    def as_standard(self, content: Any, node: Any, depth: int) -> Any:
        from autograder.values import standard

        return standard.decoded(self, content, depth)

    def as_function(self, content: Any, node: Any, depth: int) -> Any:
        return self.referred({"function": content})

    def as_object(self, content: Any, node: Any, depth: int) -> Any:
        return self.referred({"object": content})

    def as_history(self, content: Any, node: Any, depth: int) -> Any:
        history = self.node(content, depth + 1)
        if type(history) is not dict:
            raise Malformed("a history is a dictionary")
        return self.referred({"history": history})


TAGS = frozenset(name[3:] for name in vars(Decoder) if name.startswith("as_"))
