"""Containers: those of a stand-in for Docker, and programs that run in one."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import environment
from autograder.rooms import package, readable
from autograder.sandbox import docker
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.contained import Contained, laid_out
from autograder.sandbox.limits import Limits
from tests.autograder.sandbox.attempts import attempting

IMAGE = "registry.example/course@sha256:" + "0" * 64
FAKE = Path(__file__).with_name("fake_docker.py")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Docker:
    """The stand-in; `state` is its folder."""

    state: Path

    def calls(self, kind: str) -> list[list[str]]:
        """Calls of a kind, such as "run", in their order."""
        path = self.state / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        return [call for call in map(json.loads, lines) if call[0] == kind]

    def running(self) -> list[Path]:
        """Containers that are there; each file holds the number of a first process."""
        return sorted((self.state / "running").glob("*"))


def installed(folder: Path, patch: pytest.MonkeyPatch) -> Docker:
    """Put the stand-in before everything else on PATH; what was asked of another is forgotten."""
    programs, state = folder / "programs", folder / "docker-state"
    programs.mkdir()
    state.mkdir()
    (state / "images").write_text(f"{IMAGE}\n")
    script = programs / "docker"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} {FAKE} "$@"\n')
    script.chmod(0o755)
    patch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    patch.setenv("FAKE_DOCKER", str(state))
    docker.identified.cache_clear()
    environment.examine_image.cache_clear()
    return Docker(state)


ATTEMPTS = """
    "look into the first process": lambda: open("/proc/1/environ").read(),
    "speak for it": lambda: open("/proc/1/fd/1", "wb"),
    "unshare": lambda: system(272, 0x10000000),
    "memfd": lambda: os.memfd_create("x"),
    "trace": lambda: system(101, 16, 1, 0, 0),
    "the machine's host": lambda: socket.socket(40, socket.SOCK_STREAM),
    "write /": lambda: open("/x", "w"),
    "write the grader": lambda: open("/grader/autograder/__init__.py", "w"),
"""
REFUSED = f"""
{attempting(ATTEMPTS)}
with open("own", "w") as file:
    print(os.getuid(), os.getcwd(), file.write("x"), sorted(os.listdir("/proc/self/fd")))
"""


def begun(place: Path, code: str, limits: Limits | None = None, image: str = IMAGE) -> Contained:
    """A container that runs Python code."""
    files, root = place / "files", place / "room"
    files.mkdir()
    root.mkdir()
    room = laid_out(Room(readable=package("student"), own={FILES: files}), root)
    readable(root)
    return Contained(room, limits or Limits(), ["-s", "-c", code], [], image)


def ended(running: Contained, seconds: float = 60) -> Contained:
    """The same at its end."""
    running.deadline = time.monotonic() + seconds
    running.process.wait()
    running.stop()
    return running
