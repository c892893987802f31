"""Downloads one file over HTTP, through pooch, checked before it takes its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from course.data import checksums, places
from course.data.progress import bar, say, size
from course.data.registry import File

TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds without a byte
_ATTEMPTS = 2
_CHUNK = 1 << 16
_LARGEST = 4_000_000_000  # bytes of a file whose size nobody has written down


class DownloadError(Exception):
    """The file could not be had from its address; the message is one clause that says why."""


def download(file: File, target: Path) -> None:
    """Download a file of the registry to `target`.

    The file is written under a temporary name and renamed once its checksum is right. A transfer
    that breaks off, or brings other bytes, is tried once more from the beginning.

    Raises:
        DownloadError: no connection, an error status, or a wrong file twice.
        DataError: the disk is full or the folder cannot be written.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        received = False
        try:
            with places.whole_file(target, file.bytes) as part:
                try:
                    _transfer(file, part)
                finally:
                    received = part.exists() and part.stat().st_size > 0
                _check(file, part)
        except DownloadError as error:
            if not received or attempt == _ATTEMPTS:
                raise
            say(f"{file.name}: {error}; trying once more")
        else:
            return


def text(url: str, largest: int) -> bytes:
    """Download a small file that has no checksum of its own, into memory.

    Args:
        url: its address.
        largest: how many bytes it may have.

    Raises:
        DownloadError: no connection, an error status, or more bytes than that.
    """
    received = io.BytesIO()
    _get(url, None, url.rpartition("/")[2], _Capped(received, largest))
    return received.getvalue()


class _Capped:
    """A file that takes no more than was announced: a server could send without end."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self.file = file
        self.left = self.largest = largest

    def write(self, content: bytes) -> int:
        """Write a piece.

        Raises:
            DownloadError: it is one too many.
        """
        self.left -= len(content)
        if self.left < 0:
            raise DownloadError(f"more than {size(self.largest)} arrive, so it is another file")
        return self.file.write(content)

    def flush(self) -> None:
        """Write what waits."""
        self.file.flush()


def _transfer(file: File, part: Path) -> None:
    with part.open("wb") as opened:
        largest = _LARGEST if file.bytes is None else file.bytes
        _get(file.url, file.bytes, file.name, _Capped(opened, largest))


def _get(url: str, length: int | None, name: str, to: _Capped) -> None:
    import requests
    from pooch import HTTPDownloader

    host = urlsplit(url).netloc
    with bar(length, name, "B") as shown:
        # A server must not pack the file once more: what is checked is what was published.
        get = HTTPDownloader(
            # Without a total, tqdm cannot say whether it is there.
            progressbar=shown if length is not None else False,
            chunk_size=_CHUNK,
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},
        )
        try:
            get(url, to, None)
        except requests.HTTPError as error:
            reply = error.response
            answer = f"{reply.status_code} {reply.reason}" if reply is not None else "an error"
            raise DownloadError(f"{host} answers {answer}") from error
        except requests.Timeout as error:
            raise DownloadError(f"{host} does not answer") from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise DownloadError(f"the connection to {host} broke off") from error
        except requests.ConnectionError as error:
            # A timeout in the middle of the body comes as a ConnectionError too.
            broke = to.left < to.largest
            what = f"the connection to {host} broke off" if broke else f"no connection to {host}"
            raise DownloadError(what) from error
        except requests.RequestException as error:
            raise DownloadError(f"{host}: {error}") from error


def _check(file: File, part: Path) -> None:
    found = part.stat().st_size
    if file.bytes is not None and found < file.bytes:
        raise DownloadError(f"only {size(found)} of {size(file.bytes)} arrived")
    sha256 = checksums.of_file(part)
    if sha256 != file.sha256:
        raise DownloadError(
            f"what arrived is another file ({size(found)}, SHA-256 {sha256[:12]}… instead of "
            f"{file.sha256[:12]}…), perhaps a sign-in page of the network"
        )
