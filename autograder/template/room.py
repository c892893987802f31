"""The room of one submission, made inside the template's by a fork of it.

What `bubblewrap` does for a cold room is done here for a forked one: namespaces of its own, empty
folders in memory, an own table of processes; then all rights are given away.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox import launch, seccomp
from autograder.template import kernel
from autograder.template.parcel import Parcel

# Of the kernel's table, parts that bubblewrap gives root's sandboxes read only.
COVERED = ("sys", "sysrq-trigger", "irq", "bus")
GO = b"go"
WORLD = "mode=1777"


def separate() -> None:
    """Leave the template's namespaces.

    An ordinary user gets a user namespace, with it the right to make the others.

    Raises:
        OSError: the kernel or a security module refuses.
    """
    flags = kernel.NEW_MOUNTS | kernel.NEW_UTS | kernel.NEW_IPC
    flags |= kernel.NEW_PROCESSES | kernel.NEW_NETWORK
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(flags if uid == 0 else flags | kernel.NEW_USER)
    if uid:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)


def furnish(parcel: Parcel) -> None:
    """Make what this submission alone sees.

    Raises:
        OSError: a mount is refused.
    """
    head = parcel.head
    quiet = kernel.NO_SETUID | kernel.NO_DEVICES
    os.umask(0o022)
    kernel.mount("", "/", kernel.ALL_BELOW | kernel.PRIVATE)
    kernel.mount("proc", "/proc", quiet | kernel.NO_PROGRAMS)
    if os.getuid() == 0:
        for name in COVERED:
            sealed(f"/proc/{name}")
    else:
        # As `bwrap --disable-userns`: no namespaces below this one.
        with open("/proc/sys/user/max_user_namespaces", "w") as file:
            file.write("0")
    # Opened before they are covered.
    kept = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in head["kept"]}
    for place in head["empty"]:
        kernel.mount("tmpfs", place, quiet, f"{WORLD},size={head['room']}")
    for path, fd in kept.items():
        uncovered(path, fd)
    with contextlib.suppress(OSError):
        flags = kernel.NO_SETUID | kernel.NO_PROGRAMS
        kernel.mount("devpts", "/dev/pts", flags, "newinstance,ptmxmode=0666,mode=620")
    kernel.loopback()
    for place in parcel.places:
        if place != head["launch"]["files"]:
            given(parcel, place, quiet)


def sealed(path: str) -> None:
    """Make a part of the table read only."""
    if Path(path).exists():
        kernel.mount("", path, kernel.BIND | kernel.ALL_BELOW, source=path)
        flags = kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY
        flags |= kernel.NO_SETUID | kernel.NO_DEVICES | kernel.NO_PROGRAMS
        kernel.mount("", path, flags)


def uncovered(path: str, fd: int) -> None:
    """Show again what an empty folder covers; it stays as read only as it was."""
    target = Path(path)
    if target.exists():
        # It came along with a folder around it.
        os.close(fd)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        target.mkdir()
    else:
        target.touch()
    kernel.mount("", path, kernel.BIND | kernel.ALL_BELOW, source=f"/proc/self/fd/{fd}")
    os.close(fd)


def given(parcel: Parcel, place: str, flags: int) -> None:
    """A folder of the submission's or the assignment's, read only."""
    kernel.mount("tmpfs", place, flags, f"mode=0755,size={parcel.size(place) + (8 << 20)}")
    parcel.unpack(place, place)
    kernel.mount("tmpfs", place, flags | kernel.REMOUNT | kernel.READ_ONLY)


def humble(settings: dict[str, Any]) -> None:
    """Take from this process what `launch.py` takes from a cold one, and all capabilities."""
    kernel.without_bounds()
    launch.limit(settings)
    kernel.powerless()
    # Another user now; its own entries in /proc are to be its own, as after starting a program.
    kernel.control(kernel.SET_DUMPABLE, 1)


def guard() -> None:
    """Refuse the system calls that a cold room refuses, and rights that a program brings."""
    # Also where there is no filter for this kind of machine.
    kernel.control(kernel.NO_NEW_PRIVILEGES, 1)
    rules = seccomp.program()
    if rules is not None:
        kernel.filtered(rules)


def keep_house(child: int) -> None:
    """Be the first process of the namespace: gather the dead, and end with the child.

    When this process ends, the kernel ends all others of the namespace.
    """
    kernel.control(kernel.SET_DUMPABLE, 0)
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    kernel.without_bounds()
    kernel.powerless()
    guard()
    kernel.only(set())
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    while True:
        process, status = os.wait()
        if process == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def become(parcel: Parcel, output: int, kept: Sequence[int]) -> None:
    """Turn this process into the program's, all but the last step.

    Args:
        parcel: with settings and files.
        output: descriptor for what is printed.
        kept: descriptors that stay open.
    """
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    settings = parcel.head["launch"]
    humble(settings)
    Path(settings["work"]).mkdir()
    parcel.unpack(settings["files"], settings["work"])
    os.chdir(settings["work"])
    kernel.only(set(kept))
    guard()
