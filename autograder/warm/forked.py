"""A program in a room that a template has made: to its users the same as one in a cold room."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Mapping
from typing import Any

from autograder.sandbox import cgroups, watch
from autograder.sandbox.bubblewrap import EMPTY, Room, covered, launch_settings, room_for_files
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Namespaced, user
from autograder.template import parcel
from autograder.template.run import HERE, MOST_BYTES, READY
from autograder.warm.template import NotWarm, Template

GO = b"go"
# Seconds until a fork has furnished its room, on a busy machine.
FURNISH = 60.0
SENDER = struct.Struct("=iII")


class Unfurnished(NotWarm):
    """The room was there, but what this submission brings did not go into it."""


class Forked(Namespaced):
    """A program in a forked room."""

    def __init__(
        self,
        template: Template,
        room: Room,
        limits: Limits,
        settings: Mapping[str, Any],
        fds: Mapping[str, int],
    ) -> None:
        """Have it made, and wait until its program starts.

        Args:
            template: of the right kind.
            room: what it finds; of it `own` is copied.
            limits: what it may use.
            settings: of the program.
            fds: descriptors that it gets, by the names of the settings that tell it of them.

        Raises:
            Unfurnished, NotWarm: it was not made; nothing is left of it.
        """
        super().__init__(limits)
        self.template: Template | None = None
        given = list(dict.fromkeys(fds.values()))
        head = {
            "settings": settings,
            "given": {name: given.index(fd) for name, fd in fds.items()},
            "launch": launch_settings(limits, user()),
            "empty": EMPTY,
            "kept": covered(room),
            "room": room_for_files(limits),
        }
        door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        door.settimeout(FURNISH)
        printed, output = os.pipe()
        packed = parcel.pack(head, room.own)
        with door:
            try:
                template.fork([theirs.fileno(), packed, output, *given])
            except NotWarm:
                os.close(printed)
                raise
            finally:
                theirs.close()
                os.close(packed)
                os.close(output)
            self.listen(os.fdopen(printed, "rb", buffering=0))
            try:
                self.enter(door)
            except Unfurnished:
                self.stop()
                raise
            except (OSError, NotWarm) as error:
                self.stop()
                raise NotWarm(f"no warm room: {error}") from None
        self.template = template
        self.observe()

    def enter(self, door: socket.socket) -> None:
        """Get a hold on the first process, then let it go on to its program.

        Raises:
            Unfurnished: it says what went wrong, or ended, after it was let go on.
            NotWarm: the same, before.
            OSError: it ended or took too long.
        """
        said, about, _, _ = door.recvmsg(MOST_BYTES, socket.CMSG_SPACE(SENDER.size))
        if said != HERE:
            raise NotWarm(said.decode(errors="replace") or "it ended")
        # The kernel's word, as numbered here; it waits, so the number is still its own.
        first = next(
            SENDER.unpack(data)[0] for _, kind, data in about if kind == socket.SCM_CREDENTIALS
        )
        self.handle = os.pidfd_open(first)
        self.first = first
        self.group = cgroups.shared().made(self.limits)
        if self.group is not None:
            self.group.take(first)
        door.send(GO)
        said = door.recv(MOST_BYTES)
        if said != READY:
            reason = said.decode(errors="replace") or "it ended"
            raise Unfurnished(f"no warm room: {reason}")

    def resident_mb(self, fresh: float) -> float:
        """Resident MB of all its processes but the first, which only waits.

        That one holds the template's pages: nothing that the submission has used.
        """
        return watch.resident_mb(self.first, fresh, itself=False)

    def stop(self) -> None:
        """Kill what is left and wait until nothing is."""
        self.unwatched()
        self.release()
        self.reader.join(5)
        if self.template is not None:
            self.template.left()
            self.template = None
