"""A machine with a stand-in for Docker."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import environment
from autograder.sandbox import docker

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
