"""The generators of `random` and NumPy that all code of the notebook's process shares."""

from __future__ import annotations

import contextlib
import importlib
import random
import sys
from collections.abc import Container
from typing import Any

from autograder.values.generators import MODULES, comparable

# The state of the generator from which Otter draws. A notebook can replace the name in the module.
STATE = random.getstate
# So many emojis, as of Otter 7.0.
EMOJIS = range(8)


class Generators:
    """Where the checks have left them.

    In `otter run`, hidden cases come with the check. Here they come after the last cell, and a
    function that they call draws on from where the public ones have stopped.

    Attributes:
        left: states by question.
        question: whose hidden cases run, or "".
        seeded: those that tests have seeded since the running check began.
    """

    def __init__(self) -> None:
        self.left: dict[str, dict[str, Any]] = {}
        self.question = ""
        self.seeded = set[str]()

    def adopt(self, states: dict[str, Any]) -> None:
        """Take over the states of generators that a test has seeded."""
        self.seeded.update(set(MODULES).intersection(states))
        adopt(states)

    def leave(self, question: str) -> None:
        """The public cases of a question have ended."""
        self.left[question] = now()

    def resume(self, question: Any) -> None:
        """A call comes from a hidden case of this question, or, where it is no text, from a
        public one."""
        if type(question) is str and question != self.question:
            adopt(self.left.get(question, {}))
            self.question = question


class Emojis:
    """What Otter draws where it shows a passed check: one of eight emojis.

    What a notebook draws from then on depends on it. No result is told to the notebook here, so it
    is drawn where the notebook was saved with one.

    Attributes:
        left: how many were saved below the running cell, and are not drawn yet.
        still: the state of `random` while nothing else has drawn in the running cell.
        array: that of NumPy's generator as it began.
    """

    def __init__(self) -> None:
        self.begin(0)

    def begin(self, saved: int) -> None:
        """A cell begins, below which so many are saved."""
        self.left = saved
        self.still, self.array = STATE(), comparable(now()).get("numpy")

    def draw(self) -> None:
        """A check is shown."""
        if not self.left:
            return
        self.left -= 1
        still = STATE() == self.still
        random.choice(EMOJIS)  # noqa: S311
        if still:
            self.still = STATE()

    def drew(self) -> list[str]:
        """From which generators the cell itself has drawn."""
        array = comparable(now()).get("numpy")
        found = ["random"] * (STATE() != self.still)
        return found + ["numpy"] * (self.array is not None and array != self.array)

    def pass_over(self, names: Container[str]) -> None:
        """What has been drawn from these generators until now is no draw of the cell's."""
        if "random" in names:
            self.still = STATE()
        if "numpy" in names:
            self.array = comparable(now()).get("numpy")


def adopt(states: dict[str, Any]) -> None:
    """Take over states of generators, by their modules."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy" in states:
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy").random.set_state(states["numpy"])


def now() -> dict[str, Any]:
    """The states of the generators, by their modules."""
    found: dict[str, Any] = {}
    with contextlib.suppress(Exception):
        found["random"] = random.getstate()
        found["numpy"] = sys.modules["numpy"].random.get_state()
    return found


def seed(number: int) -> None:
    """Seed them as Otter does before a cell."""
    with contextlib.suppress(Exception):
        random.seed(number)
        importlib.import_module("numpy").random.seed(number)


def drawn(number: int) -> list[str]:
    """Of which the notebook has drawn, or which it has seeded itself, since they were seeded so."""
    found: dict[str, Any] = {"random": random.Random(number).getstate()}  # noqa: S311
    with contextlib.suppress(Exception):
        found["numpy"] = sys.modules["numpy"].random.RandomState(number).get_state()
    fresh, have = comparable(found), comparable(now())
    return [name for name in fresh if have.get(name) != fresh[name]]
