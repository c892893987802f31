"""Loaded by a Dask worker of this machine: Ctrl-C is for the batch, which ends its workers itself.

The terminal tells it to all processes. A worker would end with a traceback of Dask's, before the
batch can say that nothing is lost.
"""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(_: Any) -> None:
    """Pass over it. A program that the worker starts has the usual handler."""
    signal.signal(signal.SIGINT, lambda *_: None)
