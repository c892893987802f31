"""Archives of pictures unpack where they should, or not at all."""

from __future__ import annotations

import contextlib
import io
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.data import archives, checksums
from course.errors import DataError

from .conftest import Entries, jpeg, packed, small_set


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "inside" / "target"


def unpacked(tmp_path: Path, target: Path, content: bytes) -> list[str]:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    archives.unpack(path, target)
    return checksums.pictures(target)


def with_entry(entry: zipfile.ZipInfo | str, content: bytes = b"x") -> bytes:
    stream = io.BytesIO(packed(small_set()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(entry, content)
    return stream.getvalue()


@pytest.mark.parametrize("prefix", ["", "small/", "train/"])
def test_one_folder_around_the_splits_is_taken_off(
    tmp_path: Path, target: Path, prefix: str
) -> None:
    assert unpacked(tmp_path, target, packed(small_set(prefix))) == sorted(small_set(""))


def test_hidden_files_are_left_out(tmp_path: Path, target: Path) -> None:
    hidden: Entries = dict.fromkeys(
        (
            "__MACOSX/small/train/cats/._cat.1.jpg",
            "small/.DS_Store",
            "small/train/cats/._cat.1.jpg",
            "small/train/cats/Thumbs.db",
        ),
        b"hidden",
    )
    assert unpacked(tmp_path, target, packed(small_set() | hidden)) == sorted(small_set(""))


@pytest.mark.parametrize(
    "name",
    [
        "../train/cats/cat.9.jpg",
        "small/../../train/cats/cat.9.jpg",
        "/etc/train/cats/cat.9.jpg",
        "C:/train/cats/cat.9.jpg",
        "..\\train\\cats\\cat.9.jpg",
    ],
)
def test_an_entry_that_leaves_the_folder_is_refused(
    tmp_path: Path, target: Path, name: str
) -> None:
    with pytest.raises(DataError, match=r"a\.zip is refused: .* points outside") as caught:
        unpacked(tmp_path, target, with_entry(name))
    assert repr(name) in str(caught.value)
    assert not target.exists()


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("a./\\:~"), max_size=12))
def test_no_name_ever_leads_outside(prefix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        target = root / "deep" / "target"
        with contextlib.suppress(DataError):
            unpacked(root, target, packed({f"{prefix}train/cats/a.jpg": b"x"}))
        found = {path for path in root.rglob("*") if path.is_file()}
        assert found <= {root / "a.zip", target / "train" / "cats" / "a.jpg"}


def test_a_link_is_refused(tmp_path: Path, target: Path) -> None:
    entry = zipfile.ZipInfo("small/train/cats/cat.9.jpg")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DataError, match="is a link"):
        unpacked(tmp_path, target, with_entry(entry, b"/etc/passwd"))
    assert not target.exists()


def test_an_encrypted_entry_is_refused(tmp_path: Path, target: Path) -> None:
    content = bytearray(packed({"train/cats/a.jpg": b"x"}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    with pytest.raises(DataError, match="is encrypted"):
        unpacked(tmp_path, target, bytes(content))


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path, target: Path) -> None:
    with pytest.raises(DataError, match="is there twice"):
        unpacked(tmp_path, target, with_entry("small/train/cats/CAT.1.jpg"))


@pytest.mark.parametrize(
    "name",
    [
        "small/notes.txt",
        "small/train/birds/a.jpg",
        "train/cats/-a.jpg",
        "a/b/train/cats/a.jpg",
        "train/cats/a.jpg\n",
    ],
)
def test_what_is_no_picture_of_the_set_is_refused(tmp_path: Path, target: Path, name: str) -> None:
    with pytest.raises(DataError, match="is no picture of the set"):
        unpacked(tmp_path, target, with_entry(name))


@pytest.mark.parametrize("prefix", ["", "other/"])
def test_two_entries_never_become_one_file(tmp_path: Path, target: Path, prefix: str) -> None:
    name = f"{prefix}train/cats/cat.1.jpg"
    with pytest.raises(DataError, match="takes the place of another") as caught:
        unpacked(tmp_path, target, with_entry(name, b"other"))
    assert repr(name) in str(caught.value)
    assert (target / "train/cats/cat.1.jpg").read_bytes() == jpeg(seed=1)


def test_a_picture_that_is_too_large_is_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_PICTURE", 2000)
    with pytest.raises(DataError, match="is no picture of the set"):
        unpacked(tmp_path, target, with_entry("small/train/cats/cat.9.jpg", b"x" * 2001))


def test_an_archive_that_would_fill_the_disk_is_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1000)
    with pytest.raises(DataError, match="unpacks to more than"):
        unpacked(tmp_path, target, packed(small_set()))
    assert not target.exists()


def test_an_archive_with_too_many_entries_is_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    with pytest.raises(DataError, match="12 entries"):
        unpacked(tmp_path, target, packed(small_set()))


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.999])
def test_a_truncated_archive_is_named(tmp_path: Path, target: Path, keep: float) -> None:
    content = packed(small_set())
    with pytest.raises(DataError, match=r"a\.zip is not a whole zip archive"):
        unpacked(tmp_path, target, content[: int(len(content) * keep)])


def test_a_damaged_picture_is_noticed_by_its_crc(tmp_path: Path, target: Path) -> None:
    content = bytearray(packed(small_set()))
    content[200] ^= 1
    with pytest.raises(DataError, match=r"not a whole zip archive.*CRC"):
        unpacked(tmp_path, target, bytes(content))
