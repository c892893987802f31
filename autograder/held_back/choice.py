"""Chooses what is held back: by a seed, class by class, near-duplicates together."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.held_back.plan import HeldBack

# Correlation of two pictures of 12 × 12 grey values above which they are near-duplicates. The first
# is the one that exercise E3 hands to its students; the others are taken in turn where it joins
# so many pictures that no share can be cut off.
ALIKE = (0.87, 0.93, 0.97, 0.99)
# Pictures compared with all others at once: the whole table of thousands would fill the memory.
BLOCK = 128


@dataclass(frozen=True)
class Choice:
    """What is held back.

    Attributes:
        taken: places of the pictures, rising.
        alike: likeness from which pictures stayed together.
    """

    taken: tuple[int, ...]
    alike: float


def key(secret: str, *parts: bytes) -> bytes:
    """32 bytes that follow from the secret and these parts; nobody gets back from them."""
    content = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.new(secret.encode(), content, hashlib.sha256).digest()


def scenes(looks: NDArray[np.float64], alike: float) -> NDArray[np.int64]:
    """Numbers for pictures: near-duplicates get the same, through others in between too.

    Args:
        looks: shape (n, 144), each of mean 0 and length 1, or all zeros for an even surface.
        alike: correlation above which two pictures are near-duplicates.

    Returns:
        Shape (n,).
    """
    numbers = np.arange(len(looks))
    # An even surface has no look to compare: all of them count as one scene.
    even = np.flatnonzero(~looks.any(axis=1))
    numbers[even] = even.min() if len(even) else 0
    for start in range(0, len(looks), BLOCK):
        for near in looks[start : start + BLOCK] @ looks.T > alike:
            same = np.unique(numbers[near])
            if len(same) > 1:
                numbers[np.isin(numbers, same)] = same.min()
    return numbers


def choose(
    classes: Sequence[str], looks: NDArray[np.float64], plan: HeldBack, seed: bytes
) -> Choice | None:
    """Choose pictures of every class.

    Args:
        classes: of each picture.
        looks: see `scenes`.
        plan: how many.
        seed: of this submission.

    Returns:
        None where the pictures are too much alike to be divided.
    """
    for alike in ALIKE:
        taken = divided(classes, scenes(looks, alike), plan, seed)
        if taken is not None:
            return Choice(taken, alike)
    return None


def divided(
    classes: Sequence[str], numbers: NDArray[np.int64], plan: HeldBack, seed: bytes
) -> tuple[int, ...] | None:
    """Whole scenes, until each class has given its share, or None where that cannot be.

    Args:
        classes: of each picture.
        numbers: of each picture's scene.
        plan: how many.
        seed: of this submission.
    """
    sizes = Counter(classes)
    members: dict[int, list[int]] = {}
    for place, number in enumerate(numbers.tolist()):
        members.setdefault(number, []).append(place)
    adds = {number: Counter(classes[p] for p in places) for number, places in members.items()}
    order = sorted(members, key=lambda number: key(seed.hex(), str(number).encode()))
    most = {name: plan.most(size) for name, size in sizes.items()}
    given: Counter[str] = Counter()
    taken: set[int] = set()
    for name, size in sorted(sizes.items()):
        for number in order:
            if given[name] >= plan.wanted(size):
                break
            if number in taken or not adds[number][name]:
                continue
            if all(given[other] + more <= most[other] for other, more in adds[number].items()):
                taken.add(number)
                given += adds[number]
        if given[name] < plan.wanted(size):
            return None
    return tuple(sorted(place for number in taken for place in members[number]))
