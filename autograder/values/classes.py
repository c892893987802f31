"""Classes that are carried by their names: each process has one of each.

The list is short on purpose: a test may call what it has got, in the process of the tests, ask
whether something is an instance of it, or catch it.

- `numpy.ndarray` is not on it. Of a number, it makes an array of memory as it was left there.
- `object` is not: everything is an instance of it. Nor is `type`.
- Exceptions are not. A stand-in that a test raises is a `TypeError` here, and none in the notebook.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

PLAIN: tuple[type, ...] = (
    *(bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range),
    *(type(None), type(...)),
)
# By names without a module.
BUILTIN: dict[str, type] = {kind.__name__: kind for kind in PLAIN}
# Of libraries: names in their modules.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "numpy": (
        *("bool_", "str_", "bytes_", "datetime64", "timedelta64"),
        *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    ),
    "pandas": ("DataFrame", "Series"),
}


def name_of(kind: type) -> str | None:
    """The name of a class that is carried, known by being this very class; or None.

    A notebook can name any of them: it could have handed over the class itself.
    """
    for name, one in BUILTIN.items():
        if one is kind:
            return name
    for library, names in LIBRARIES.items():
        known = getattr(sys.modules.get(library), "__dict__", {})
        for name in names:
            if known.get(name) is kind:
                return f"{library}.{name}"
    return None


def class_of(name: Any) -> type | None:
    """The class of a name that arrived, or None if it is not of the list.

    Raises:
        ImportError: of a library of the list that is not there.
    """
    if type(name) is not str:
        return None
    library, _, own = name.rpartition(".")
    if own in LIBRARIES.get(library, ()):
        found: type = getattr(importlib.import_module(library), own)
        return found
    return BUILTIN.get(name)
