"""Several threads share the templates of a process: nobody loses a room by that."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder.rooms import package
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.session import Session
from autograder.warm import NotWarm, Pool, shared
from autograder.warm.pool import FAILURES
from autograder.warm.template import Kind, Template
from tests.autograder.warm.probing import Prober

TOGETHER = 3


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room with nothing in it but the program."""
    (tmp_path / "files").mkdir()
    return Room(readable=package("student"), own={FILES: tmp_path / "files"})


@pytest.fixture
def probers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Prober]]:
    """One for each thread, as a notebook has a file."""
    monkeypatch.setattr("autograder.warm.libraries.PLAIN", ())
    shared().close()
    yield [Prober(tmp_path / str(number)) for number in range(TOGETHER)]
    shared().close()


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Where all submissions wait for each other once both of their rooms are there."""
    barrier, watch = threading.Barrier(TOGETHER, timeout=120), Session.watch

    def watched(session: Session, *given: Any) -> Any:
        barrier.wait()
        return watch(session, *given)

    monkeypatch.setattr(Session, "watch", watched)
    return barrier


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Template]:
    """The templates that are started from now on."""
    found: list[Template] = []
    begin = Template.__init__

    def noted(template: Template, *given: Any) -> None:
        found.append(template)
        begin(template, *given)

    monkeypatch.setattr(Template, "__init__", noted)
    return found


def said(probers: list[Prober]) -> list[str]:
    """What the notebooks say of themselves, graded all at once."""
    with ThreadPoolExecutor(TOGETHER) as threads:
        asked = [
            threads.submit(prober.said, f"said = 'number {number}'")
            for number, prober in enumerate(probers)
        ]
        return [future.result() for future in asked]


EACH = [f"number {number}" for number in range(TOGETHER)]


def test_threads_share_one_template_for_each_side(
    probers: list[Prober], meeting: threading.Barrier
) -> None:
    assert said(probers) == EACH
    assert [template.forks for template in shared().templates.values()] == [TOGETHER] * 2
    assert [template.rooms for template in shared().templates.values()] == [0, 0]


def test_a_worn_template_ends_only_when_the_last_room_in_it_is_left(
    probers: list[Prober],
    meeting: threading.Barrier,
    started: list[Template],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared(), "forks", 1)
    assert said(probers) == EACH
    assert len(started) == 2 * TOGETHER
    # The last of each side waits for more.
    assert sum(template.alive() for template in started) == 2
    assert all(template.rooms == 0 for template in started)


def test_a_template_does_not_end_with_the_thread_that_asked_for_it(room: Room) -> None:
    pool = Pool()
    asking = threading.Thread(target=pool.expect, args=("student", room, Limits(), ()))
    asking.start()
    asking.join()
    forked, template = pool.start("student", room, Limits(), {}, {}, ())
    forked.stop()
    assert template.works()
    assert list(pool.templates.values()) == [template]
    pool.close()
    assert not template.alive()


class Control(socket.socket):
    """A template's socket that notes whether anybody else could have asked before the answer."""

    def __init__(self, template: Template) -> None:
        super().__init__(fileno=template.control.detach())
        self.template, self.alone = template, list[bool]()

    def recv(self, *given: Any) -> bytes:
        self.alone.append(self.template.asking.locked())
        return super().recv(*given)


def test_nobody_asks_a_template_before_it_has_answered_the_last(room: Room) -> None:
    template = Template(Kind.of("student", room, Limits(), ()))
    template.control = control = Control(template)
    assert template.works()
    template.stop()
    assert control.alone == [True]


def test_what_is_expected_is_started_once(room: Room, started: list[Template]) -> None:
    pool = Pool()
    for _ in range(2):
        pool.expect("student", room, Limits(), ())
    (coming,) = pool.starting.values()
    assert coming.wait(120)
    pool.expect("student", room, Limits(), ())
    assert not pool.starting
    assert list(pool.templates.values()) == started
    pool.close()


def test_a_pool_that_was_closed_keeps_no_template_that_comes_later(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    may, came = threading.Event(), list[Template]()
    begin = Template.__init__

    def late(template: Template, *given: Any) -> None:
        assert may.wait(120)
        begin(template, *given)
        came.append(template)

    monkeypatch.setattr(Template, "__init__", late)
    pool = Pool()
    pool.expect("student", room, Limits(), ())
    (started,) = pool.starting.values()
    pool.close()
    may.set()
    assert started.wait(120)
    assert not pool.templates
    assert came[0].over.wait(120)


def test_a_template_that_fails_under_several_submissions_has_failed_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool()
    barrier = threading.Barrier(TOGETHER, timeout=120)
    fork, refusals = Template.fork, []

    def refused(template: Template, *given: Any) -> None:
        if not refusals or refusals[0] is template:
            refusals.append(template)
            barrier.wait()
            raise NotWarm("it has died")
        fork(template, *given)

    monkeypatch.setattr(Template, "fork", refused)
    with ThreadPoolExecutor(TOGETHER) as threads:
        asked = [
            threads.submit(pool.start, "student", room, Limits(), {}, {}, ())
            for _ in range(TOGETHER)
        ]
        rooms = [future.result()[0] for future in asked]
    assert len(refusals) == TOGETHER > FAILURES
    for forked in rooms:
        forked.stop()
    pool.close()
