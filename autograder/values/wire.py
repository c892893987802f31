"""Messages over a pipe: a length-prefixed JSON object and the bytes of its arrays.

Who reads must be ready for anything: lengths are capped before a byte is read, and whatever does
not parse raises `WireError`.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from dataclasses import dataclass
from typing import Any

# JSON of one message, and array bytes of one message.
MAX_JSON = 16 << 20
MAX_BLOB = 256 << 20
HEADER = struct.Struct("!4sIQ")
MAGIC = b"agr1"


class WireError(Exception):
    """What arrived is no message, or too large; the other side is not to be talked to any more."""


class Closed(WireError):
    """The other side has closed its end."""


class TooSlow(WireError):
    """No complete message arrived in time."""


@dataclass(frozen=True)
class Message:
    """A message.

    Attributes:
        head: JSON object; `head["kind"]` says what it is.
        blob: bytes of the arrays it names, one after another.
    """

    head: dict[str, Any]
    blob: bytes = b""

    @property
    def kind(self) -> str:
        """What the message is for, or "" where it does not say."""
        kind = self.head.get("kind")
        return kind if type(kind) is str else ""


def pack(message: Message) -> bytes:
    """The message as bytes.

    Raises:
        WireError: it is larger than the other side would read.
    """
    text = json.dumps(message.head, ensure_ascii=True).encode()
    if len(text) > MAX_JSON or len(message.blob) > MAX_BLOB:
        raise WireError(f"message of {len(text)} + {len(message.blob)} bytes is too large")
    return HEADER.pack(MAGIC, len(text), len(message.blob)) + text + message.blob


def parse(text: bytes, blob: bytes) -> Message:
    """Read the JSON of a message.

    Raises:
        WireError: it is no JSON object.
    """
    try:
        head = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise WireError(f"no JSON: {type(error).__name__}") from None
    if type(head) is not dict:
        raise WireError("no JSON object")
    return Message(head, blob)


def ready(fd: int, event: int, seconds: float) -> bool:
    """Whether a descriptor of any number is ready, or its other end is gone, before time is up.

    Args:
        fd: the descriptor.
        event: `select.POLLIN` or `select.POLLOUT`.
        seconds: more than a million are taken for a million.
    """
    # Not `select.select`, which knows no descriptor above 1,023.
    waiting = select.poll()
    waiting.register(fd, event)
    return bool(waiting.poll(min(seconds, 1e6) * 1000))


class Channel:
    """One end of a pair of pipes."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing

    def send(self, message: Message) -> None:
        """Write one message.

        Raises:
            Closed: nobody reads any more.
            WireError: the message is too large.
        """
        self.send_bytes(pack(message))

    def send_bytes(self, data: bytes, deadline: float | None = None) -> None:
        """Write bytes that `pack` made, by `deadline` (of `time.monotonic`).

        Raises:
            Closed, TooSlow: nobody reads.
        """
        view = memoryview(data)
        while view:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0 or not ready(self.writing, select.POLLOUT, left):
                    raise TooSlow("the other side does not read")
            try:
                # A pipe that is ready takes this much without blocking.
                written = os.write(self.writing, view[:4096] if deadline is not None else view)
            except OSError as error:
                raise Closed(str(error)) from None
            view = view[written:]

    def read(self, count: int, deadline: float | None) -> bytes:
        """Read so many bytes by `deadline`."""
        parts: list[bytes] = []
        while count:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0 or not ready(self.reading, select.POLLIN, left):
                    raise TooSlow("no answer in time")
            try:
                part = os.read(self.reading, min(count, 1 << 20))
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("the other side has ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive_bytes(self, deadline: float | None = None) -> tuple[bytes, bytes]:
        """JSON and array bytes of the next message, not looked into.

        Raises:
            WireError: see the classes above.
        """
        magic, text, blob = HEADER.unpack(self.read(HEADER.size, deadline))
        if magic != MAGIC or text > MAX_JSON or blob > MAX_BLOB:
            raise WireError("not a message, or too large")
        return self.read(text, deadline), self.read(blob, deadline)

    def receive(self, deadline: float | None = None) -> Message:
        """The next message.

        Raises:
            WireError: see the classes above.
        """
        return parse(*self.receive_bytes(deadline))
