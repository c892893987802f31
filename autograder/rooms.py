"""Rooms for the two sides of a grading: cold, warm, in a container, or none at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.container.first import FIRST
from autograder.sandbox.bubblewrap import FILES, GRADER, Room
from autograder.sandbox.contained import Contained, laid_out
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Sandboxed
from autograder.sandbox.running import Running
from autograder.sandbox.unconfined import Unconfined
from autograder.warm import NotWarm, Pool, Template, shared

PACKAGE = Path(__file__).parent
# Memory of processes that run this package's own code.
TRUSTED_MB = 2_000


class Rooms:
    """The rooms of one submission.

    Args:
        sandbox: "bubblewrap", "docker" or "none".
        work: a folder of the submission's own.
        warm: whether to fork them from waiting interpreters, where that works.
        image: for Docker.

    Attributes:
        cold: why a room is cold though a warm one was wanted; one entry for each.
    """

    def __init__(self, sandbox: str, work: Path, *, warm: bool, image: str = "") -> None:
        self.sandbox, self.work, self.warm = sandbox, work, warm and sandbox == "bubblewrap"
        self.image = image
        self.cold: list[str] = []
        self.templates: list[Template] = []

    def path(self, side: str, inside: str) -> str:
        """Where a side finds what has this path in its room."""
        if self.sandbox == "none":
            return str(self.work / f"{side}-room" / inside.lstrip("/"))
        return inside

    def expect(
        self, side: str, room: Room, limits: Limits, libraries: Sequence[str] | None
    ) -> None:
        """Say early what `start` will be asked for: what it needs for it is begun.

        Args:
            side, room, limits, libraries: see `start`.
        """
        if self.warm and libraries is not None:
            shared().expect(side, room, limits, libraries)

    def start(
        self,
        side: str,
        room: Room,
        limits: Limits,
        told: Mapping[str, Any],
        fds: Mapping[str, int],
        libraries: Sequence[str] | None,
    ) -> Running:
        """Start the program of a side.

        Args:
            side: "student" or "trusted".
            room, limits: what it finds, and what it may use.
            told: its settings.
            fds: descriptors that it gets, by the names of the settings that tell it of them.
            libraries: modules that it will import, for a warm room; None for a cold one always.

        Raises:
            SandboxError: no room can be had.
        """
        if self.warm and libraries is not None:
            try:
                running, template = shared().start(side, room, limits, told, fds, libraries)
            except NotWarm as error:
                self.cold.append(str(error))
            else:
                self.templates.append(template)
                return running
        inherited = list(dict.fromkeys(fds.values()))
        named = dict(fds)
        if self.sandbox == "docker":
            # They do not pass into a container, where others stand for them.
            named = {name: FIRST + inherited.index(fd) for name, fd in fds.items()}
        script = self.path(side, f"{GRADER}/{side}/run.py")
        program = ["-s", "-B", script, json.dumps({**told, **named})]
        root = self.work / f"{side}-room"
        if self.sandbox == "none":
            root.mkdir()
            return Unconfined(room, limits, program, inherited, root)
        if self.sandbox == "docker":
            root.mkdir()
            shown = laid_out(room, root)
            readable(root)
            return Contained(shown, limits, program, inherited, self.image)
        return Sandboxed(room, limits, program, inherited)

    def lost(self) -> bool:
        """Whether a template has ended since, which ends its rooms too."""
        return not all(template.works() for template in self.templates)

    def measured(self) -> dict[str, str]:
        """How the rooms were made, for the record of a grade."""
        if not self.warm:
            return {"mode": "cold"}
        if self.cold:
            return {"mode": "cold", "not warm": "; ".join(dict.fromkeys(self.cold))}
        return {"mode": "warm"}


def trial() -> str:
    """Why no warm room can be made on this machine, or "" where one can."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(readable=package("student"), own={FILES: Path(folder)})
        pool = Pool()
        try:
            # It has no notebook, and ends at once.
            pool.start("student", room, Limits(), {}, {}, ())[0].stop()
        except NotWarm as error:
            return str(error)
        finally:
            pool.close()
    return ""


# What a notebook's process takes from itself needs these.
FILTERING = (
    (),
    ("sandbox/__init__.py", "sandbox/seccomp.py", "template/__init__.py", "template/kernel.py"),
)


def package(side: str) -> dict[str, Path]:
    """The parts of this package that a side needs, by their paths inside."""
    return {
        f"{GRADER}/__init__.py": PACKAGE / "__init__.py",
        f"{GRADER}/values": PACKAGE / "values",
        f"{GRADER}/{side}": PACKAGE / side,
    } | {f"{GRADER}/{part}": PACKAGE / part for part in FILTERING[side == "student"]}


def readable(folder: Path) -> None:
    """Let whoever runs in the sandbox read a folder."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
