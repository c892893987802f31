"""Downloads end with the right file, or with no file and a reason."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pooch
import pytest

from course.data.download import DownloadError, download, text
from course.data.registry import File
from course.errors import DataError

from .conftest import CLOSED, Server, leftovers, sha256

CONTENT = bytes(range(256)) * 2000


@pytest.fixture
def offered(server: Server) -> Callable[..., File]:
    def offer(content: bytes = CONTENT, served: bytes | None = None) -> File:
        server.content["/a.npz"] = content if served is None else served
        url = f"{server.url}/a.npz"
        return File("a.npz", "npz", url, len(content), sha256(content), "", "")

    return offer


def test_a_whole_file_arrives(offered: Callable[..., File], tmp_path: Path) -> None:
    download(offered(), tmp_path / "a.npz")
    assert (tmp_path / "a.npz").read_bytes() == CONTENT
    assert leftovers(tmp_path) == []


def test_a_transfer_that_breaks_off_is_tried_once_more(
    offered: Callable[..., File], server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.breaks, server.breaks_after = 1, 300_000
    download(offered(), tmp_path / "a.npz")
    assert (tmp_path / "a.npz").read_bytes() == CONTENT
    assert "broke off; trying once more" in capsys.readouterr().err


def test_a_transfer_that_always_breaks_off_leaves_nothing(
    offered: Callable[..., File], server: Server, tmp_path: Path
) -> None:
    server.breaks, server.breaks_after = 9, 300_000
    with pytest.raises(DownloadError, match="broke off"):
        download(offered(), tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()
    assert leftovers(tmp_path) == []
    assert len(server.requests) == 2


def test_a_truncated_answer_is_not_taken_as_whole(
    offered: Callable[..., File], tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=r"only 1\.0 kB of 512\.0 kB arrived"):
        download(offered(served=CONTENT[:1000]), tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def test_another_file_of_the_same_size_is_refused(
    offered: Callable[..., File], tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match="another file"):
        download(offered(served=CONTENT[::-1]), tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def test_a_transfer_stops_where_the_file_is_at_its_end(
    offered: Callable[..., File], tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=r"more than 512\.0 kB arrive"):
        download(offered(served=100 * CONTENT), tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()
    assert leftovers(tmp_path) == []


def test_a_small_file_comes_into_memory_up_to_its_limit(server: Server) -> None:
    server.content["/index.json"] = b"{}"
    assert text(f"{server.url}/index.json", 2) == b"{}"
    with pytest.raises(DownloadError, match="more than 1 B arrive"):
        text(f"{server.url}/index.json", 1)
    with pytest.raises(DownloadError, match="404"):
        text(f"{server.url}/other.json", 2)


def test_an_existing_file_stays_when_the_download_fails(
    offered: Callable[..., File], tmp_path: Path
) -> None:
    (tmp_path / "a.npz").write_text("old")
    with pytest.raises(DownloadError):
        download(offered(served=b"no"), tmp_path / "a.npz")
    assert (tmp_path / "a.npz").read_text() == "old"


def test_a_missing_page_is_reported_with_its_status(server: Server, tmp_path: Path) -> None:
    file = File("a.npz", "npz", f"{server.url}/gone", 1, "0" * 64, "", "")
    with pytest.raises(DownloadError, match="404 Not Found"):
        download(file, tmp_path / "a.npz")
    assert len(server.requests) == 1


def test_no_connection_is_reported_with_the_host(tmp_path: Path) -> None:
    file = File("a.npz", "npz", f"{CLOSED}/a.npz", 1, "0" * 64, "", "")
    with pytest.raises(DownloadError, match=r"no connection to 127\.0\.0\.1:9"):
        download(file, tmp_path / "a.npz")


def test_a_full_disk_in_the_middle_leaves_nothing(
    offered: Callable[..., File], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(self: object, url: str, output_file: BinaryIO, pooch: None) -> None:
        output_file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", fill)
    with pytest.raises(DataError, match=r"disk is full.*512\.0 kB"):
        download(offered(), tmp_path / "a.npz")
    assert list(tmp_path.glob("*a.npz*")) == []


def test_ctrl_c_in_the_middle_leaves_nothing(
    offered: Callable[..., File], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: object, url: str, output_file: BinaryIO, pooch: None) -> None:
        output_file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(offered(), tmp_path / "a.npz")
    assert list(tmp_path.glob("*a.npz*")) == []
