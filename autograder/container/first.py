"""First program in a container: `python first.py SETTINGS PROGRAM…`, SETTINGS being JSON.

`launch`: settings of `sandbox.launch`; `streams`: how many the program gets, as the descriptors
from `FIRST` on. It starts the program, passes its streams on, waits for all that it leaves behind,
and ends when the grader has gone. With the first process of a container all others end.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from autograder.container.pump import Pump
from autograder.sandbox import seccomp
from autograder.template import kernel

# What it says before the first frame.
HELLO = b"autograder container 1\n"
# The descriptor of the program's first stream.
FIRST = 100
MEMORY = Path("/sys/fs/cgroup")
# What cgroup v2 tells of the container's memory, and what v1 does.
TOLD = ("memory.stat", "memory.events", "memory/memory.stat", "memory/memory.oom_control")


def use(folder: Path = MEMORY) -> tuple[int, int]:
    """Resident bytes of the container and how often the kernel has killed in it for lack of memory,
    files in memory included; zeros where the container's cgroup does not say."""
    counted: dict[str, int] = {}
    for name in TOLD:
        with contextlib.suppress(OSError, ValueError):
            for line in (folder / name).read_text(encoding="ascii").splitlines():
                key, value = line.split()
                counted[key] = int(value)
    # Version 1 calls `rss` what version 2 calls `anon`.
    private = counted.get("anon", counted.get("rss", 0))
    return private + counted.get("shmem", 0), counted.get("oom_kill", 0)


def become(streams: list[socket.socket], launch: str, program: list[str]) -> NoReturn:
    """Be the program: nothing on its input, its output to the container's error output."""
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), FIRST + number)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    kernel.control(kernel.NO_NEW_PRIVILEGES, 1)
    rules = seccomp.program()
    if rules is not None:
        kernel.filtered(rules)
    script = str(Path(seccomp.__file__).with_name("launch.py"))
    os.execv(  # noqa: S606 - what this script is for
        sys.executable, [sys.executable, "-I", "-S", script, launch, sys.executable, *program]
    )


def main() -> None:
    """Start the program and stay until it ends."""
    settings, program = json.loads(sys.argv[1]), sys.argv[2:]
    # The program has the same user, and is not to look into this process or steer it.
    kernel.control(kernel.SET_DUMPABLE, 0)
    pairs = [socket.socketpair() for _ in range(settings["streams"])]
    child = os.fork()
    if not child:
        become([theirs for _, theirs in pairs], json.dumps(settings["launch"]), program)
    for _, theirs in pairs:
        theirs.close()
    os.write(1, HELLO)
    pump = Pump(0, 1, [mine.fileno() for mine, _ in pairs], use)

    def passed_on() -> None:
        """Pass on; whatever ends this ends the container."""
        try:
            pump.run()
        finally:
            os._exit(0)

    passing = threading.Thread(target=passed_on)
    passing.start()
    while os.waitpid(-1, 0)[0] != child:
        continue
    pump.finish()
    passing.join()


if __name__ == "__main__":
    main()
