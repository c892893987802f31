"""A program in a sandbox, watched: started, limited, ended, and nothing of it left."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import IO

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, seccomp, watch
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits

# User numbers that no account has; one for each sandbox, so that each has its own count of processes.
FIRST_USER, USERS = 1_900_000_000, 100_000_000
PAUSE = 0.1


def stored(data: bytes) -> int:
    """A descriptor from which these bytes can be read."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        return os.dup(file.fileno())


class Sandboxed:
    """A running program.

    Attributes:
        ended: why it was ended from outside ("time", "memory"), or "".
        peak_mb: the most resident memory that was seen.
    """

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
        path = bubblewrap.found()
        if path is None:
            raise SandboxError(
                "bubblewrap is not installed, and without a sandbox nothing is graded.\n"
                "Install it: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora)."
            )
        self.limits, self.ended, self.peak_mb = limits, "", 0.0
        self.output = bytearray()
        self.first = 0
        uid = FIRST_USER + secrets.randbelow(USERS) if os.geteuid() == 0 else 0
        info_read, info_write = os.pipe()
        filtering = seccomp.program()
        rules = None if filtering is None else stored(filtering)
        given = bubblewrap.arguments(room, limits, uid=uid, info=info_write, seccomp=rules)
        # On a descriptor: a command line could be read in /proc by what runs inside.
        args = stored(b"\0".join(item.encode() for item in given) + b"\0")
        inherited = [args, info_write, *fds] + ([] if rules is None else [rules])
        try:
            self.process = subprocess.Popen(
                [path, "--args", str(args), "--", *bubblewrap.command(room, limits, program, uid)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=inherited,
                env={},
                cwd="/",
            )
        finally:
            for fd in inherited:
                if fd not in fds:
                    os.close(fd)
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self.collect, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        with open(info_read, "rb") as file:
            told = file.read()
        try:
            self.first = int(json.loads(told)["child-pid"])
        except (ValueError, KeyError):
            self.stop()
            raise SandboxError(self.refusal()) from None
        self.handle = os.pidfd_open(self.first)
        self.deadline = float("inf")
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()

    def refusal(self) -> str:
        """What to say when bubblewrap did not start."""
        said = self.output.decode(errors="replace").strip()
        return (
            f"bubblewrap did not start the sandbox: {said[:500] or 'it said nothing'}\n"
            "`autograder doctor` names what is missing on this machine."
        )

    def collect(self, stream: IO[bytes]) -> None:
        """Keep the beginning of what is printed, throw the rest away."""
        keep = self.limits.output_kb << 10
        with stream, contextlib.suppress(OSError, ValueError):
            while part := os.read(stream.fileno(), 1 << 16):
                self.output += part[: max(0, keep - len(self.output))]

    def watch(self) -> None:
        """End the program where it is over its time or memory."""
        while not self.over.wait(PAUSE):
            if self.process.poll() is not None:
                return
            used = watch.resident_mb(self.first)
            self.peak_mb = max(self.peak_mb, used)
            if used > self.limits.memory_mb:
                self.end("memory")
            elif time.monotonic() > self.deadline:
                self.end("time")

    def end(self, reason: str) -> None:
        """Kill everything inside, for a reason."""
        self.ended = self.ended or reason
        self.kill()

    def kill(self) -> None:
        """Kill the first process of the namespace, which takes all others with it."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def stop(self) -> None:
        """Kill what is left and wait until nothing is."""
        if self.first:
            self.over.set()
            self.watcher.join()
            self.kill()
            # Readable once the first process is gone, and with it the namespace.
            select.select([self.handle], [], [], 10)
            os.close(self.handle)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(5)

    @property
    def text(self) -> str:
        """What was printed, its beginning."""
        return bytes(self.output).decode(errors="replace")
