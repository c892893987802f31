"""A file system in which a part of the tree of cgroup v2 is delegated, as far as files can tell."""

from __future__ import annotations

import os
from pathlib import Path

MOUNT = "29 22 0:25 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"


def delegated(root: Path, at: str = "user/one", members: tuple[int, ...] = ()) -> Path:
    """Make it, with this process in it.

    Args:
        root: of the file system.
        at: the group in which this process is.
        members: other processes in it.

    Returns:
        The group's folder.
    """
    (root / "proc/self").mkdir(parents=True, exist_ok=True)
    (root / "proc/self/cgroup").write_text(f"1:cpu:/x\n0::/{at}\n")
    (root / "proc/self/mountinfo").write_text(f"22 1 0:21 / /proc rw - proc proc rw\n{MOUNT}")
    folder = root / "sys/fs/cgroup" / at
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.controllers").write_text("cpu memory pids\n")
    (folder / "cgroup.subtree_control").write_text("")
    listed = "".join(f"{number}\n" for number in (os.getpid(), *members))
    (folder / "cgroup.procs").write_text(listed)
    return folder
