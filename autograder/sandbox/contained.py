"""A program in a container of Docker's: started, limited, ended, and nothing of it left."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.container.first import HELLO
from autograder.container.pump import Broken, Pump
from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, docker
from autograder.sandbox.bubblewrap import GRADER, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running
from autograder.sandbox.waiting import readable

PACKAGE = Path(__file__).parents[1]
# What their first program needs of this package.
PARTS = (
    "container",
    "sandbox/__init__.py",
    "sandbox/launch.py",
    "sandbox/seccomp.py",
    "template/__init__.py",
    "template/kernel.py",
)
# Seconds until a container has started on a busy machine, and until one that was killed is gone.
START, END = 120.0, 20.0


class Contained(Running):
    """A program in a container of its own.

    Attributes:
        name: of the container.
    """

    def __init__(
        self,
        room: Room,
        limits: Limits,
        program: Sequence[str],
        fds: Sequence[int],
        image: str,
    ) -> None:
        """Start it.

        Args:
            room: what it finds, as `laid_out` makes it; its interpreter is the image's.
            limits: what it may use.
            program: script and arguments for the interpreter.
            fds: descriptors that it gets as streams, those from `first.FIRST` on.
            image: see `docker.command`.

        Raises:
            SandboxError: Docker is missing or does not start it.
        """
        super().__init__(limits)
        self.name = f"autograder-{secrets.token_hex(8)}"
        self.used = 0
        launch = bubblewrap.launch_settings(limits, uid=0)
        # Docker counts those of this container. The limit in `launch` counts all of its user's,
        # whom other containers have too.
        launch["processes"] = 1 << 20
        settings = json.dumps({"launch": launch, "streams": len(fds)})
        script = f"{GRADER}/container/first.py"
        line = docker.command(
            room,
            limits,
            ["-I", "-S", script, settings, *program],
            image,
            self.name,
        )
        try:
            self.process = subprocess.Popen(
                line,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd="/",
                # A Ctrl-C is for the grader, which ends the container in its own way.
                start_new_session=True,
            )
        except FileNotFoundError:
            raise SandboxError(docker.MISSING) from None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.listen(self.process.stderr)
        self.input, self.answers = self.process.stdin, self.process.stdout
        self.mine = [os.dup(fd) for fd in fds]
        self.pump = Pump(self.answers.fileno(), self.input.fileno(), self.mine, heard=self.heard)
        self.pumping = threading.Thread(target=self.pass_on, daemon=True)
        try:
            self.greeted()
        except BaseException:
            # Nothing will be passed on; but a thread that was never started cannot be waited for.
            self.pump.stop()
            self.pumping.start()
            self.stop()
            raise
        self.pumping.start()
        self.observe()

    def greeted(self) -> None:
        """Wait until the first program has started.

        Raises:
            SandboxError: it has not.
        """
        said, deadline = b"", time.monotonic() + START
        while said != HELLO and HELLO.startswith(said):
            left = deadline - time.monotonic()
            if left <= 0 or not readable(self.answers.fileno(), left):
                raise SandboxError(f"Docker did not start a container in {START:.0f} seconds.")
            part = os.read(self.answers.fileno(), len(HELLO) - len(said))
            if not part:
                break
            said += part
        if said != HELLO:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(END)
            self.reader.join(5)
            raise SandboxError(
                f"Docker did not start the container: {self.text.strip()[-1000:] or said!r}\n"
                "The image needs a `python` of 3.11 or newer."
            )

    def heard(self, resident: int, kills: int) -> None:
        """The first program tells what is used; where the kernel has killed, it was too much."""
        self.used = resident
        if kills:
            self.end("memory")

    def resident_mb(self, fresh: float) -> float:  # noqa: ARG002 - it is told now and then
        """Resident MB of the container, as its first program told them last."""
        return self.used / (1 << 20)

    def pass_on(self) -> None:
        """Pass bytes on until the container is gone; then close the streams on this side."""
        try:
            self.pump.run()
            self.pump.drain()
        except Broken:
            # Something has taken the first program's place.
            self.kill()
        finally:
            for fd in self.mine:
                os.close(fd)

    def kill(self) -> None:
        """Have the container killed, and with it all processes in it."""
        if self.alive():
            with contextlib.suppress(SandboxError):
                docker.ask("kill", self.name)

    def stop(self) -> None:
        """Kill what is left and wait until nothing is."""
        self.unwatched()
        try:
            self.process.wait(END)
        except subprocess.TimeoutExpired:
            # It was not running yet, or Docker is slow: removed in whatever state it is.
            with contextlib.suppress(SandboxError):
                docker.ask("rm", "--force", self.name)
            self.process.kill()
            self.process.wait()
        self.pump.stop()
        self.pumping.join()
        self.pump.close()
        self.reader.join(5)
        for file in (self.input, self.answers):
            with contextlib.suppress(OSError):
                file.close()


def laid_out(room: Room, root: Path) -> Room:
    """The room with copies of what it shows, and with what the first program needs.

    The user of a container is nobody: what is shown has to be readable for everybody, and only
    copies can be made so.

    Args:
        room: to be shown.
        root: an empty folder for the copies.
    """
    parts = {f"{GRADER}/{part}": PACKAGE / part for part in PARTS}
    found = {}
    for number, (inside, outside) in enumerate({**parts, **room.readable, **room.own}.items()):
        place = found[inside] = root / str(number)
        if outside.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(outside, place, copy_function=shutil.copyfile, ignore=ignored)
        else:
            shutil.copyfile(outside, place)
    return replace(room, readable=found, own={})
