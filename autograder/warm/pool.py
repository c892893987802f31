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
    """Templates by their kind, for all threads of a process.

    A template that is dropped ends with the last submission that has a room in it.

    Attributes:
        failures: what went wrong since a room of this kind was made, by kind.
    """

    def __init__(self, forks: int = FORKS) -> None:
        self.forks = forks
        self.templates: OrderedDict[Kind, Template] = OrderedDict()
        self.starting: dict[Kind, threading.Event] = {}
        self.failures: dict[Kind, list[str]] = {}
        # Of these three; held for no longer than it takes to end a template.
        self.lock = threading.Lock()

    def expect(self, side: str, room: Room, limits: Limits, libraries: Sequence[str]) -> None:
        """Begin to start the template of a room that will be asked for, and do not wait for it.

        Args:
            side, room, limits, libraries: see `start`.
        """
        kind = Kind.of(side, room, limits, libraries)
        with self.lock:
            if self.current(kind) is None and len(self.failures.get(kind, ())) < FAILURES:
                self.begin(kind)

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
        while True:
            template = self.template(kind)
            forked = None
            try:
                forked = Forked(template, room, limits, settings, fds)
            except NotWarm as error:
                # A student can hand in what goes into no room; nobody else is to be colder for it.
                if isinstance(error, Unfurnished) and template.works():
                    raise
                self.failed(kind, template, str(error))
            finally:
                if forked is None:
                    template.left()
            if forked is not None:
                with self.lock:
                    self.failures.pop(kind, None)
                return forked, template

    def failed(self, kind: Kind, template: Template, why: str) -> None:
        """Drop a template that made no room."""
        with self.lock:
            # One that dies under several submissions has failed once.
            if self.templates.get(kind) is template:
                self.failures.setdefault(kind, []).append(why)
                self.drop(kind)

    def template(self, kind: Kind) -> Template:
        """A template of this kind that is there and not worn; it stays until it is `left`.

        Raises:
            NotWarm: it does not start.
        """
        while True:
            with self.lock:
                failures = self.failures.get(kind, [])
                if len(failures) >= FAILURES:
                    raise NotWarm(failures[-1])
                known = self.current(kind)
                if known is not None:
                    self.templates.move_to_end(kind)
                    known.taken()
                    return known
                started = self.begin(kind)
            started.wait()

    def current(self, kind: Kind) -> Template | None:
        """The template of this kind, if there is one that can go on. The lock is held."""
        known = self.templates.get(kind)
        if known is not None and (known.forks >= self.forks or not known.alive()):
            self.drop(kind)
            return None
        return known

    def begin(self, kind: Kind) -> threading.Event:
        """Start the template of a kind, unless it is being started. The lock is held.

        Returns:
            Set when it is there or has failed.
        """
        started = self.starting.get(kind)
        if started is None:
            started = self.starting[kind] = threading.Event()
            threading.Thread(target=self.keep, args=(kind, started), daemon=True).start()
        return started

    def keep(self, kind: Kind, started: threading.Event) -> None:
        """Start a template and stay as long as it does: it ends with the thread that started it."""
        template, failure = None, ""
        try:
            template = Template(kind)
        except NotWarm as error:
            failure = str(error)
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
        with self.lock:
            wanted = self.starting.get(kind) is started
            if wanted:
                del self.starting[kind]
                if template is None:
                    self.failures.setdefault(kind, []).append(failure)
                else:
                    while len(self.templates) >= MOST:
                        self.drop(next(iter(self.templates)))
                    self.templates[kind] = template
        started.set()
        if template is None:
            return
        if wanted:
            template.over.wait()
        else:
            template.stop()

    def drop(self, kind: Kind) -> None:
        """Let the template of a kind go, if there is one. The lock is held."""
        template = self.templates.pop(kind, None)
        if template is not None:
            template.retire()

    def close(self) -> None:
        """End all templates, with the rooms in them, and forget what went wrong."""
        with self.lock:
            # Who starts one now finds that nobody waits for it.
            self.starting.clear()
            for template in self.templates.values():
                template.stop()
            self.templates.clear()
            self.failures.clear()


_shared = Pool()
atexit.register(_shared.close)


def shared() -> Pool:
    """The pool of this process; it is closed when the program ends."""
    return _shared
