"""Waits for a descriptor, whatever its number: `select.select` knows none above 1,023."""

from __future__ import annotations

import select


def readable(fd: int, seconds: float) -> bool:
    """Whether something can be read from it, or its other end is gone, before time is up."""
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
