"""Profiles: the same code, with other named constants, on a laptop and on a GPU."""

from __future__ import annotations

import os
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
