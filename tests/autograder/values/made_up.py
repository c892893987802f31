"""Classes that are a library's, where the library itself would take seconds to import."""

from __future__ import annotations

import sys
import types
from typing import Any


def of_tensorflow(kind: Any) -> Any:
    """A class that is TensorFlow's, as far as Python knows."""
    # A module for each: others of this name stay what they are.
    kind.__module__ = f"tensorflow.made_up_{id(kind)}"
    module = sys.modules[kind.__module__] = types.ModuleType(kind.__module__)
    setattr(module, kind.__name__, kind)
    return kind
