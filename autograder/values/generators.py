"""States of the generators of `random` and NumPy, in both processes."""

from __future__ import annotations

import contextlib
from typing import Any

# The modules whose generators all code of a process shares.
MODULES = ("random", "numpy")


def comparable(states: dict[str, Any]) -> dict[str, Any]:
    """States that are equal where the generators are.

    Args:
        states: what `random.getstate()` and `numpy.random.get_state()` give, by module.
    """
    found = dict(states)
    with contextlib.suppress(Exception):
        state = found["numpy"]
        # A dictionary, of another kind of generator.
        found["numpy"] = repr(state) if type(state) is dict else [state[1].tobytes(), *state[2:]]
    return found
