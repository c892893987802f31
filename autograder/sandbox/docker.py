"""Command lines for Docker: the same room and the same limits in a container.

Descriptors do not pass into a container, so the channel is its input and output. The line is
tested as text; no container has been run with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.errors import SandboxError
from autograder.sandbox.bubblewrap import HOME, Room, variables
from autograder.sandbox.limits import Limits

# An image by its digest: a tag can be another image tomorrow.
PINNED = re.compile(r"[a-z0-9][\w./:-]*@sha256:[0-9a-f]{64}")
NOBODY = "65534:65534"


def command(room: Room, limits: Limits, program: Sequence[str], image: str, name: str) -> list[str]:
    """The command line.

    Args:
        room: what the program finds; its interpreter is the image's `python`.
        limits: what it may use.
        program: script and arguments for the interpreter.
        image: by its digest, `name@sha256:…`.
        name: of the container, by which it is killed.

    Raises:
        SandboxError: the image is not pinned.
    """
    if not PINNED.fullmatch(image):
        raise SandboxError(
            f"{image} is not pinned. Name the image by its digest, as `docker images --digests` "
            "lists it: name@sha256:…"
        )
    memory = f"{limits.memory_mb}m"
    size = f"rw,nosuid,nodev,size={limits.memory_mb // 4}m,mode=1777"
    line = ["docker", "run", "--rm", "--interactive", "--name", name, "--pull", "never"]
    line += ["--network", "none", "--read-only", "--cap-drop", "ALL", "--ipc", "none"]
    line += ["--security-opt", "no-new-privileges", "--user", NOBODY, "--hostname", "sandbox"]
    # As much swap as memory means none at all.
    line += ["--memory", memory, "--memory-swap", memory, "--pids-limit", str(limits.processes)]
    line += ["--cpus", str(limits.threads), "--ulimit", f"fsize={limits.file_mb << 20}"]
    line += ["--ulimit", "core=0", "--ulimit", "nofile=1024", "--log-driver", "none"]
    for path in ("/tmp", HOME):  # noqa: S108 - the container's own
        line += ["--tmpfs", f"{path}:{size}"]
    line += ["--workdir", HOME]
    for variable, value in variables(room, limits).items():
        if variable != "PATH":
            line += ["--env", f"{variable}={value}"]
    for inside, outside in {**room.readable, **room.own}.items():
        line += ["--mount", f"type=bind,source={outside},target={inside},readonly"]
    return [*line, "--entrypoint", "python", image, *program]
