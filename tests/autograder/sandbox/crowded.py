"""A process that has more than a thousand descriptors open, as one that grades a class may."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator

# The first number that `select.select` does not take.
FIRST = 1024


@contextlib.contextmanager
def crowded() -> Iterator[None]:
    """What is opened inside gets numbers from `FIRST` on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = 2 * FIRST if hard == resource.RLIM_INFINITY else min(2 * FIRST, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))
    held = [os.open(os.devnull, os.O_RDONLY)]
    try:
        while held[-1] < FIRST:
            held.append(os.dup(held[0]))
        yield
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
