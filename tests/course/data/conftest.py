"""Small data sets with a registry of their own, and a server to fetch them from."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from course.data import registry

Entries = dict[str, bytes]

NUMBERS = {"train": [0, 2], "validation": [3, 4], "test": [5, 6]}
CLOSED = "http://127.0.0.1:9"  # The discard port: nothing listens there.


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the user's cache, mirror or proxy."""
    for name in ("CNN_COURSE_DATA", "COURSE_RECORD", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "data"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that `CNN_COURSE_DATA` names."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    monkeypatch.setenv("CNN_COURSE_DATA", str(folder))
    return folder


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_entry(name: str, layout: str, content: bytes | None, url: str = "") -> dict[str, Any]:
    """One `[[files]]` table; without content it is a file that every classroom makes."""
    known = {"bytes": len(content)} if content is not None else {}
    return {
        "name": name,
        "layout": layout,
        "url": url,
        "sha256": sha256(content) if content is not None else "",
        "source": "a test",
        "checksum_source": "a test",
        **known,
    }


def variant_entry(*files: dict[str, Any], checksum: str = "", **more: Any) -> dict[str, Any]:
    return {
        "what": "for a test",
        "checksum": checksum,
        "checksum_source": "Not measured.",
        "files": list(files),
        **more,
    }


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the registry: `register(mnist={"original": variant_entry(…)})`."""

    def replace(**data_sets: dict[str, Any]) -> None:
        path = tmp_path / "registry.toml"
        tables = {
            name: {
                "title": name.upper(),
                "what": "for a test",
                "licence": "none",
                "source": "https://example.org/",
                "variants": variants,
            }
            for name, variants in data_sets.items()
        }
        path.write_text("\n".join(f"{key} = {_toml(value)}" for key, value in tables.items()))
        monkeypatch.setattr(registry, "PATH", path)

    return replace


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {_toml(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value)


def digits(seed: int = 0) -> dict[str, np.ndarray[Any, np.dtype[np.uint8]]]:
    """The arrays of a MNIST of five training and three test pictures."""
    random = np.random.default_rng(seed)
    return {
        "x_train": random.integers(0, 256, (5, 28, 28), dtype=np.uint8),
        "y_train": random.integers(0, 10, 5, dtype=np.uint8),
        "x_test": random.integers(0, 256, (3, 28, 28), dtype=np.uint8),
        "y_test": random.integers(0, 10, 3, dtype=np.uint8),
    }


def npz(arrays: dict[str, np.ndarray[Any, Any]], *, packed: bool = False) -> bytes:
    stream = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def jpeg(seed: int = 0, size: tuple[int, int] = (12, 9), mode: str = "RGB") -> bytes:
    random = np.random.default_rng(seed)
    bands = len(Image.new(mode, (1, 1)).getbands())
    shape = (size[1], size[0], bands) if bands > 1 else (size[1], size[0])
    stream = io.BytesIO()
    pixels = random.integers(0, 256, shape, dtype=np.uint8)
    Image.frombytes(mode, size, pixels.tobytes()).save(stream, "JPEG", quality=75)
    return stream.getvalue()


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return stream.getvalue()


def packed(entries: Entries) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def small_set(prefix: str = "small/") -> Entries:
    """A ready set of two pictures a class and split."""
    return {
        f"{prefix}{split}/{title}/{title[:-1]}.{number}.jpg": jpeg(seed=number)
        for split, first in (("train", 1), ("validation", 11), ("test", 21))
        for title in ("cats", "dogs")
        for number in (first, first + 1)
    }


def kaggle(count: int = 12, prefix: str = "train/") -> Entries:
    """The original in Kaggle's layout, numbers 0 to `count` - 1 of each class."""
    return {
        f"{prefix}{title}.{number}.jpg": jpeg(seed=number + 100 * (title == "dog"))
        for title in ("cat", "dog")
        for number in range(count)
    }


def microsoft(count: int = 12, prefix: str = "PetImages/") -> Entries:
    """The original in Microsoft's layout."""
    return {
        f"{prefix}{title}/{number}.jpg": jpeg(seed=number + 100 * (title == "Dog"))
        for title in ("Cat", "Dog")
        for number in range(count)
    }


@dataclass
class Server:
    """Serves `content` by path; counts requests.

    Attributes:
        breaks_after: bytes after which the connection breaks off, for the first `breaks` answers.
    """

    url: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    breaks_after: int = 0
    breaks: int = 0
    hold: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    state.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(self.path)
            state.hold.wait(20)
            body = state.content.get(self.path)
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.breaks > 0:
                state.breaks -= 1
                body = body[: state.breaks_after]
            with contextlib.suppress(OSError):  # The other side has hung up.
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        state.hold.set()
        http.shutdown()
        thread.join()


def leftovers(folder: Path) -> list[str]:
    """Half-written files in a folder or below."""
    return [path.name for path in folder.rglob("*.part")]
