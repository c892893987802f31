"""What this machine offers for grading, and how to mend what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.rooms import trial
from autograder.sandbox import cgroups
from autograder.trusted.opened import Opened

Level = Literal["good", "note", "missing"]
Run = Callable[[Sequence[str]], tuple[int, str]]

PACKAGES = ("otter-grader", "numpy", "pandas", "jinja2")
IMPORTED = ("numpy", "pandas", "IPython", "matplotlib")
OPTIONAL = {
    "distributed": "several jobs and clusters",
    "copydetect": "`autograder similar`",
}
TRIED = "tried with Docker 20.10 alone"
INSTALL = "Debian and Ubuntu: sudo apt install bubblewrap. Fedora: sudo dnf install bubblewrap."
APPARMOR = """\
Ubuntu since 24.04 lets AppArmor block unprivileged user namespaces, which bubblewrap needs.
Allow them for bubblewrap alone: write this to /etc/apparmor.d/bwrap
    abi <abi/4.0>,
    include <tunables/global>
    profile bwrap /usr/bin/bwrap flags=(unconfined) {
      userns,
      include if exists <local/bwrap>
    }
and run: sudo systemctl reload apparmor"""


@dataclass(frozen=True)
class Finding:
    """One line of the answer.

    Attributes:
        what: the thing looked at.
        level: `missing` where grading cannot be trusted without it.
        found: what is there.
        mend: how to mend it, or "".
    """

    what: str
    level: Level
    found: str
    mend: str = ""


def run(command: Sequence[str]) -> tuple[int, str]:
    """Run a command for at most ten seconds; its exit status, and what it prints, in one string."""
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace", timeout=10
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, (done.stdout + done.stderr).strip()


def watching() -> str:
    """Why the kernel does not tell of files that are opened, or ""."""
    try:
        os.close(Opened(()).fd)
    except (OSError, AttributeError) as error:
        return str(error)
    return ""


def origin(package: str) -> Path | None:
    """The file from which this Python would import a package, or None where it is not installed."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin) if spec is not None and spec.origin is not None else None


@dataclass(frozen=True)
class Machine:
    """The machine as seen by the grader; tests give another one.

    Attributes:
        root: the file system's.
        which: finds a command, as `shutil.which`.
        run: runs one.
        system: as `platform.system`.
        uid: of the user.
        trial: tries a warm room; why there is none, or "".
        origin: the file from which a package is imported, or None.
        watching: tries to watch files; why it cannot, or "".
    """

    root: Path = Path("/")
    which: Callable[[str], str | None] = shutil.which
    run: Run = run
    system: str = field(default_factory=platform.system)
    uid: int = field(default_factory=lambda: os.getuid() if hasattr(os, "getuid") else -1)
    trial: Callable[[], str] = trial
    origin: Callable[[str], Path | None] = origin
    watching: Callable[[], str] = watching

    def read(self, path: str) -> str:
        """The text of a file of the system, or "" where there is none."""
        try:
            return (self.root / path.lstrip("/")).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""


def examine(machine: Machine) -> list[Finding]:
    """Look at everything that grading relies on."""
    bubblewrap = _bubblewrap(machine)
    docker = _docker(machine)
    if bubblewrap.level == "good":
        sandbox = Finding("Sandbox", "good", "bubblewrap")
    else:
        sandbox = Finding(
            "Sandbox",
            "missing",
            "none: `autograder grade` refuses to start",
            f"Mend bubblewrap (below). Or give --sandbox docker, {TRIED}, or --sandbox none, which "
            "trusts every notebook.",
        )
    found = [sandbox, bubblewrap, docker]
    if machine.system == "Linux":
        found += [_namespaces(machine, works=bubblewrap.level == "good")]
        found += [_cgroups(machine), _user(machine), _watches(machine)]
        if bubblewrap.level == "good":
            found.append(_warm(machine))
    compiled = uncompiled(machine.origin)
    return [*found, _memory(machine), *_versions(), *([compiled] if compiled else [])]


def healthy(findings: Sequence[Finding]) -> bool:
    """Whether a class can be graded here."""
    return all(finding.level != "missing" for finding in findings)


def _bubblewrap(machine: Machine) -> Finding:
    if machine.system != "Linux":
        return Finding(
            "bubblewrap", "missing", f"not for {machine.system}", "Grade on Linux or in WSL 2."
        )
    program = machine.which("bwrap")
    if program is None:
        return Finding("bubblewrap", "missing", "not installed", INSTALL)
    _, version = machine.run([program, "--version"])
    status, said = machine.run([program, "--unshare-all", "--ro-bind", "/", "/", "true"])
    if status:
        mend = _why_blocked(machine) or "Run the command in a terminal outside containers."
        return Finding("bubblewrap", "missing", f"{version} does not start: {said}", mend)
    return Finding("bubblewrap", "good", f"{version} at {program}, starts")


def _why_blocked(machine: Machine) -> str:
    """How to allow user namespaces on this system, or ""."""
    if machine.read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return APPARMOR
    if machine.read("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "Run: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    if machine.read("/proc/sys/user/max_user_namespaces") == "0":
        return "Run: sudo sysctl -w user.max_user_namespaces=15000"
    return ""


def _docker(machine: Machine) -> Finding:
    program = machine.which("docker")
    if program is None:
        found = "not installed; only --sandbox docker needs it"
        return Finding("Docker", "note", found)
    status, said = machine.run([program, "version", "--format", "{{.Server.Version}}"])
    if status:
        line = said.splitlines()[-1] if said else "no answer"
        found = f"does not answer: {line} Only --sandbox docker needs it"
        return Finding("Docker", "note", found, "Start the Docker service.")
    return Finding("Docker", "note", f"{said} answers; --sandbox docker is there, {TRIED}")


def _namespaces(machine: Machine, *, works: bool) -> Finding:
    reason = _why_blocked(machine)
    if not reason:
        return Finding("User namespaces", "good", "allowed")
    if works:
        return Finding("User namespaces", "note", "restricted, yet bubblewrap may use them")
    return Finding("User namespaces", "missing", "blocked", reason)


def _cgroups(machine: Machine) -> Finding:
    found = cgroups.place(machine.root)
    if found.folder is not None:
        return Finding("cgroup v2", "good", "delegated: the kernel holds each room's memory")
    instead = "memory is watched instead, and held for each process by the kernel"
    return Finding("cgroup v2", "note", f"{found.why}; {instead}", cgroups.HOW)


def _user(machine: Machine) -> Finding:
    if machine.uid == 0:
        return Finding(
            "User", "note", "root, whom no limit on processes holds", "Grade as an ordinary user."
        )
    return Finding("User", "good", f"an ordinary user (number {machine.uid})")


def _warm(machine: Machine) -> Finding:
    reason = machine.trial()
    if not reason:
        return Finding("Warm mode", "good", "a fork got a room of its own")
    found = f"no: {reason}"
    return Finding("Warm mode", "note", found, "Classes are graded all the same, in cold rooms.")


def _watches(machine: Machine) -> Finding:
    reason = machine.watching()
    if not reason:
        return Finding("Watches", "good", "the kernel tells which files a test opens")
    found = f"none: {reason}; every case is left to a teacher"
    return Finding(
        "Watches", "missing", found, "Run: sudo sysctl fs.inotify.max_user_instances=1024"
    )


def _memory(machine: Machine) -> Finding:
    lines = machine.read("/proc/meminfo").splitlines()
    available = next((line.split()[1] for line in lines if line.startswith("MemAvailable")), "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = f"{int(available) / 1e6:.1f} GB of memory free, " if available.isdigit() else ""
    return Finding("Size", "good", f"{memory}{cores} cores")


def _versions() -> list[Finding]:
    found = [Finding("Python", "good", f"{platform.python_version()} at {sys.executable}")]
    for name in PACKAGES:
        version = _version(name)
        level: Level = "good" if version else "missing"
        mend = "" if version else f"Run: pip install {name}"
        found.append(Finding(name, level, version or "not installed", mend))
    for name, purpose in OPTIONAL.items():
        version = _version(name)
        if version:
            found.append(Finding(name, "good", version))
        else:
            mend = "Run: pip install 'cnn-course[grader]'"
            found.append(Finding(name, "note", f"not installed; {purpose} needs it", mend))
    return found


def uncompiled(origin: Callable[[str], Path | None]) -> Finding | None:
    """A note where packages that most notebooks import have no compiled code beside them.

    A room may write nothing there, so that it would compile them anew for each notebook.

    Args:
        origin: the file from which a package is imported, or None.
    """
    files = {name: origin(name) for name in IMPORTED}
    bare = {
        name: file
        for name, file in files.items()
        if file is not None and not Path(importlib.util.cache_from_source(str(file))).exists()
    }
    if not bare:
        return None
    folders = sorted({str(file.parent.parent) for file in bare.values()})
    return Finding(
        "Compiled",
        "note",
        f"not yet: {', '.join(bare)}; each room compiles them anew",
        f"Run: {shlex.join([sys.executable, '-m', 'compileall', '-qq', '-j', '0', *folders])}",
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
