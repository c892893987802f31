"""The grader's end of the channel to the process that opens pictures.

What arrives is treated as hostile: a picture may have taken that process over.
"""

from __future__ import annotations

import io
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import SandboxError
from autograder.sandbox.running import Running
from autograder.values.wire import Channel, Message, WireError

# Of all pictures of a submission together.
SECONDS = 180.0
STARTING = 60.0
LOOK = 144
LONGEST = 640
FAULTS = {
    "no picture": "it is no JPEG, PNG or WebP file",
    "too large": "it has more than 50 million pixels",
    "too small": "it has a side of fewer than 16 pixels, or is a strip",
    "damaged": "it is damaged",
}

# Starts the process: a folder with the files, what it is told, and its end of the channel.
Start = Callable[[Path, dict[str, Any], int], Running]


class Unreadable(Exception):
    """The process ended at a file, or took too long; `place` says at which, or None."""

    def __init__(self, place: int | None, why: str) -> None:
        super().__init__(why)
        self.place = place


@dataclass(frozen=True)
class Seen:
    """What is known of one file: its look of shape (144,), or why it is left out."""

    look: NDArray[np.float64] | None
    fault: str = ""


class Reader:
    """A running process; to be used once, in a `with` statement.

    Args:
        paths: of the files.
        folder: to be made; copies of the files go there, under numbers for names.
        start: starts the process.
    """

    def __init__(self, paths: Sequence[Path], folder: Path, start: Start) -> None:
        folder.mkdir()
        for place, path in enumerate(paths):
            shutil.copyfile(path, folder / str(place))
            (folder / str(place)).chmod(0o644)
        folder.chmod(0o755)
        self.count = len(paths)
        self.mine, self.theirs = socket.socketpair()
        self.channel = Channel(self.mine.fileno(), self.mine.fileno())
        fd = self.theirs.fileno()
        told = {"count": self.count}
        try:
            self.running = start(folder, told, fd)
        except BaseException:
            self.mine.close()
            raise
        finally:
            self.theirs.close()

    def __enter__(self) -> Reader:
        self.deadline = time.monotonic() + STARTING
        self.running.deadline = self.deadline + SECONDS + 5
        try:
            if self.channel.receive(self.deadline).kind != "ready":
                raise WireError("not ready")
        except WireError as error:
            self.__exit__()
            raise SandboxError(
                f"The process that opens pictures did not start ({error}). It needs Pillow and "
                f"NumPy in the grader's environment, or in the image.\n{self.running.text[-1500:]}"
            ) from None
        self.deadline = time.monotonic() + SECONDS
        return self

    def __exit__(self, *_: object) -> None:
        self.running.stop()
        self.mine.close()

    def message(self, place: int) -> Message:
        """The next message, which is about this file.

        Raises:
            Unreadable: there is none.
        """
        try:
            return self.channel.receive(self.deadline)
        except WireError as error:
            why = self.running.ended or str(error)
            raise Unreadable(place, f"the process that opens it ended: {why}") from None

    def seen(self) -> list[Seen]:
        """What each file looks like.

        Raises:
            Unreadable: see there.
        """
        found = []
        for place in range(self.count):
            message = self.message(place)
            fault = message.head.get("fault")
            if message.kind != "look" or type(fault) is not str or fault not in ("", *FAULTS):
                raise Unreadable(place, "what was said of it is no answer")
            if fault:
                found.append(Seen(None, FAULTS[fault]))
                continue
            if len(message.blob) != LOOK * 8:
                raise Unreadable(place, "its look has another size")
            look = np.frombuffer(message.blob)
            if not np.isfinite(look).all() or np.abs(look).max() > 1.001:
                raise Unreadable(place, "its look is no look")
            found.append(Seen(look))
        return found

    def pixels(self, places: Sequence[int], seed: int) -> Iterator[bytes]:
        """The changed pictures of these files, each as the bytes of a PNG file.

        Raises:
            Unreadable: see there.
        """
        from PIL import Image

        asked = {"kind": "take", "places": list(places), "seed": seed}
        try:
            self.channel.send(Message(asked))
        except WireError as error:
            raise Unreadable(None, str(error)) from None
        for place in places:
            message = self.message(place)
            height, width = (message.head.get(name) for name in ("height", "width"))
            if type(height) is not int or type(width) is not int:
                raise Unreadable(place, "its pixels have no size")
            right = 0 < height <= LONGEST and 0 < width <= LONGEST
            if not right or len(message.blob) != 3 * height * width:
                raise Unreadable(place, "its pixels have another size")
            # Plain numbers of a known size: writing them as a picture decodes nothing.
            out = io.BytesIO()
            Image.frombytes("RGB", (width, height), message.blob).save(out, "PNG", compress_level=1)
            yield out.getvalue()
