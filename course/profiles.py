"""Profiles: the same code, with other named constants, on a laptop and on a GPU."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from course.errors import CourseError

PROFILES = ("cpu", "gpu")
T = TypeVar("T")


def current() -> str:
    """The profile in use: `COURSE_PROFILE`, or `cpu` when it is not set.

    Raises:
        CourseError: `COURSE_PROFILE` names no profile.
    """
    name = os.environ.get("COURSE_PROFILE") or "cpu"
    if name not in PROFILES:
        raise CourseError(f"COURSE_PROFILE is {name!r}; set it to one of {', '.join(PROFILES)}.")
    return name


def choose(*, cpu: T, gpu: T) -> T:
    """The value of a named constant for the profile in use.

    Args:
        cpu: the value that fits a laptop with two cores.
        gpu: the value for a machine with a GPU.
    """
    return gpu if current() == "gpu" else cpu


# How Linux names the instructions that multiply in bfloat16.
BFLOAT16 = {"avx512_bf16", "amx_bf16"}


@contextmanager
def mixed_precision() -> Iterator[None]:
    """Layers that are made inside compute in bfloat16 where the processor can, else in float32.

    Weights stay float32: it is Keras' policy `mixed_bfloat16`. A processor without instructions
    for bfloat16, a system that does not say what its processor can, and the profile `gpu` keep the
    policy that was set before.
    """
    import keras

    before = keras.config.dtype_policy()
    if current() == "cpu" and _multiplies_in_bfloat16():
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _multiplies_in_bfloat16() -> bool:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return not BFLOAT16.isdisjoint(flags.split())
