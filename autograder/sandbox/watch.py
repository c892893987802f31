"""What the processes of a sandbox use, seen from outside and without cgroups."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
# Seconds for which one look at all processes serves all who watch some: it is most of what watching
# costs, and each submission has two programs. A process that is younger is counted with the next.
FRESH = 0.1
# Longer than the line of any process: its name has at most 64 bytes.
LINE = 1024
# With these the grader cannot look. Any other error says that a process has ended meanwhile.
BLIND = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def children() -> dict[int, list[int]]:
    """The children of every process that can be seen and has some; none where Linux is not.

    Raises:
        OSError: the machine lets nobody look, for lack of descriptors or memory.
    """
    found: dict[int, list[int]] = {}
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - a path for each would cost as much again
    except FileNotFoundError:
        return found
    for name in names:
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb", buffering=0) as file:
                    stat = file.read(LINE)
            except OSError as error:
                if error.errno in BLIND:
                    raise
                continue
            # The name, in brackets, may hold anything.
            parent = int(stat.rpartition(b")")[2].split(None, 2)[1])
            found.setdefault(parent, []).append(int(name))
    return found


class Table:
    """The children of all processes, looked up anew where that was too long ago."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at, self.known = float("-inf"), dict[int, list[int]]()

    def children(self, fresh: float) -> dict[int, list[int]]:
        """As they were at most `fresh` seconds ago."""
        with self.lock:
            if time.monotonic() - self.at > fresh:
                self.at, self.known = time.monotonic(), children()
            return self.known


_table = Table()


def descendants(root: int, fresh: float = 0.0) -> list[int]:
    """A process and all that come from it. In a namespace of its own nobody leaves the family:
    who loses a parent is given to the namespace's first process.

    Args:
        root: the process.
        fresh: seconds for which an earlier look is good enough.
    """
    table = _table.children(fresh)
    family = [root]
    for process in family:
        family += table.get(process, ())
    return family


def resident_mb(root: int, fresh: float, *, itself: bool = True) -> float:
    """Resident MB of a process and all that come from it; shared pages count each time.

    Without `itself` those that come from it alone. `fresh` is as in `descendants`.
    """
    pages = 0
    for process in descendants(root, fresh)[0 if itself else 1 :]:
        try:
            pages += int(Path("/proc", str(process), "statm").read_bytes().split()[1])
        except (OSError, IndexError) as error:
            if isinstance(error, OSError) and error.errno in BLIND:
                raise
            continue
    return pages * PAGE / (1 << 20)
