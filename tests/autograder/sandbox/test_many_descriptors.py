"""Limits hold, and messages arrive, whatever the numbers of the descriptors are."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.container.pump import Pump
from autograder.grading import grade
from autograder.sandbox import watch
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Sandboxed
from autograder.sandbox.running import UNWATCHED
from autograder.settings import MODES, Settings
from autograder.values.wire import Channel, Message, TooSlow
from autograder.warm import shared
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.sandbox.crowded import FIRST, crowded

TESTS = {"q1": exceptions("q1", "@test_case(points=1)\ndef t(x):\n    assert x == 1\n")}


def started(tmp_path: Path, limits: Limits) -> Sandboxed:
    """A program that waits."""
    files = tmp_path / "files"
    files.mkdir(mode=0o755)
    room = Room(Path(sys.executable), readable={FILES: files})
    return Sandboxed(room, limits, ["-s", "-c", "import time; time.sleep(600)"], [])


@pytest.mark.parametrize("reason", ["time", "memory"])
def test_limits_hold(tmp_path: Path, reason: str) -> None:
    with crowded():
        running = started(tmp_path, Limits(memory_mb=1 if reason == "memory" else 3000))
        try:
            assert running.handle > FIRST
            if reason == "time":
                running.deadline = time.monotonic()
            running.process.wait(60)
            assert running.ended == reason
        finally:
            running.stop()


def test_messages_arrive_in_time_or_not() -> None:
    with crowded():
        reading, writing = os.pipe()
        assert min(reading, writing) > FIRST
        here, there = Channel(reading, -1), Channel(-1, writing)
        with pytest.raises(TooSlow):
            here.receive(time.monotonic() + 0.01)
        there.send_bytes(bytes(10), time.monotonic() + 60)
        assert here.read(10, time.monotonic() + 60) == bytes(10)
        with pytest.raises(TooSlow):
            there.send_bytes(bytes(1 << 20), time.monotonic() + 0.1)
        os.close(writing)
        os.close(reading)


def test_a_message_without_a_deadline_arrives() -> None:
    reading, writing = os.pipe()
    Channel(-1, writing).send(Message({"kind": "go"}))
    assert Channel(reading, -1).receive(float("inf")).kind == "go"
    os.close(writing)
    os.close(reading)


def test_streams_of_a_container_pass() -> None:
    with crowded():
        there, back = os.pipe(), os.pipe()
        (near, near_inner), (far, far_inner) = socket.socketpair(), socket.socketpair()
        pumps = (
            Pump(back[0], there[1], [near_inner.fileno()]),
            Pump(there[0], back[1], [far_inner.fileno()]),
        )
        threads = [threading.Thread(target=pump.run, daemon=True) for pump in pumps]
        for thread in threads:
            thread.start()
        far.settimeout(60)
        near.sendall(b"hello")
        assert far.recv(5) == b"hello"
        for pump, thread in zip(pumps, threads, strict=True):
            pump.stop()
            thread.join()
            pump.close()
        for fd in (*there, *back):
            os.close(fd)
        for end in (near, near_inner, far, far_inner):
            end.close()


@pytest.mark.parametrize("mode", MODES)
def test_a_notebook_is_graded(tmp_path: Path, mode: str) -> None:
    assignment = open_bundle(bundle(tmp_path / "bundle", TESTS), tmp_path)
    path = notebook(tmp_path / "a.ipynb", ["x = 1"])
    shared().close()
    try:
        with crowded():
            found = grade(assignment, path, Settings(mode=mode))
    finally:
        shared().close()
    assert (found.status, found.score) == ("graded", 1)
    assert found.provenance["mode"] == mode, found.provenance


def blind(*_: object) -> float:
    """Stands for a look that fails."""
    raise OSError(24, "Too many open files")


def test_a_program_that_cannot_be_watched_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "resident_mb", blind)
    running = started(tmp_path, Limits())
    try:
        running.process.wait(60)
        assert running.ended == UNWATCHED
        assert "Too many open files" in running.fault
    finally:
        running.stop()


def test_what_could_not_be_watched_is_not_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = open_bundle(bundle(tmp_path / "bundle", TESTS), tmp_path)
    path = notebook(tmp_path / "a.ipynb", ["x = 1", "import time\ntime.sleep(600)"])
    monkeypatch.setattr(watch, "resident_mb", blind)
    found = grade(assignment, path)
    assert (found.status, found.questions) == ("failed", ())
    assert "could not watch what it ran (OSError" in found.warnings[0]


def test_a_process_that_ends_while_it_is_looked_at_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "descendants", lambda *_: [os.getpid(), 1 << 30])
    assert watch.resident_mb(os.getpid(), 0.0) > 1
