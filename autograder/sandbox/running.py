"""A program that runs for the grader: its output kept in part, its time and memory watched."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import IO

from autograder.sandbox import watch
from autograder.sandbox.cgroups import Group
from autograder.sandbox.limits import Limits

PAUSE = 0.1
# Why a program is ended that nobody would hold to its limits any more: the machine's fault.
UNWATCHED = "it could not be watched"


class Running(ABC):
    """A running program.

    Attributes:
        deadline: when it is ended (`time.monotonic`).
        first: its first process, of which all others come.
        reason: why the grader ended it, or "".
        fault: what kept the grader from watching it, or "".
        peak_mb: the most resident memory that was seen.
        group: in which the kernel holds all of its processes together, where it does.
    """

    group: Group | None = None

    def __init__(self, limits: Limits) -> None:
        self.limits, self.reason, self.peak_mb, self.first = limits, "", 0.0, 0
        self.fault = ""
        self.deadline = float("inf")
        self.output = bytearray()
        self.over = threading.Event()
        self.watcher: threading.Thread | None = None

    def start(self, command: Sequence[str], fds: Sequence[int]) -> None:
        """Start a process that inherits descriptors, and read what it prints."""
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=fds,
            env={},
            cwd="/",
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.listen(self.process.stdout)

    def listen(self, stream: IO[bytes]) -> None:
        """Read what it prints, in a thread."""
        self.reader = threading.Thread(target=self.collect, args=(stream,), daemon=True)
        self.reader.start()

    def observe(self) -> None:
        """Begin to watch its time and memory."""
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()

    def collect(self, stream: IO[bytes]) -> None:
        """Keep the beginning of what is printed, throw the rest away."""
        keep = self.limits.output_kb << 10
        with stream, contextlib.suppress(OSError, ValueError):
            while part := os.read(stream.fileno(), 1 << 16):
                self.output += part[: max(0, keep - len(self.output))]

    def watch(self) -> None:
        """End the program where it is over its time or memory, or cannot be watched."""
        try:
            self.hold()
        except Exception as error:
            # It would run without limits from now on.
            self.fault = f"{type(error).__name__}: {error}"
            self.end(UNWATCHED)

    def hold(self) -> None:
        """Look at its time and memory until it has ended."""
        while self.alive():
            used = self.look(watch.FRESH)
            if used > self.limits.memory_mb:
                self.end("memory")
            elif time.monotonic() > self.deadline:
                self.end("time")
            if self.over.wait(PAUSE):
                return

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def resident_mb(self, fresh: float) -> float:
        """Resident MB of all its processes, those that are `fresh` seconds old or older."""
        return watch.resident_mb(self.first, fresh)

    def look(self, fresh: float = 0.0) -> float:
        """Its resident MB, remembered where it was never more."""
        used = self.resident_mb(fresh)
        self.peak_mb = max(self.peak_mb, used)
        return used

    def end(self, reason: str) -> None:
        """Kill all its processes, for a reason."""
        self.reason = self.reason or reason
        self.kill()

    @property
    def ended(self) -> str:
        """Why it was ended from outside ("time", "memory", `UNWATCHED`), or ""."""
        return self.reason

    @abstractmethod
    def kill(self) -> None:
        """Kill all its processes."""

    def unwatched(self) -> None:
        """Watch it no longer, and kill it."""
        self.over.set()
        if self.watcher is not None:
            self.watcher.join()
        self.kill()

    def stop(self) -> None:
        """Kill what is left and wait until nothing is."""
        self.unwatched()
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
