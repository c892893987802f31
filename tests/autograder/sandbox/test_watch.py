"""Who is watched is found by looking at all processes, and not more often than needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox import watch

WAITING = "import sys; print(1, flush=True); sys.stdin.read()"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each look at all processes, from now on."""
    counted: list[int] = []
    look = watch.children

    def counting() -> dict[int, list[int]]:
        counted.append(1)
        return look()

    monkeypatch.setattr(watch, "children", counting)
    monkeypatch.setattr(watch, "_table", watch.Table())
    return counted


def test_one_look_serves_all_who_watch(looks: list[int]) -> None:
    assert watch.resident_mb(os.getpid(), 1000.0) > 1
    assert watch.resident_mb(os.getpid(), 1000.0) > 1
    assert len(looks) == 1
    watch.resident_mb(os.getpid(), 0.0)
    assert len(looks) == 2


def test_a_look_that_is_asked_for_is_a_new_one(looks: list[int]) -> None:
    watch.descendants(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        assert process.pid in watch.descendants(os.getpid())
        process.stdin.close()
    assert len(looks) == 2
