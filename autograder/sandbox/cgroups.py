"""Groups of processes whose memory the kernel holds as a whole (cgroup v2), where it lets us.

A user has to be given a part of the tree first: systemd delegates one to a service or a scope that
asks for it. Without one, `watch` and the limits of each process do the work alone.
See https://docs.kernel.org/admin-guide/cgroup-v2.html.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.limits import Limits

CONTROLLERS = {"memory", "pids"}
# Of the group in which a grader and its workers are, below the one that was delegated: a group
# with members of its own passes no limits on.
OURS = "autograder"
# Processes of a room that are not the submission's: bubblewrap's, and the first of a namespace.
HOUSEKEEPERS = 8
# Enters a group, then becomes the program: what comes from it is in the group from the beginning.
# What a shell puts into its environment stays behind.
ENTER = 'echo 0 > "$1" && shift && exec /usr/bin/env -i "$@"'
HOW = (
    "Start the grader in a scope of its own: "
    "systemd-run --user --scope --property=Delegate=yes autograder grade …"
)


@dataclass(frozen=True)
class Place:
    """Where groups can be made.

    Attributes:
        folder: the group that was delegated, or None.
        why: there is none.
        inside: whether this process is already below it, where it belongs.
    """

    folder: Path | None
    why: str = ""
    inside: bool = False


def place(root: Path = Path("/")) -> Place:
    """Where this process could make groups; nothing is changed."""
    lines = _read(root / "proc/self/cgroup").splitlines()
    paths = [line.removeprefix("0::/") for line in lines if line.startswith("0::/")]
    mounted = _mounted(root)
    if not paths or mounted is None:
        return Place(None, "this machine has no cgroup v2")
    own = mounted / paths[0]
    inside = own.name == OURS
    folder = own.parent if inside else own
    missing = CONTROLLERS - set(_read(folder / "cgroup.controllers").split())
    if missing:
        return Place(None, f"not delegated: {' and '.join(sorted(missing))} cannot be limited here")
    needed = [folder, folder / "cgroup.procs", folder / "cgroup.subtree_control"]
    if not all(os.access(path, os.W_OK) for path in needed):
        return Place(None, "not delegated: this user may make no groups here")
    others = set(_read(folder / "cgroup.procs").split()) - {str(os.getpid())}
    if others:
        return Place(None, "shared: other programs are in the group of the grader")
    return Place(folder, inside=inside)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _mounted(root: Path) -> Path | None:
    """Where the tree of cgroup v2 is, as `/proc/self/mountinfo` tells."""
    for line in _read(root / "proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        if after.split(" ", 1)[0] == "cgroup2":
            return root / before.split()[4].lstrip("/")
    return None


class Group:
    """The group of one room.

    Attributes:
        folder: of the kernel's files about it.
    """

    def __init__(self, parent: Path, limits: Limits) -> None:
        """Make it.

        Raises:
            OSError: the kernel refuses.
        """
        self.folder = parent / f"room-{secrets.token_hex(8)}"
        self.folder.mkdir()
        try:
            # What is over it is killed, all at once.
            (self.folder / "memory.max").write_text(str(limits.memory_mb << 20))
            (self.folder / "memory.oom.group").write_text("1")
            (self.folder / "pids.max").write_text(str(limits.processes + HOUSEKEEPERS))
            # Not there where the kernel does not count what is swapped out.
            with contextlib.suppress(FileNotFoundError):
                (self.folder / "memory.swap.max").write_text("0")
        except OSError:
            self.remove()
            raise

    def starting(self, command: Sequence[str]) -> list[str]:
        """The command that enters the group and then is `command`."""
        return ["/bin/sh", "-c", ENTER, "sh", str(self.folder / "cgroup.procs"), *command]

    def take(self, process: int) -> None:
        """Move a process here.

        Raises:
            OSError: the kernel refuses.
        """
        (self.folder / "cgroup.procs").write_text(str(process))

    def overrun(self) -> bool:
        """Whether the kernel has killed here for lack of memory."""
        lines = _read(self.folder / "memory.events").splitlines()
        counts = dict(line.split() for line in lines)
        return counts.get("oom_kill", "0") != "0"

    def remove(self) -> None:
        """Let go of it; nobody is in it any more."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()


class Groups:
    """Groups of this process; the grader enters its own place with the first one."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root, self.lock = root, threading.Lock()
        self.folder: Path | None = None
        self.looked = False

    def enter(self) -> None:
        """Take this process, and all that it starts, to its own place; once is enough.

        Who starts workers that make rooms enters before them: they share its group.
        """
        with self.lock:
            if not self.looked:
                self.looked, self.folder = True, self.entered()

    def made(self, limits: Limits) -> Group | None:
        """A group for a room, or None where none can be had."""
        self.enter()
        if self.folder is None:
            return None
        try:
            return Group(self.folder, limits)
        except OSError:
            # The watch is there all the same, and the record of the grade says which of both it is.
            return None

    def entered(self) -> Path | None:
        """The place, once this process has left it to the rooms; None where that does not work."""
        found = place(self.root)
        if found.folder is None:
            return None
        own = found.folder / OURS
        try:
            if not found.inside:
                own.mkdir(exist_ok=True)
                (own / "cgroup.procs").write_text(str(os.getpid()))
                # Of a grader that was killed; a worker's fellows may have made theirs already.
                for empty in found.folder.glob("room-*"):
                    with contextlib.suppress(OSError):
                        empty.rmdir()
            wanted = " ".join(f"+{name}" for name in sorted(CONTROLLERS))
            (found.folder / "cgroup.subtree_control").write_text(wanted)
        except OSError:
            # Somebody came into the group in between. A worker stays where its grader put it.
            if not found.inside:
                with contextlib.suppress(OSError):
                    (found.folder / "cgroup.procs").write_text(str(os.getpid()))
                    own.rmdir()
            return None
        return found.folder


_shared = Groups()


def shared() -> Groups:
    """The groups of this process."""
    return _shared
