"""A template as the grader sees it: asked for forks over a socket."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, SandboxError
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Confined
from autograder.template.run import FORK, FORKED, HERE, MOST_BYTES, PING

PACKAGE = Path(__file__).parents[1]
RUN = "/grader/autograder/template/run.py"
# What a template's program needs of this package beside its side's own part.
PARTS = (
    "template",
    "sandbox/__init__.py",
    "sandbox/launch.py",
    "sandbox/seccomp.py",
)
# Seconds: to import everything on a busy machine; to fork; to answer when nothing else is to do.
START, ANSWER = 180.0, 30.0


class NotWarm(GraderError):
    """There is no warm room for this submission; a cold one does it."""


@dataclass(frozen=True)
class Kind:
    """What a template has to be for a submission; the same kind serves many.

    Attributes:
        side: "student" or "trusted".
        python: interpreter.
        readable: pairs of paths inside and outside.
        own: folders inside that each submission fills.
        environment: pairs of variables and values.
        threads: that libraries are told to use.
        libraries: modules imported before the fork.
    """

    side: str
    python: Path
    readable: tuple[tuple[str, Path], ...]
    own: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    threads: int
    libraries: tuple[str, ...]

    @classmethod
    def of(cls, side: str, room: Room, limits: Limits, libraries: Sequence[str]) -> Kind:
        """The kind that a room asks for."""
        return cls(
            side,
            room.python,
            tuple(room.readable.items()),
            tuple(room.own),
            tuple(room.environment.items()),
            limits.threads,
            tuple(libraries),
        )

    def room(self) -> Room:
        """The room of the template itself."""
        parts = {f"/grader/autograder/{part}": PACKAGE / part for part in PARTS}
        return Room(
            python=self.python,
            readable={**dict(self.readable), **parts},
            own={place: Path() for place in self.own},
            environment=dict(self.environment),
        )


class Template(Confined):
    """A running template; several threads may ask it for rooms.

    Attributes:
        forks: how many were wanted of it.
        rooms: for how many submissions it is needed just now.
        retired: whether it ends with the last of them.
    """

    def __init__(self, kind: Kind) -> None:
        """Start it and wait until it has imported everything.

        Raises:
            NotWarm: it does not start here, or not in this environment.
        """
        super().__init__(Limits(threads=kind.threads))
        self.forks, self.rooms, self.retired = 0, 0, False
        # Of the socket: an answer belongs to the request before it. And of the counts.
        self.asking, self.counting = threading.Lock(), threading.Lock()
        told: dict[str, Any] = {"side": kind.side, "libraries": kind.libraries}
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            told["control"] = theirs.fileno()
            command = [str(kind.python), "-s", "-B", RUN, json.dumps(told)]
            uid = 1 if os.geteuid() == 0 else 0
            try:
                self.begin(kind.room(), command, [theirs.fileno()], uid=uid, nested=True)
            except SandboxError as error:
                self.control.close()
                raise NotWarm(str(error)) from None
        try:
            self.ask(PING, (), START)
        except NotWarm:
            said = self.text.strip()[-300:]
            self.stop()
            raise NotWarm(f"the template does not start: {said or 'it said nothing'}") from None

    def ask(self, what: bytes, fds: Sequence[int], seconds: float = ANSWER) -> bytes:
        """Send a request and wait for the answer; without one the template is ended.

        Raises:
            NotWarm: there is none.
        """
        with self.asking:
            try:
                self.control.settimeout(seconds)
                socket.send_fds(self.control, [what], list(fds))
                found = self.control.recv(MOST_BYTES)
            except OSError as error:
                # An answer that comes late would be taken for that to the next request.
                self.kill()
                raise NotWarm(f"the template does not answer: {error}") from None
        if not found:
            raise NotWarm("the template has ended")
        return found

    def fork(self, fds: Sequence[int]) -> None:
        """Let it make one more room, whose descriptors these are.

        Raises:
            NotWarm: it cannot, or it would not be safe.
        """
        found = self.ask(FORK, fds)
        if found != FORKED:
            raise NotWarm(found.decode(errors="replace"))

    def works(self) -> bool:
        """Whether it is there and waits."""
        with contextlib.suppress(NotWarm):
            return self.alive() and self.ask(PING, ()) == HERE
        return False

    def taken(self) -> None:
        """A submission needs it, until `left`."""
        with self.counting:
            self.rooms, self.forks = self.rooms + 1, self.forks + 1

    def left(self) -> None:
        """A submission needs it no longer."""
        with self.counting:
            self.rooms -= 1
            last = self.retired and not self.rooms
        if last:
            self.stop()

    def retire(self) -> None:
        """End it as soon as no submission needs it; to be called once."""
        with self.counting:
            self.retired = True
            last = not self.rooms
        if last:
            self.stop()

    def stop(self) -> None:
        """End it, and every room that was made inside."""
        self.control.close()
        super().stop()
