"""Classes that are a library's, where the library itself would take seconds to import."""

from __future__ import annotations

import sys
import types
from typing import Any


def of_tensorflow(kind: Any) -> Any:
    """A class that is TensorFlow's, as far as Python knows."""
    kind.__module__ = "tensorflow.made_up"
    module = sys.modules.setdefault(kind.__module__, types.ModuleType(kind.__module__))
    setattr(module, kind.__name__, kind)
    return kind
