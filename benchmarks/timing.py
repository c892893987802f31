"""Compares commands honestly: in turn, several times, as whole processes."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def seconds(command: Sequence[str], folder: Path) -> float:
    """Wall time of a command in seconds.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def in_turn(
    first: Callable[[], float], second: Callable[[], float], times: int = 5
) -> tuple[list[float], list[float]]:
    """Run two measurements A B A B …, so that both meet the same state of a shared machine."""
    pairs = [(first(), second()) for _ in range(times)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def described(values: Sequence[float], unit: str = "s") -> str:
    """Median and range of several measurements."""
    median = statistics.median(values)
    return f"{median:.2f} {unit} (median of {len(values)}, {min(values):.2f}–{max(values):.2f})"
