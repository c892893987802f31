"""Dask clusters of the command line, on this machine or in network namespaces of it.

A namespace has a network of its own, as another machine has. Each worker works in its own folder
and can be kept from seeing the folder from which a class is handed in.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120.0
WAIT = (
    "import distributed, sys\n"
    "with distributed.Client(sys.argv[1], timeout=60) as client:\n"
    "    client.wait_for_workers(int(sys.argv[2]), timeout=60)\n"
)
# Covers a folder with an empty one, then becomes the program.
COVERED = 'mount -t tmpfs none "$0" && exec "$@"'


@dataclass(frozen=True)
class Host:
    """Where a part of a cluster runs.

    Attributes:
        address: of its network.
        enter: what a command begins with to run there.
    """

    address: str = "127.0.0.1"
    enter: tuple[str, ...] = ()


HERE = Host()


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes:
        address: of the scheduler.
        head: from where it is reached.
    """

    address: str
    head: Host


def refusal() -> str:
    """Why no network namespaces can be made here, or ""."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    if os.geteuid():
        return "only root may make network namespaces"
    if shutil.which("ip") is None:
        return "`ip` is not installed (Debian and Ubuntu: apt-get install iproute2)"
    try:
        with apart(1):
            return ""
    except subprocess.CalledProcessError as error:
        return f"no network namespace can be made: {error.stderr.strip()}"


@contextlib.contextmanager
def apart(count: int) -> Iterator[tuple[Host, ...]]:
    """Hosts that reach each other and nothing else; the first has a bridge to the others.

    Args:
        count: of hosts, beside the first.

    Raises:
        subprocess.CalledProcessError: they cannot be made.
    """

    def ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)

    names = [f"grade-{os.getpid()}-{number}" for number in range(count + 1)]
    made: list[str] = []
    try:
        for name in names:
            ip("netns", "add", name)
            made.append(name)
            ip("-n", name, "link", "set", "lo", "up")
        head = names[0]
        ip("-n", head, "link", "add", "bridge", "type", "bridge")
        ip("-n", head, "addr", "add", "10.213.0.1/24", "dev", "bridge")
        ip("-n", head, "link", "set", "bridge", "up")
        for number, name in enumerate(names[1:], 2):
            port = f"port{number}"
            ip("-n", head, "link", "add", port, "type", "veth", "peer", "name", "net0",
               "netns", name)  # fmt: skip
            ip("-n", head, "link", "set", port, "master", "bridge", "up")
            ip("-n", name, "addr", "add", f"10.213.0.{number}/24", "dev", "net0")
            ip("-n", name, "link", "set", "net0", "up")
        yield tuple(
            Host(f"10.213.0.{number}", ("ip", "netns", "exec", name))
            for number, name in enumerate(names, 1)
        )
    finally:
        for name in made:
            ip("netns", "delete", name)


@contextlib.contextmanager
def cluster(
    folder: Path, workers: Sequence[Host], head: Host = HERE, hidden: Path | None = None
) -> Iterator[Cluster]:
    """A scheduler and workers with one thread each, started as a teacher starts them.

    Args:
        folder: of the workers' own folders; to be made.
        workers: where they run.
        head: where the scheduler runs.
        hidden: a folder that the workers find empty; only for hosts that are apart.

    Raises:
        RuntimeError: it does not start.
    """
    folder.mkdir()
    told = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    with contextlib.ExitStack() as stack:
        start = [*head.enter, *dask, "scheduler", "--no-dashboard", "--host", head.address]
        stack.enter_context(running([*start, "--port", "0", "--scheduler-file", str(told)], folder))
        address = scheduler(told)
        for number, host in enumerate(workers):
            own = folder / f"worker-{number}"
            own.mkdir()
            cover = [] if hidden is None else ["sh", "-c", COVERED, str(hidden)]
            start = [*host.enter, *cover, *dask, "worker", address, "--no-dashboard"]
            start += ["--nworkers", "1", "--nthreads", "1", "--memory-limit", "0"]
            stack.enter_context(running([*start, "--host", host.address], own))
        waiting = [*head.enter, sys.executable, "-c", WAIT, address, str(len(workers))]
        if subprocess.run(waiting, check=False, timeout=SECONDS).returncode:
            raise RuntimeError(f"The workers did not come: {logs(folder)}")
        yield Cluster(address, head)


@contextlib.contextmanager
def running(command: Sequence[str], own: Path) -> Iterator[None]:
    """A program in a folder of its own, with a folder for temporary files there, until the end."""
    (own / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(own / "tmp")}
    with (
        (own / "log").open("wb") as log,
        subprocess.Popen(command, cwd=own, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def scheduler(told: Path) -> str:
    """The address that a scheduler has written to a file.

    Raises:
        RuntimeError: it did not in time.
    """
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise RuntimeError(f"The scheduler did not start: {logs(told.parent)}")


def logs(folder: Path) -> str:
    """The ends of what all parts of a cluster said."""
    return "\n".join(path.read_text(errors="replace")[-1000:] for path in folder.rglob("log"))
