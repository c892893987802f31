"""What the processes of a sandbox use, seen from outside and without cgroups."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def parents() -> dict[int, int]:
    """The parent of every process that can be seen."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_bytes()
            except OSError:
                continue
            # The name, in brackets, may hold anything.
            found[int(entry.name)] = int(stat.rpartition(b")")[2].split()[1])
    return found


def descendants(root: int) -> list[int]:
    """A process and all that come from it. In a namespace of its own nobody leaves the family:
    who loses a parent is given to the namespace's first process."""
    children: dict[int, list[int]] = {}
    for process, parent in parents().items():
        children.setdefault(parent, []).append(process)
    family = [root]
    for process in family:
        family += children.get(process, ())
    return family


def resident_mb(root: int, *, itself: bool = True) -> float:
    """Resident MB of a process and all that come from it; shared pages count each time.

    Without `itself` those that come from it alone.
    """
    pages = 0
    for process in descendants(root)[0 if itself else 1 :]:
        try:
            pages += int(Path("/proc", str(process), "statm").read_bytes().split()[1])
        except (OSError, IndexError):
            continue
    return pages * PAGE / (1 << 20)
