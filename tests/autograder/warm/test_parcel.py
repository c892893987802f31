"""What goes into a parcel comes out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.template.parcel import Parcel, pack


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Two folders, one with a folder in it, a link and an empty file."""
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "below" / "empty").mkdir(parents=True)
    (first / "below" / "data.bin").write_bytes(bytes(range(256)) * 1000)
    (first / "nothing").touch()
    (first / "link").symlink_to("/etc/passwd")
    second.mkdir()
    (second / "text.txt").write_text("text")
    return {"/one": first, "/two": second}


def test_settings_and_files_arrive(folders: dict[str, Path], tmp_path: Path) -> None:
    fd = pack({"settings": {"a": [1, "ü"]}}, folders)
    parcel = Parcel(fd)
    out = tmp_path / "out"
    out.mkdir()
    parcel.unpack("/two", str(out))
    parcel.unpack("/one", str(out))
    os.close(fd)
    assert parcel.head["settings"] == {"a": [1, "ü"]}
    assert (out / "text.txt").read_text() == "text"
    assert (out / "below" / "data.bin").read_bytes() == bytes(range(256)) * 1000
    assert (out / "below" / "empty").is_dir()
    assert (out / "nothing").read_bytes() == b""


def test_links_stay_behind(folders: dict[str, Path], tmp_path: Path) -> None:
    fd = pack({}, folders)
    Parcel(fd).unpack("/one", str(tmp_path))
    os.close(fd)
    assert not (tmp_path / "link").is_symlink()


def test_the_size_is_that_of_the_files(folders: dict[str, Path]) -> None:
    fd = pack({}, folders)
    assert Parcel(fd).size("/one") == 256_000
    os.close(fd)
