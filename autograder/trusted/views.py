"""Arrays that share their numbers: in the notebook, or among the arguments of a call."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from autograder.values.parts import arrays

# Bytes of the arrays of one case that are watched.
MOST = 256 << 20


def sum_of(array: Any) -> int:
    """A number that differs when the array has changed."""
    return zlib.crc32(array.tobytes())


class Views:
    """Watches arrays whose copies share no numbers, as they do in the notebook.

    A function can answer with `x.T`, or `x[1:]`. As long as a test only reads, a copy is as good.
    """

    def __init__(self) -> None:
        self.watched: list[tuple[Any, int]] = []
        self.left = MOST

    def note(self, values: list[Any]) -> None:
        """From now on it matters whether a test changes an array of these values."""
        for array in arrays(values):
            self.left -= array.nbytes
            if self.left < 0:
                break
            self.watched.append((array, sum_of(array)))

    def changed(self) -> bool:
        """Whether one of them has changed."""
        return any(sum_of(array) != before for array, before in self.watched)

    def renew(self) -> None:
        """What they are now is how they were: a function has changed them, in the notebook too."""
        self.watched = [(array, sum_of(array)) for array, _ in self.watched]


class Overlaps:
    """Arrays of arguments that lie in the same memory.

    Args:
        given: the arguments.
    """

    def __init__(self, given: list[Any]) -> None:
        self.arrays = arrays(given)

    def other(self, part: Any) -> bool:
        """Whether a part of the arguments is an array, and another one has numbers of it."""
        return issubclass(type(part), np.ndarray) and any(
            other is not part and np.may_share_memory(other, part) for other in self.arrays
        )
