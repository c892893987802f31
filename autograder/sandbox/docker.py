"""Command lines for Docker, and what is asked of it: the same room and the same limits in a
container.

A stand-in for Docker runs them in the tests, and a real one where there is one: 20.10.24 was.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import subprocess
from collections.abc import Sequence

from autograder.errors import SandboxError
from autograder.sandbox.bubblewrap import HOME, Room, room_for_files, variables
from autograder.sandbox.limits import Limits

# An image by its digest, or by its own number, which is one too: a tag can be another image
# tomorrow.
BY_DIGEST = re.compile(r"[a-z0-9][\w./:-]*@sha256:[0-9a-f]{64}")
BY_NUMBER = re.compile(r"sha256:[0-9a-f]{64}")
NOBODY = "65534:65534"
# Docker's command line sets them from the user's own settings, passwords for a proxy among them.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
SECONDS = 30
MISSING = (
    "Docker is not installed, and --sandbox docker needs it.\n"
    "Install it: apt-get install docker.io (Debian, Ubuntu), or as on "
    "https://docs.docker.com/engine/install."
)


def checked(image: str) -> str:
    """The image, where it is named in a way that means one image for ever.

    Raises:
        SandboxError: it is not pinned.
    """
    if not BY_DIGEST.fullmatch(image) and not BY_NUMBER.fullmatch(image):
        raise SandboxError(
            f"{image or 'An image without a name'} is not pinned. Name the image by its digest, as "
            "`docker images --digests` lists it: --image NAME@sha256:…, or one that you built by "
            "what `docker image inspect --format '{{.Id}}' NAME` prints: --image sha256:…"
        )
    return image


def command(room: Room, limits: Limits, program: Sequence[str], image: str, name: str) -> list[str]:
    """The command line.

    Args:
        room: what the program finds; its interpreter is the image's `python`.
        limits: what it may use.
        program: script and arguments for the interpreter.
        image: by its digest, `name@sha256:…`, or by its number, `sha256:…`.
        name: of the container, by which it is killed.

    Raises:
        SandboxError: the image is not pinned.
    """
    checked(image)
    memory = f"{limits.memory_mb}m"
    size = room_for_files(limits)
    # Where the image has such a folder, runc 1.1 gives the mount that folder's mode. Its owner is
    # the program's user, who can write to it all the same.
    user, group = NOBODY.split(":")
    files = f"rw,exec,nosuid,nodev,size={size},mode=1777,uid={user},gid={group}"
    line = ["docker", "run", "--rm", "--interactive", "--name", name, "--pull", "never"]
    line += ["--network", "none", "--read-only", "--cap-drop", "ALL", "--ipc", "private"]
    line += ["--security-opt", "no-new-privileges", "--user", NOBODY, "--hostname", "sandbox"]
    # As much swap as memory means none at all.
    line += ["--memory", memory, "--memory-swap", memory, "--pids-limit", str(limits.processes)]
    line += ["--cpus", str(limits.threads), "--ulimit", f"fsize={limits.file_mb << 20}"]
    # Not 0, as in `launch`.
    line += ["--ulimit", "core=1", "--ulimit", "nofile=1024", "--log-driver", "none"]
    line += ["--shm-size", str(size)]
    for path in ("/tmp", HOME):  # noqa: S108 - the container's own
        line += ["--tmpfs", f"{path}:{files}"]
    # One that every image has and everybody may enter: Docker would make any other, closed, in the
    # place of a folder that is mounted there. The program goes where it works by itself.
    line += ["--workdir", "/"]
    for variable, value in variables(room, limits).items():
        if variable != "PATH":
            line += ["--env", f"{variable}={value}"]
    for variable in PROXIES:
        line += ["--env", f"{variable}=", "--env", f"{variable.lower()}="]
    for inside, outside in {**room.readable, **room.own}.items():
        line += ["--mount", _csv("type=bind", f"source={outside}", f"target={inside}", "readonly")]
    return [*line, "--entrypoint", "python", image, *program]


def _csv(*fields: str) -> str:
    """Docker reads a mount as a line of CSV: a path may hold a comma."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def ask(*words: str, seconds: float = SECONDS) -> tuple[int, str, str]:
    """Ask Docker's command line something; its status, its answer, and what else it says.

    Raises:
        SandboxError: it is not installed, or does not answer in time.
    """
    try:
        done = subprocess.run(
            ["docker", *words],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise SandboxError(MISSING) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(f"Docker does not answer ({error}). Is its service running?") from None
    return done.returncode, done.stdout.strip(), done.stderr.strip()


@functools.lru_cache(maxsize=8)
def identified(image: str) -> str:
    """The number of an image that is here, `sha256:…`; asked once in each process.

    Raises:
        SandboxError: it is not pinned or not here, or Docker does not answer.
    """
    status, number, said = ask("image", "inspect", "--format", "{{.Id}}", checked(image))
    if not status:
        return number
    if "no such image" not in said.lower():
        raise SandboxError(
            f"Docker says: {said[:500] or 'nothing'}\n"
            "Start its service, or ask for the right to use it; `docker version` shows whether it "
            "answers."
        )
    if BY_NUMBER.fullmatch(image):
        raise SandboxError(
            f"Docker has no image {image} here. It can only be built on this machine, or come from "
            "`docker save` and `docker load`; `docker images --no-trunc` lists those that are here."
        )
    raise SandboxError(
        f"Docker has no image {image} here, and none is fetched while grading.\n"
        f"Run: docker pull {image}"
    )
