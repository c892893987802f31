"""Calls of the Linux kernel that Python 3.11 has no functions for."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 0x1, 0x2, 0x4, 0x8
REMOUNT, BIND, ALL_BELOW, PRIVATE = 0x20, 0x1000, 0x4000, 0x40000

SET_DUMPABLE, SET_SECCOMP, DROP_BOUNDING, NO_NEW_PRIVILEGES, AMBIENT = 4, 22, 24, 38, 47
FILTER, CLEAR_ALL = 2, 4
CAPABILITY_VERSION = 0x20080522
SET_FLAGS, UP = 0x8914, 0x1


class KernelError(OSError):
    """The kernel refused; says which call."""


class _Filter(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("count", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise KernelError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` names for new ones.

    Raises:
        KernelError: not allowed here.
    """
    _checked(LIBC.unshare(flags), "unshare")


def mount(kind: str, place: str, flags: int, options: str = "", source: str = "") -> None:
    """Mount something at a place.

    Raises:
        KernelError: not allowed, or the place is missing.
    """
    what = (source or kind or "none").encode()
    result = LIBC.mount(
        what, place.encode(), kind.encode() or None, ctypes.c_ulong(flags), options.encode() or None
    )
    _checked(result, f"mount {place}")


def control(option: int, first: int, second: object = 0) -> None:
    """`prctl` with this option.

    Raises:
        KernelError: refused.
    """
    _checked(LIBC.prctl(option, ctypes.c_ulong(first), second, 0, 0), f"prctl {option}")


def without_bounds() -> None:
    """Let no program that is started from here get a capability.

    Needs CAP_SETPCAP where the set is not empty yet.
    """
    for capability in range(64):
        # The kernel knows fewer; those that it does not know are refused as such.
        with contextlib.suppress(KernelError):
            control(DROP_BOUNDING, capability)


def powerless() -> None:
    """Give all capabilities away, for good.

    Raises:
        KernelError: refused.
    """
    with contextlib.suppress(KernelError):
        control(AMBIENT, CLEAR_ALL)
    header = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    _checked(LIBC.capset(header, struct.pack("=6I", 0, 0, 0, 0, 0, 0)), "capset")


def filtered(program: bytes) -> None:
    """Install a filter of system calls, in the form of `sandbox.seccomp.program`.

    The process must have said before that it wants no new privileges.

    Raises:
        KernelError: refused.
    """
    rules = _Filter(len(program) // 8, program)
    control(SET_SECCOMP, FILTER, ctypes.byref(rules))


def loopback() -> None:
    """Bring up the network device that leads nowhere: 127.0.0.1 is there, as in a cold room."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


def threads() -> int:
    """How many threads this process has."""
    with open("/proc/self/status", "rb") as file:
        for line in file:
            if line.startswith(b"Threads:"):
                return int(line.split()[1])
    return 0


def only(kept: set[int]) -> None:
    """Close every descriptor but these and the three standard ones."""
    for fd in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if fd > 2 and fd not in kept:
            with contextlib.suppress(OSError):
                os.close(fd)
