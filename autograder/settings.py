"""How a submission is graded."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox.limits import Limits

SANDBOXES = ("bubblewrap", "docker", "none")
MODES = ("cold", "warm")


@dataclass(frozen=True)
class Settings:
    """How to grade.

    Attributes:
        python: interpreter of the assignment's environment, for the notebook and its tests.
        limits: in place of the assignment's own, or None.
        sandbox: "bubblewrap", "docker" or "none".
        mode: "cold", or "warm" for rooms forked from interpreters that wait, where it can be had:
            in bubblewrap.
        image: that Docker makes containers of, in place of `python`; by its digest.
        second_look: whether Otter's own grading runs too where points were lost; see there.
    """

    python: Path = field(default_factory=lambda: Path(sys.executable))
    limits: Limits | None = None
    sandbox: str = "bubblewrap"
    mode: str = "cold"
    image: str = ""
    second_look: bool = False
