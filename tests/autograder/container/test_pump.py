"""Streams over one pair of pipes arrive whole, in order, and without waiting for each other."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import threading
from collections.abc import Iterator

import pytest

from autograder.container.pump import (
    DATA,
    END,
    HEADER,
    MOST,
    ROOM,
    USE,
    USED,
    WINDOW,
    Broken,
    Pump,
    half_closed,
)


class Joined:
    """Two ends with two streams each; `near` and `far` are what programs would hold."""

    def __init__(self) -> None:
        there, back = os.pipe(), os.pipe()
        near = [socket.socketpair() for _ in range(2)]
        far = [socket.socketpair() for _ in range(2)]
        self.near, self.far = [a for a, _ in near], [a for a, _ in far]
        self.told: list[tuple[int, int]] = []
        self.fds = [*there, *back]
        self.inner = [b for _, b in (*near, *far)]
        near_ends, far_ends = ([b.fileno() for _, b in pairs] for pairs in (near, far))
        self.mine = Pump(
            back[0], there[1], near_ends, heard=lambda used, kills: self.told.append((used, kills))
        )
        self.theirs = Pump(there[0], back[1], far_ends, use=lambda: (7, 0))
        self.threads = [threading.Thread(target=end.run) for end in (self.mine, self.theirs)]
        for thread in self.threads:
            thread.start()

    def close(self) -> None:
        for end in (self.mine, self.theirs):
            end.stop()
        for thread in self.threads:
            thread.join()
        for end in (self.mine, self.theirs):
            end.close()
        for fd in self.fds:
            os.close(fd)
        for found in (*self.near, *self.far, *self.inner):
            found.close()


@pytest.fixture
def joined() -> Iterator[Joined]:
    both = Joined()
    for end in (*both.near, *both.far):
        end.settimeout(60)
    yield both
    both.close()


def received(end: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count and (part := end.recv(1 << 20)):
        parts += part
    return bytes(parts)


def test_what_is_sent_on_all_streams_at_once_arrives_on_its_own(joined: Joined) -> None:
    drawn = random.Random(1)
    sent = [drawn.randbytes(3 * WINDOW + place) for place in range(4)]
    ways = [*zip(joined.near, joined.far, strict=True), *zip(joined.far, joined.near, strict=True)]
    writers = [
        threading.Thread(target=source.sendall, args=(data,))
        for data, (source, _) in zip(sent, ways, strict=True)
    ]
    for writer in writers:
        writer.start()
    found: dict[int, bytes] = {}

    def read(place: int) -> None:
        found[place] = received(ways[place][1], len(sent[place]))

    readers = [threading.Thread(target=read, args=(place,)) for place in range(4)]
    for reader in readers:
        reader.start()
    for thread in (*writers, *readers):
        thread.join()
    assert [found[place] for place in range(4)] == sent


def test_a_stream_that_nobody_reads_holds_up_its_writer_and_no_other(joined: Joined) -> None:
    joined.far[0].settimeout(1)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < 64 * WINDOW:
            sent += joined.far[0].send(bytes(MOST))
    # What lies in the buffers of the kernel, and the room of a stream.
    assert sent < 4 * WINDOW
    joined.far[1].sendall(b"results")
    assert received(joined.near[1], 7) == b"results"
    assert received(joined.near[0], sent) == bytes(sent)


def test_an_end_arrives_after_all_that_came_before_and_leaves_the_way_back(joined: Joined) -> None:
    joined.near[0].sendall(bytes(WINDOW))
    joined.near[0].shutdown(socket.SHUT_WR)
    assert received(joined.far[0], WINDOW + 1) == bytes(WINDOW)
    joined.far[0].sendall(b"answer")
    assert received(joined.near[0], 6) == b"answer"


def test_a_reader_that_has_gone_does_not_hold_up_who_writes(joined: Joined) -> None:
    joined.near[0].close()
    assert joined.far[0].recv(1) == b""
    joined.far[0].sendall(bytes(8 * WINDOW))


def test_what_is_used_is_told(joined: Joined) -> None:
    joined.far[0].sendall(b"x")
    joined.near[0].recv(1)
    assert joined.told == [(7, 0)]


def test_finishing_sends_what_was_written_though_a_copy_stays_open(joined: Joined) -> None:
    copy = joined.far[1].dup()
    joined.far[1].sendall(bytes(100_000))
    joined.theirs.finish()
    joined.threads[1].join(60)
    assert not joined.threads[1].is_alive()
    assert received(joined.near[1], 100_001) == bytes(100_000)
    copy.close()


def frame(kind: int, stream: int, length: int, content: bytes = b"") -> bytes:
    return HEADER.pack(kind, stream, length) + content


@pytest.mark.parametrize(
    "sent",
    [
        frame(9, 0, 0),
        frame(DATA, 1, 1, b"x"),
        frame(DATA, 0, MOST + 1),
        frame(DATA, 0, MOST, bytes(MOST)) * 40,
        frame(END, 0, 0) + frame(DATA, 0, 1, b"x"),
        frame(ROOM, 0, 1),
        frame(USED, 0, USE.size - 1, bytes(USE.size - 1)),
        b"Traceback (most recent call last):",
    ],
    ids=["kind", "stream", "length", "window", "after the end", "room", "report", "text"],
)
def test_who_does_not_keep_to_the_rules_is_not_listened_to(sent: bytes) -> None:
    mine, theirs = socket.socketpair()
    outer, inner = socket.socketpair()
    # Nobody reads the stream, so what comes waits.
    inner.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 12)
    with mine, theirs, outer, inner:
        pump = Pump(mine.fileno(), mine.fileno(), [inner.fileno()])
        writer = threading.Thread(target=given, args=(theirs, sent))
        writer.start()
        with pytest.raises(Broken):
            pump.run()
        mine.close()
        writer.join()
        pump.close()


def given(end: socket.socket, sent: bytes) -> None:
    with contextlib.suppress(OSError):
        end.sendall(sent)
        end.shutdown(socket.SHUT_WR)


def test_what_came_before_the_other_side_went_is_still_written() -> None:
    mine, theirs = socket.socketpair()
    outer, inner = socket.socketpair()
    with mine, theirs, outer, inner:
        pump = Pump(mine.fileno(), mine.fileno(), [inner.fileno()])
        writer = threading.Thread(
            target=given, args=(theirs, frame(DATA, 0, MOST, bytes(MOST)) * 12)
        )
        writer.start()
        passing = threading.Thread(target=lambda: (pump.run(), pump.drain()))
        passing.start()
        assert received(outer, 12 * MOST) == bytes(12 * MOST)
        passing.join()
        writer.join()
        pump.close()


def test_a_pipe_is_let_go_of_when_its_owner_closes_it() -> None:
    reading, writing = os.pipe()
    half_closed(writing)
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)
