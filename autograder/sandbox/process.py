"""A program in bubblewrap: started, limited, ended, and nothing of it left."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import signal
import tempfile
from collections.abc import Sequence

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, cgroups, seccomp
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running
from autograder.sandbox.waiting import readable

# User numbers that no account has; one for each sandbox, as processes are counted by user.
FIRST_USER, USERS = 1_900_000_000, 100_000_000


def stored(data: bytes) -> int:
    """A descriptor from which these bytes can be read."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        return os.dup(file.fileno())


def user() -> int:
    """The number of a user whom nobody is, or 0 for who is no root and cannot choose."""
    return FIRST_USER + secrets.randbelow(USERS) if os.geteuid() == 0 else 0


class Namespaced(Running):
    """A program whose first process is that of a namespace.

    Attributes:
        handle: descriptor of this process, which means no other even when it has ended.
    """

    handle: int

    @property
    def ended(self) -> str:
        """Why it was ended from outside ("time", "memory", `UNWATCHED`), or ""."""
        if not self.reason and self.group is not None and self.group.overrun():
            self.reason = "memory"
        return self.reason

    def alive(self) -> bool:
        """Whether it still runs."""
        return bool(self.first) and not readable(self.handle, 0)

    def kill(self) -> None:
        """Kill the first process of the namespace, which takes all others with it."""
        if self.first:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def release(self) -> None:
        """Wait until the namespace is empty, and let go of it."""
        if self.first:
            # Readable once the first process is gone, and with it the namespace.
            readable(self.handle, 10)
            os.close(self.handle)
            self.first = 0
        self.ungrouped()

    def ungrouped(self) -> None:
        """Keep what its group has to say, and let go of it."""
        if self.group is not None:
            self.reason = self.ended
            self.group.remove()
            self.group = None


class Confined(Namespaced):
    """A program in bubblewrap."""

    def begin(
        self, room: Room, command: Sequence[str], fds: Sequence[int], *, uid: int, nested: bool
    ) -> None:
        """Start it.

        Args:
            room: what it finds.
            command: the program.
            fds: descriptors that it inherits, beside an empty input.
            uid, nested: see `bubblewrap.arguments`; with `nested` there is no filter of calls.

        Raises:
            SandboxError: bubblewrap is missing or refuses.
        """
        path = bubblewrap.found()
        if path is None and platform.system() != "Linux":
            raise SandboxError(
                "A class is graded on Linux, also in WSL 2: there is no bubblewrap for "
                f"{platform.system()}, and without a sandbox nothing is graded."
            )
        if path is None:
            raise SandboxError(
                "bubblewrap is not installed, and without a sandbox nothing is graded.\n"
                "Install it: apt-get install bubblewrap (Debian, Ubuntu), "
                "dnf install bubblewrap (Fedora)."
            )
        info_read, info_write = os.pipe()
        filtering = None if nested else seccomp.program()
        rules = None if filtering is None else stored(filtering)
        given = bubblewrap.arguments(
            room, self.limits, uid=uid, info=info_write, seccomp=rules, nested=nested
        )
        # On a descriptor: a command line could be read in /proc by what runs inside.
        args = stored(b"\0".join(item.encode() for item in given) + b"\0")
        passed = [args, info_write] + ([] if rules is None else [rules])
        whole = [path, "--args", str(args), "--", *command]
        if self.group is not None:
            whole = self.group.starting(whole)
        try:
            self.start(whole, [*passed, *fds])
        finally:
            for fd in passed:
                os.close(fd)
        with open(info_read, "rb") as file:
            told = file.read()
        try:
            first = int(json.loads(told)["child-pid"])
            self.handle = os.pidfd_open(first)
            self.first = first
        except (ValueError, KeyError, ProcessLookupError):
            self.stop()
            raise SandboxError(self.refusal()) from None

    def refusal(self) -> str:
        """What to say when bubblewrap did not start."""
        said = self.text.strip()
        return (
            f"bubblewrap did not start the sandbox: {said[:500] or 'it said nothing'}\n"
            "`autograder doctor` names what is missing on this machine."
        )

    def stop(self) -> None:
        """Kill what is left and wait until nothing is."""
        super().stop()
        self.release()


class Sandboxed(Confined):
    """A program in a sandbox of its own."""

    def __init__(
        self, room: Room, limits: Limits, program: Sequence[str], fds: Sequence[int]
    ) -> None:
        """Start it.

        Args:
            room: what it finds.
            limits: what it may use.
            program: script and arguments for the interpreter of the room.
            fds: descriptors that it inherits, beside an empty input.

        Raises:
            SandboxError: bubblewrap is missing or refuses.
        """
        super().__init__(limits)
        uid = user()
        command = bubblewrap.command(room, limits, program, uid)
        self.group = cgroups.shared().made(limits)
        try:
            self.begin(room, command, fds, uid=uid, nested=False)
        except BaseException:
            self.ungrouped()
            raise
        self.observe()
