"""The generators of `random` and NumPy that all code of a process shares.

In `otter run`, tests and notebook draw from the same. Here there are two, and what a test seeds
goes along with the next call. It is noticed where both sides draw then. No state comes from the
notebook: it would choose what the tests draw.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy

from autograder.values.generators import comparable

# As they are before a test could replace them.
STATES: dict[str, Callable[[], Any]] = {
    "random": random.getstate,
    "numpy": numpy.random.get_state,
}
SETTING: dict[str, Callable[[Any], Any]] = {
    "random": random.setstate,
    "numpy": numpy.random.set_state,
}
SEEDING: dict[str, Callable[[Any], Any]] = {
    "random": random.seed,
    "numpy": numpy.random.seed,
}


@dataclass
class Left:
    """Where the public cases of a question have left the generators, by module.

    Attributes:
        states: of those that were seeded in them, by the tests or as Otter's settings say.
        seeded, sent, drew, moved: as of `Generators`.
        apart: those that the cases have moved, and the notebook's not in the same way.
    """

    states: dict[str, Any] = field(default_factory=dict)
    seeded: set[str] = field(default_factory=set)
    sent: dict[str, Any] = field(default_factory=dict)
    drew: set[str] = field(default_factory=set)
    moved: bool = False
    apart: set[str] = field(default_factory=set)


class Generators:
    """Watches those of this process.

    Attributes:
        seeded: those that a test has seeded since their states went along last.
        known: those that were seeded since the running question began.
        sent: states that the notebook's had too, by module.
        drew: those of which the notebook has drawn since then.
        here: those of which it has in the running case, since the test has seeded them.
        begun: states of all as the case began.
        outset: the same as the public cases of the question began.
        apart: whether it has seeded one anew from which both sides had drawn.
        watching: whether all draws of functions are looked for, seeded or not.
        moved: whether a function has drawn, as far as it was looked for.
    """

    def __init__(self) -> None:
        self.seeded, self.known = set[str](), set[str]()
        self.sent: dict[str, Any] = {}
        self.drew, self.here, self.apart = set[str](), set[str](), False
        self.begun: dict[str, Any] = {}
        self.outset: dict[str, Any] = {}
        self.watching = self.moved = False
        self.watch("random", random, ("seed", "setstate"))
        self.watch("numpy", numpy.random, ("seed", "set_state"))

    def watch(self, name: str, module: ModuleType, functions: tuple[str, ...]) -> None:
        """Notice calls of the functions that seed a generator."""
        for function in functions:
            setattr(module, function, self.noticed(name, getattr(module, function)))

    def noticed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, noted when it is called."""

        def seed(*arguments: Any, **named: Any) -> Any:
            self.apart = self.apart or self.both(name)
            self.sent.pop(name, None)
            self.drew.discard(name)
            self.here.discard(name)
            self.seeded.add(name)
            self.known.add(name)
            return function(*arguments, **named)

        return seed

    def start(self, seed: int | None, drew: Any, watching: bool) -> None:
        """The public cases of a question begin.

        Args:
            seed: by which Otter seeds each cell, the notebook's generators too; or None.
            drew: those of which the notebook says that it has drawn since then, as it arrived.
            watching: whether to look for all draws of functions.
        """
        self.watching, self.moved, self.known = watching, False, set()
        if seed is None:
            self.outset = states()
            return
        for function in SEEDING.values():
            function(seed)
        # Two: a test that seeds takes a state out of the one.
        self.outset, self.sent = states(), states()
        self.known = set(STATES)
        self.drew = {name for name in STATES if type(drew) is list and name in drew}
        self.seeded.clear()

    def leave(self) -> Left:
        """The public cases of a question have ended: the hidden ones go on from here."""
        kept, now = {name: STATES[name]() for name in self.known}, states()
        apart = {name for name in now if now[name] not in (self.outset[name], self.sent.get(name))}
        drew, sent = set(self.drew), dict(self.sent)
        return Left(kept, set(self.seeded), sent, drew, self.moved, apart)

    def resume(self, left: Left, watching: bool) -> None:
        """The hidden cases of a question begin.

        Args:
            left: where its public ones have stopped. A generator that nobody had seeded goes on
                from where it is, or two questions would draw the same.
            watching: as of `start`.
        """
        for name, state in left.states.items():
            SETTING[name](state)
        self.sent, self.drew, self.moved = dict(left.sent), set(left.drew), left.moved
        self.known, self.watching = set(left.states), watching
        # What a public case has seeded before no call goes along with the first one here.
        self.seeded = set(left.seeded)

    def begin(self) -> None:
        """A case begins."""
        self.apart, self.here = False, set()
        self.begun = states() if self.sent else {}

    def going(self) -> dict[str, Any]:
        """What goes along with a call: states of generators that were seeded since the last one,
        by module, and whether to say which the function draws from."""
        found = {name: STATES[name]() for name in sorted(self.seeded)}
        if self.seeded:
            now = states()
            self.sent |= {name: now[name] for name in self.seeded}
        self.seeded.clear()
        return found | {"watch": True} if self.sent or self.watching else found

    def heard(self, said: Any) -> None:
        """A function has drawn from generators; it says from which, as it arrived."""
        drew = {name for name in STATES if type(said) is list and name in said}
        self.moved = self.moved or bool(drew)
        self.drew |= drew.intersection(self.sent)
        self.here |= drew.intersection(self.sent)

    def both(self, name: str) -> bool:
        """Whether a test and the notebook have drawn from this generator since they were alike,
        one of them in the running case: then it had numbers that would have been the other's."""
        if name not in self.drew:
            return False
        now = states()[name]
        return now != self.sent[name] and (name in self.here or now != self.begun.get(name))

    def diverged(self) -> bool:
        """The same of any."""
        return self.apart or any(map(self.both, self.drew))


def states() -> dict[str, Any]:
    """The states of this process' generators by module, to be compared."""
    return comparable({name: state() for name, state in STATES.items()})
