"""A real Docker, where the machine has one and an image with the environment.

AUTOGRADER_IMAGE names the image as `autograder grade --image` takes it.
"""

from __future__ import annotations

import os

import pytest

from autograder.sandbox import docker

IMAGE = os.environ.get("AUTOGRADER_IMAGE", "")
there = pytest.mark.skipif(not IMAGE, reason="AUTOGRADER_IMAGE names no image")
needed = [pytest.mark.docker, there]


def running() -> list[str]:
    """Names of the grader's containers, in whatever state."""
    filtering = ("--filter", "name=autograder-", "--format", "{{.Names}}")
    status, names, said = docker.ask("ps", "--all", *filtering)
    assert not status, said
    return names.split()
