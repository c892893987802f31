"""Who sees what an attack did: a place outside, a listening port, the table of processes."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.vault import FIRST, SECRETS, Attack
from tests.autograder.bundles import notebook

OPEN_GRADER = Path(__file__).with_name("open_grader.py")
# Seconds that the open grader may take before an attack counts as a hang; of one that is to hang,
# many times what an honest notebook takes.
PATIENCE, HANGS = 240, 10


class Open:
    """The open grader, which waits for notebooks."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(OPEN_GRADER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "GRADER_SECRET": SECRETS[0]},
        )
        atexit.register(self.end)

    def ask(self, told: dict[str, Any]) -> dict[str, Any]:
        """Have a notebook graded."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(told), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, "the open grader itself has ended"
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Let it end, since nobody asks any more."""
        with self.process:
            pass


@functools.cache
def opened() -> Open:
    """The one of this process, started when it is first asked."""
    return Open()


def quoting(report: str) -> set[str]:
    """The lines of a report that quote what is hidden."""
    return {line for line in report.splitlines() if any(secret in line for secret in SECRETS)}


@dataclass
class Scene:
    """The surroundings of one attack.

    Attributes:
        folder: for everything.
        bundle: the assignment's folder.
        token: in the command line of every process that an attack leaves behind.
    """

    folder: Path
    bundle: Path
    token: str
    connected: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.outside = self.folder / "outside"
        self.outside.mkdir()
        self.outside.chmod(0o777)
        other = notebook(self.folder / "other-student.ipynb", [FIRST, "answer = 'of another'"])
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.listen, daemon=True).start()
        self.places = {
            "OUTSIDE": str(self.outside),
            "BUNDLE": str(self.bundle),
            "OTHER": str(other),
            "PORT": str(self.server.getsockname()[1]),
            "TOKEN": self.token,
        }

    def listen(self) -> None:
        """Note that somebody connected."""
        try:
            self.server.accept()[0].close()
            self.connected.set()
        except OSError:
            return

    def close(self) -> None:
        """End the server and what an attack on the open grader has left running."""
        self.server.close()
        for process in self.survivors():
            os.kill(process, signal.SIGKILL)

    def marked(self) -> bool:
        """Whether something was written outside."""
        return any(self.outside.iterdir())

    def survivors(self) -> list[int]:
        """Living processes that carry the token."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and self.token.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def open_grader(self, attack: Attack) -> set[str]:
        """How the attack wins against the open grader."""
        found, hangs = self.graded(attack, "open")
        wins = {"hang"} if hangs else set()
        if found is None:
            wins.add("crash")
        else:
            wins |= {"score"} if found["score"] > 2 else set()
            wins |= {"leak"} if attack.wins == "leak" and self.told_more(attack, found) else set()
            wins |= {"memory"} if found["peak"] > 600 else set()
            # Of the hidden word's five letters; without such a function the tests take no second.
            wins |= {"time"} if found["seconds"] > 2.5 else set()
            wins |= {"output"} if found["printed"] > 50 << 20 else set()
        wins |= {"marker"} if self.marked() else set()
        wins |= {"network"} if self.connected.is_set() else set()
        wins |= {"survivor"} if self.survivors() else set()
        return wins

    def graded(self, attack: Attack, name: str) -> tuple[dict[str, Any] | None, bool]:
        """What the open grader reports, and whether it had to be ended; in a folder so called."""
        place = self.folder / name
        shutil.copytree(self.bundle / "files", place)
        shutil.copytree(self.bundle / "tests", place / "tests")
        notebook(place / "answers.ipynb", attack.notebook(self.places))
        result = self.folder / f"{name}.json"
        seconds = HANGS if attack.wins == "hang" else PATIENCE
        told = {"folder": str(place), "result": str(result), "seconds": seconds}
        hangs = opened().ask(told)["hang"]
        found = json.loads(result.read_text(encoding="utf-8")) if result.is_file() else None
        return found, hangs

    def told_more(self, attack: Attack, found: dict[str, Any]) -> bool:
        """Whether a report quotes what is hidden where that of an honest notebook does not: each
        hidden test that fails is quoted with what it expects."""
        honest, _ = self.graded(dataclasses.replace(attack, cells=()), "honest")
        assert honest is not None
        return bool(quoting(found["report"]) - quoting(honest["report"]))
