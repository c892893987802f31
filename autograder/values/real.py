"""Classes of libraries, known by being these very classes: a notebook can call its own like them.

No library is imported to look.
"""

from __future__ import annotations

import sys
from collections.abc import Collection

PACKAGES = frozenset("numpy pandas tensorflow keras torch autograder".split())


def real(kind: type, names: Collection[str]) -> bool:
    """Whether a class is one of these of a library, and nothing that is called so.

    Args:
        kind: the class.
        names: of the classes of libraries that are meant.
    """
    name = kind.__name__
    if name not in names:
        return False
    module = kind.__module__
    return (
        type(module) is str
        and module.partition(".")[0] in PACKAGES
        and getattr(sys.modules.get(module), "__dict__", {}).get(name) is kind
    )
