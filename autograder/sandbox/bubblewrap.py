"""Command lines for bubblewrap."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox.limits import Limits

LAUNCH = Path(__file__).with_name("launch.py")
# What programs look for in /etc: no users, hosts, keys or settings of this machine.
ETC = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "fonts",
    "mime.types",
    "alternatives",
)
PARTS = ("bin", "lib", "lib64", "libexec", "include", "share", "pyvenv.cfg")
HOME = "/home/student"
WORK = f"{HOME}/work"
# Where the rooms have this package.
GRADER = "/grader/autograder"
# A folder that every room has: what is in it is copied to the place where the program works.
FILES = "/files"
# Folders in memory, empty at first, where the program can write.
EMPTY = ("/tmp", "/dev/shm", HOME)  # noqa: S108 - the sandbox's own
# Rights that root needs to become an ordinary user, and those to make rooms inside a room.
BECOMING = ("CAP_SETUID", "CAP_SETGID")
NESTING = (*BECOMING, "CAP_SETPCAP", "CAP_SYS_ADMIN", "CAP_NET_ADMIN")


@dataclass(frozen=True)
class Room:
    """What a program inside the sandbox finds.

    Attributes:
        python: interpreter of the environment it runs in.
        readable: paths outside by their paths inside; read only.
        own: folders of one submission, in the same way: a room that others are forked from has
            empty ones in their places.
        environment: its variables, beside a few that every program needs.
    """

    python: Path = field(default_factory=lambda: Path(sys.executable))
    readable: Mapping[str, Path] = field(default_factory=dict)
    own: Mapping[str, Path] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def environment_folders(python: Path) -> list[Path]:
    """Folders that an interpreter needs: its environment, and the installation behind it.

    A virtual environment names the installation in `pyvenv.cfg`.
    """
    prefix = python.parent.parent
    folders = [prefix]
    settings = prefix / "pyvenv.cfg"
    if settings.is_file():
        for line in settings.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            if name.strip() == "home":
                folders.append(Path(value.strip()).parent)
    folders.append(python.resolve().parent.parent)
    outside = [folder for folder in folders if not folder.is_relative_to("/usr")]
    return list(dict.fromkeys(outside))


def parts(folder: Path) -> list[Path]:
    """What Python keeps in its folder. What else lies there, such as a whole course or home, is
    not for the student."""
    return [folder / name for name in PARTS if (folder / name).exists()]


def covered(room: Room) -> list[str]:
    """What a room shows below a folder that is empty in every room; what is around comes first."""
    found = [part for folder in environment_folders(room.python) for part in parts(folder)]
    found += map(Path, room.readable)
    return sorted({str(p) for p in found if any(p.is_relative_to(place) for place in EMPTY)})


def variables(room: Room, limits: Limits) -> dict[str, str]:
    """The whole environment of the program."""
    threads = str(limits.threads)
    return {
        "PATH": f"{room.python.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",  # noqa: S108 - the sandbox's own
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        **room.environment,
    }


def arguments(
    room: Room, limits: Limits, *, uid: int, info: int, seccomp: int | None, nested: bool = False
) -> list[str]:
    """Options of `bwrap`, to be handed over on a file descriptor (`--args`).

    Args:
        room: what the program finds.
        limits: what it may use.
        uid: the user that root becomes inside; 0 where the caller is an ordinary user, who gets a
            user namespace.
        info: descriptor on which bubblewrap names the process it started.
        seccomp: descriptor with a filter of system calls.
        nested: rooms for strangers are made inside this one, in which no stranger is.
    """
    given = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    given += ["--unshare-cgroup-try", "--hostname", "sandbox", "--new-session", "--die-with-parent"]
    if uid:
        # Root needs these two to become an ordinary user; with that it loses them.
        given += ["--cap-drop", "ALL"]
        for right in NESTING if nested else BECOMING:
            given += ["--cap-add", right]
    else:
        given += ["--unshare-user", "--cap-drop", "ALL"]
        # Who makes rooms inside makes the namespaces for them, and forbids more in each.
        given += [] if nested else ["--disable-userns"]
        given += ["--uid", "1000", "--gid", "1000"]
    given += ["--info-fd", str(info)]
    if seccomp is not None:
        given += ["--seccomp", str(seccomp)]
    given += mounts(room, limits, nested=nested)
    given += ["--chdir", HOME, "--clearenv"]
    for name, value in variables(room, limits).items():
        given += ["--setenv", name, value]
    return given


def launch_settings(limits: Limits, uid: int) -> dict[str, str | int]:
    """What `launch.py` is told."""
    return {
        "uid": uid,
        # More than the watch allows, so that the watch gives the reason; less than would hurt.
        "data": (limits.memory_mb + 4000) << 20,
        "file": limits.file_mb << 20,
        "cpu": int((limits.seconds + 600) * max(2, limits.threads)),
        "processes": limits.processes,
        "files": FILES,
        "work": WORK,
    }


def command(room: Room, limits: Limits, program: Sequence[str], uid: int) -> list[str]:
    """What bubblewrap runs: the launcher, and after it script and arguments `program`."""
    python = str(room.python)
    settings = json.dumps(launch_settings(limits, uid))
    return [python, "-I", "-S", "/launch.py", settings, python, *program]


def room_for_files(limits: Limits) -> int:
    """Bytes that each of the empty folders may hold."""
    return (limits.memory_mb << 20) // 4


def mounts(room: Room, limits: Limits, *, nested: bool = False) -> list[str]:
    """The files that exist inside: a list of what is there, nothing else is."""
    given = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            given += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            given += ["--ro-bind", str(path), str(path)]
    given += _folders(["/etc/it"])
    for name in ETC:
        given += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    given += ["--proc", "/proc", "--dev", "/dev"]
    bound = {str(p): p for folder in environment_folders(room.python) for p in parts(folder)}
    bound |= {"/launch.py": LAUNCH, **room.readable, **({} if nested else room.own)}
    given += _folders([HOME, *(f"{place}/it" for place in room.own if nested)])
    for place in EMPTY:
        given += ["--perms", "1777", "--size", str(room_for_files(limits)), "--tmpfs", place]
    # After the empty folders: an environment may lie below one of them.
    given += _folders(bound)
    for inside, outside in bound.items():
        given += ["--ro-bind", str(outside), inside]
    return [*given, "--remount-ro", "/dev", "--remount-ro", "/"]


def _folders(paths: Iterable[str]) -> list[str]:
    """Makes the folders above; those that bubblewrap makes by itself are closed to the user that
    root becomes."""
    above = {parent for path in paths for parent in Path(path).parents}
    given: list[str] = []
    for folder in sorted(above - {Path("/")}):
        given += ["--perms", "0755", "--dir", str(folder)]
    return given


def found() -> str | None:
    """Where bubblewrap is installed, or None."""
    return shutil.which("bwrap")
