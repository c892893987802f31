"""What an assignment's `exercise.toml` says of files to hold back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# More pictures of one class say no more of a network, and every one has to be asked for.
MOST_EACH = 50
FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class HeldBack:
    """Which part of the pictures that students hand in their notebook does not see.

    Attributes:
        folder: beside the notebook, with one folder for each class.
        share: of the pictures of each class, above 0 and below 1.
        at_least: pictures of each class that are held back where the share is fewer.
        seed: secret of the installation, from which all choices follow.
    """

    folder: str
    share: float
    at_least: int
    seed: str

    def wanted(self, count: int) -> int:
        """How many of so many pictures of a class are held back."""
        return max(self.at_least, min(round(self.share * count), MOST_EACH))

    def most(self, count: int) -> int:
        """How many may be, where near-duplicates come along: half as much again, and no more than
        half of the class as long as that gives the share."""
        wanted = self.wanted(count)
        return max(wanted, min(wanted * 3 // 2, count // 2))

    @property
    def fewest(self) -> int:
        """Pictures that a class needs: the notebook keeps as many as are held back, or more."""
        return 2 * self.at_least


def read(table: Any) -> HeldBack | None:
    """Read the table `[held_back]`; None where there is none.

    Raises:
        ValueError: it does not say what is needed.
    """
    if not table:
        return None
    if not isinstance(table, Mapping):
        raise ValueError("held_back is no table")
    folder, share = table.get("folder"), table.get("share")
    least, seed = table.get("at_least"), table.get("seed")
    if not isinstance(folder, str) or not FOLDER.fullmatch(folder):
        raise ValueError("[held_back] needs folder, the name of one folder")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise ValueError("[held_back] needs share, a number between 0 and 1")
    if isinstance(least, bool) or not isinstance(least, int) or least < 1:
        raise ValueError("[held_back] needs at_least, a whole number above 0")
    if not isinstance(seed, str) or len(seed) < 16:
        raise ValueError(
            "[held_back] has no seed; `course exercises` writes it from the installation's secret"
        )
    return HeldBack(folder, float(share), least, seed)
