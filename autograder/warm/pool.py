"""The templates of this process: started when they are wanted, replaced when they are worn."""

from __future__ import annotations

import atexit
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from autograder.warm.forked import Forked, Unfurnished
from autograder.warm.template import Kind, NotWarm, Template

# Templates at a time, and submissions until one is replaced by a fresh one.
MOST, FORKS = 4, 500
# So often in a row a kind may fail before it is not tried any more.
FAILURES = 2


class Pool:
    """Templates by their kind.

    Attributes:
        failures: what went wrong since a room of this kind was made, by kind.
    """

    def __init__(self, forks: int = FORKS) -> None:
        self.forks = forks
        self.templates: OrderedDict[Kind, Template] = OrderedDict()
        self.failures: dict[Kind, list[str]] = {}

    def start(
        self,
        side: str,
        room: Room,
        limits: Limits,
        settings: Mapping[str, Any],
        fds: Mapping[str, int],
        libraries: Sequence[str],
    ) -> tuple[Forked, Template]:
        """A program in a room forked for it.

        Args:
            side: "student" or "trusted".
            room, limits, settings, fds: see `Forked`.
            libraries: modules to be imported before the fork.

        Returns:
            The program, and the template on whose life its own depends.

        Raises:
            NotWarm: there is none to be had.
        """
        kind = Kind.of(side, room, limits, libraries)
        failures = self.failures.setdefault(kind, [])
        if len(failures) >= FAILURES:
            raise NotWarm(failures[-1])
        while True:
            try:
                template = self.template(kind)
                forked = Forked(template, room, limits, settings, fds)
            except NotWarm as error:
                # A student can hand in what goes into no room; nobody else is to be colder for it.
                if isinstance(error, Unfurnished) and template.works():
                    raise
                failures.append(str(error))
                self.drop(kind)
                if len(failures) >= FAILURES:
                    raise
            else:
                failures.clear()
                return forked, template

    def template(self, kind: Kind) -> Template:
        """A template of this kind that is there and not worn.

        Raises:
            NotWarm: it does not start.
        """
        known = self.templates.get(kind)
        if known is not None and (known.forks >= self.forks or not known.alive()):
            self.drop(kind)
            known = None
        if known is None:
            while len(self.templates) >= MOST:
                self.drop(next(iter(self.templates)))
            known = self.templates[kind] = Template(kind)
        self.templates.move_to_end(kind)
        return known

    def drop(self, kind: Kind) -> None:
        """End the template of a kind, if there is one."""
        template = self.templates.pop(kind, None)
        if template is not None:
            template.stop()

    def close(self) -> None:
        """End all templates, and forget what went wrong."""
        for kind in list(self.templates):
            self.drop(kind)
        self.failures.clear()


class _Own(threading.local):
    """A pool for each thread: requests of two would mix, and a template ends with its thread."""

    def __init__(self) -> None:
        self.pool = Pool()
        atexit.register(self.pool.close)


_own = _Own()


def shared() -> Pool:
    """The pool of this thread; it is closed when the program ends."""
    return _own.pool
