"""A filter of system calls: what no notebook needs and what would go round the limits.

The filter is a classic BPF program, as the kernel reads it. Refused calls fail with EPERM, as if
the right to make them were missing, so that libraries that try them carry on.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Mapping

EPERM = 1
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | EPERM
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Offsets in the kernel's `struct seccomp_data`: number, architecture, first argument's low half.
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16
NEW_USER = 0x10000000

# Names with their numbers on x86-64 and on AArch64.
CALLS = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "personality": (135, 92),
    "open_by_handle_at": (304, 265),
    # Memory that no process maps, and so nobody's measure sees.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
}
# The machine has few watches for all processes of a user. The tests need some; no notebook does.
WATCHES = {
    "inotify_init": (253, 26),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
}
CLONE = (56, 220)
SOCKET = (41, 198)
# Local, IPv4, IPv6, and netlink, which libc asks for the machine's addresses: each network
# namespace has its own. Others, such as AF_VSOCK, are one for the whole machine.
FAMILIES = (1, 2, 10, 16)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    """One instruction of the filter."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def program(
    machine: str | None = None, calls: Mapping[str, tuple[int, int]] = CALLS
) -> bytes | None:
    """The filter for this kind of machine, or None where the numbers are not known.

    Args:
        machine: as `platform.machine`; this one by default.
        calls: those that are refused, beside a few that depend on their arguments.
    """
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        return None
    column, architecture = ARCHITECTURES[machine]
    lines = [
        instruction(LOAD, 0, 0, ARCHITECTURE),
        instruction(EQUAL, 1, 0, architecture),
        instruction(RETURN, 0, 0, KILL),
        instruction(LOAD, 0, 0, NUMBER),
        # The x32 calls of x86-64 have numbers of their own and could go round the list.
        instruction(AT_LEAST, 0, 1, 0x40000000),
        instruction(RETURN, 0, 0, REFUSE),
    ]
    for numbers in calls.values():
        lines += [instruction(EQUAL, 0, 1, numbers[column]), instruction(RETURN, 0, 0, REFUSE)]
    lines += [
        # `clone3` hides its flags behind a pointer; told it is missing (ENOSYS), libc uses `clone`.
        instruction(EQUAL, 0, 1, 435),
        instruction(RETURN, 0, 0, 0x00050000 | 38),
        instruction(EQUAL, 0, len(FAMILIES) + 2, SOCKET[column]),
        instruction(LOAD, 0, 0, FIRST),
        # To the last line, which allows.
        *(
            instruction(EQUAL, len(FAMILIES) - place + 4, 0, family)
            for place, family in enumerate(FAMILIES)
        ),
        instruction(RETURN, 0, 0, REFUSE),
        instruction(EQUAL, 0, 3, CLONE[column]),
        instruction(LOAD, 0, 0, FIRST),
        instruction(ANY_BIT, 0, 1, NEW_USER),
        instruction(RETURN, 0, 0, REFUSE),
        instruction(RETURN, 0, 0, ALLOW),
    ]
    return b"".join(lines)
