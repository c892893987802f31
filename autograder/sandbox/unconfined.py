"""A program without a sandbox, for one's own notebooks: it has all rights of who starts it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox import bubblewrap, watch
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running


class Unconfined(Running):
    """A program whose room is a folder."""

    def __init__(
        self, room: Room, limits: Limits, program: Sequence[str], fds: Sequence[int], root: Path
    ) -> None:
        """Start it; `root` is an empty folder in which the room is laid out."""
        super().__init__(limits)
        for inside, outside in {**room.readable, **room.own}.items():
            path = root / inside.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(outside.resolve())
        settings = bubblewrap.launch_settings(limits, uid=0)
        settings["files"] = str(root / bubblewrap.FILES.lstrip("/"))
        settings["work"] = str(root / "work")
        # The limit counts all that its user runs, who has many other programs here.
        settings["processes"] = 1 << 20
        python = str(room.python)
        variables = {**bubblewrap.variables(room, limits), "HOME": str(root), "TMPDIR": str(root)}
        given = [f"{name}={value}" for name, value in variables.items()]
        launch = [python, "-I", "-S", str(bubblewrap.LAUNCH), json.dumps(settings), python]
        self.start(["/usr/bin/env", "-i", *given, *launch, *program], fds)
        self.first = self.process.pid
        self.observe()

    def kill(self) -> None:
        """Kill its family. Who has left the family by then is not found: there is no sandbox."""
        if self.process.poll() is None:
            family = watch.descendants(self.first)
            for process in family:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            # Who is no child that can be seen: it began a group of its own.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.first, signal.SIGKILL)
