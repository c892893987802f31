"""Streams of bytes over one pair of pipes, none of which can hold up another.

A frame is a header and its bytes. Who sends on a stream has room for `WINDOW` bytes that the other
side has not passed on yet, and is told of new room. So nobody keeps more than that of a stream, and
a program that does not read is felt by who writes to it, as with a pipe.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import stat
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# What a frame is, its stream, and the length of what follows; of ROOM, the bytes of new room.
HEADER = struct.Struct("!BBI")
DATA, END, ROOM, USED = range(4)
# Resident bytes, and how often the kernel has killed for lack of memory.
USE = struct.Struct("!QQ")
MOST = 1 << 16
WINDOW = 1 << 20
TICK = 0.25


class Broken(Exception):
    """What arrived is no frame that the other side may send."""


@dataclass
class Stream:
    """One stream.

    Attributes:
        fd: where its bytes come from and go to; a pipe that is only written to, or a socket.
        room: bytes that may still be sent.
        waiting: bytes that came and could not be written yet.
        over: whether all that comes from `fd` has been read and sent.
        ending: whether the other side has sent its last byte.
        closed: whether nothing can be written to `fd` any more.
    """

    fd: int
    room: int = WINDOW
    waiting: bytearray = field(default_factory=bytearray)
    over: bool = False
    ending: bool = False
    closed: bool = False


class Pump:
    """One end: passes on what comes, until the other end is gone.

    Args:
        reading, writing: the pair of pipes; they and the streams become non-blocking.
        streams: descriptors, in the same order on both sides.
        use: tells resident bytes and kills, to be sent now and then; or None.
        heard: is told of them by the other side.
    """

    def __init__(
        self,
        reading: int,
        writing: int,
        streams: Sequence[int],
        use: Callable[[], tuple[int, int]] | None = None,
        heard: Callable[[int, int], None] = lambda _resident, _kills: None,
    ) -> None:
        self.reading, self.writing, self.use, self.heard = reading, writing, use, heard
        self.streams = [Stream(fd) for fd in streams]
        self.waking, self.wake = os.pipe()
        for fd in (reading, writing, self.waking, *streams):
            os.set_blocking(fd, False)
        self.inbox, self.out = bytearray(), bytearray()
        self.connected, self.last, self.stopped = True, False, False
        self.told, self.next = (0, 0), 0.0

    def finish(self) -> None:
        """Nothing more will be written to the streams here: send what is there, then end `run`.

        May be called from another thread.
        """
        self.last = True
        os.write(self.wake, b"x")

    def stop(self) -> None:
        """End `run` and `drain` at once. May be called from another thread."""
        self.stopped = True
        os.write(self.wake, b"x")

    def close(self) -> None:
        """Let go of the pipe that wakes it; nothing else here is its own."""
        os.close(self.waking)
        os.close(self.wake)

    def run(self) -> None:
        """Pass on until the other side is gone, or all that `finish` found is sent.

        Raises:
            Broken: the other side does not keep to the rules.
        """
        while self.connected and not self.stopped:
            if self.last and not self.out and all(stream.over for stream in self.streams):
                return
            self.turn()

    def drain(self) -> None:
        """Write what has arrived, where somebody still reads."""
        while any(stream.waiting for stream in self.streams) and not self.stopped:
            self.wait([], [s.fd for s in self.streams if s.waiting])
            self.write()

    def turn(self) -> None:
        """Wait until something can be done, and do it."""
        sending = [s for s in self.streams if not s.over and s.room and len(self.out) < WINDOW]
        readers = [self.reading, *(stream.fd for stream in sending)]
        writers = [self.writing] if self.out else []
        writers += [stream.fd for stream in self.streams if stream.waiting]
        last = self.last
        self.wait(readers, writers, at_once=last and bool(sending))
        self.report()
        self.arrive()
        for stream in sending:
            self.take(stream, last=last)
        self.write()
        self.send()

    def wait(self, readers: list[int], writers: list[int], *, at_once: bool = False) -> None:
        """Until one of them is ready, or it is time to report."""
        # Not `select.select`, which knows no descriptor above 1,023.
        wanted = dict.fromkeys([self.waking, *readers], select.POLLIN)
        for fd in writers:
            wanted[fd] = wanted.get(fd, 0) | select.POLLOUT
        waiting = select.poll()
        for fd, events in wanted.items():
            waiting.register(fd, events)
        waiting.poll(0 if at_once else TICK * 1000)
        with contextlib.suppress(BlockingIOError):
            os.read(self.waking, MOST)

    def report(self) -> None:
        """Send what the program uses, where that has changed."""
        if self.use is not None and time.monotonic() >= self.next:
            self.next = time.monotonic() + TICK
            found = self.use()
            if found != self.told:
                self.told = found
                self.frame(USED, 0, USE.pack(*found))

    def take(self, stream: Stream, *, last: bool) -> None:
        """Make frames of what a stream has; `last` where what it has now is all."""
        try:
            data = os.read(stream.fd, min(MOST, stream.room))
        except BlockingIOError:
            if not last:
                return
            data = b""
        except OSError:
            # A pipe that is only written to, or a peer that has gone.
            data = b""
        if data:
            stream.room -= len(data)
            self.frame(DATA, self.streams.index(stream), data)
        else:
            stream.over = True
            self.frame(END, self.streams.index(stream))

    def frame(self, kind: int, stream: int, data: bytes = b"", length: int | None = None) -> None:
        """Put a frame among those to be sent."""
        self.out += HEADER.pack(kind, stream, len(data) if length is None else length) + data

    def send(self) -> None:
        """Send frames, as far as the pipe takes them."""
        try:
            while self.out:
                del self.out[: os.write(self.writing, self.out[:MOST])]
        except BlockingIOError:
            return
        except OSError:
            self.connected = False

    def arrive(self) -> None:
        """Read frames, as far as there are any."""
        try:
            data = os.read(self.reading, MOST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.connected = bool(data)
        self.inbox += data
        while len(self.inbox) >= HEADER.size:
            kind, number, length = HEADER.unpack(self.inbox[: HEADER.size])
            size = 0 if kind == ROOM else length
            known = kind == USED or (kind in (DATA, END, ROOM) and number < len(self.streams))
            if not known or size > MOST:
                raise Broken(f"a frame of kind {kind}, stream {number}, {length} bytes")
            if len(self.inbox) < HEADER.size + size:
                return
            content = bytes(self.inbox[HEADER.size : HEADER.size + size])
            del self.inbox[: HEADER.size + size]
            if kind == USED:
                if size != USE.size:
                    raise Broken("a report of another size")
                self.heard(*USE.unpack(content))
            else:
                self.understand(kind, self.streams[number], content, length)

    def understand(self, kind: int, stream: Stream, content: bytes, length: int) -> None:
        """Do what a frame about a stream says."""
        if kind == ROOM:
            stream.room += length
            if stream.room > WINDOW:
                raise Broken("more room than there can be")
        elif kind == END:
            stream.ending = True
        else:
            stream.waiting += content
            if stream.ending or len(stream.waiting) > WINDOW:
                raise Broken("more bytes than there was room for")

    def write(self) -> None:
        """Write what has come, as far as the streams take it."""
        for number, stream in enumerate(self.streams):
            before = len(stream.waiting)
            try:
                while stream.waiting:
                    del stream.waiting[: os.write(stream.fd, stream.waiting[:MOST])]
            except BlockingIOError:
                pass
            except OSError:
                # Nobody reads any more: thrown away, so that the other side does not wait for room.
                stream.waiting.clear()
            if before > len(stream.waiting):
                self.frame(ROOM, number, length=before - len(stream.waiting))
            if stream.ending and not stream.waiting and not stream.closed:
                stream.closed = True
                half_closed(stream.fd)


def half_closed(fd: int) -> None:
    """Tell the reader of a socket that nothing more will come; a pipe has to be closed for that."""
    if stat.S_ISSOCK(os.fstat(fd).st_mode):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(fd)) as found:
            found.shutdown(socket.SHUT_WR)
