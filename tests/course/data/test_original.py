"""The small set is cut from Kaggle's or Microsoft's archive, packed or not, damaged or not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from course.data import checksums, original
from course.errors import DataError

from .conftest import NUMBERS, Entries, jpeg, kaggle, microsoft, packed, png

Cut = Callable[..., tuple[str, ...]]

SPLITS = [(split, first, last) for split, (first, last) in NUMBERS.items()]
WANTED = sorted(
    f"{split}/{title}s/{title}.{number}.jpg"
    for split, first, last in SPLITS
    for title in ("cat", "dog")
    for number in range(first, last + 1)
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "small"


@pytest.fixture
def cut(tmp_path: Path, target: Path) -> Cut:
    def from_entries(entries: Entries) -> tuple[str, ...]:
        path = tmp_path / "given.zip"
        path.write_bytes(packed(entries))
        with original.opened(path) as pictures:
            return original.cut(pictures, SPLITS, target)

    return from_entries


def unpack(folder: Path, entries: Entries) -> Path:
    for name, content in entries.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    "entries",
    [
        kaggle(),
        kaggle(prefix=""),
        kaggle(prefix="dogs-vs-cats/train/"),
        microsoft(),
        microsoft(prefix="x/"),
    ],
)
def test_both_layouts_give_the_same_set_with_unchanged_files(
    cut: Cut, target: Path, entries: Entries
) -> None:
    assert cut(entries) == ()
    assert checksums.pictures(target) == WANTED
    assert (target / "validation/dogs/dog.4.jpg").read_bytes() == jpeg(seed=104)
    assert (target / "train/cats/cat.0.jpg").read_bytes() == jpeg(seed=0)


@pytest.mark.parametrize("entries", [kaggle(), microsoft()])
def test_an_unpacked_folder_is_as_good(tmp_path: Path, target: Path, entries: Entries) -> None:
    with original.opened(unpack(tmp_path / "folder", entries)) as pictures:
        assert original.cut(pictures, SPLITS, target) == ()
    assert checksums.pictures(target) == WANTED


def test_kaggles_outer_archive_is_opened_down_to_the_pictures(
    cut: Cut, target: Path, cache: Path
) -> None:
    tests = packed({"test1/1.jpg": jpeg()})
    outer = {"train.zip": packed(kaggle()), "test1.zip": tests, "sampleSubmission.csv": b"id,label"}
    assert cut(outer) == ()
    assert checksums.pictures(target) == WANTED
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("levels", [2, 30])
def test_archives_within_archives_are_opened_one_level_deep(
    cut: Cut, cache: Path, levels: int
) -> None:
    content = packed(kaggle())
    for _ in range(levels - 1):
        content = packed({"train.zip": content})
    with pytest.raises(DataError, match=r"given\.zip is refused: .* train\.zip inside train\.zip"):
        cut({"train.zip": content})
    assert list(cache.iterdir()) == []


def test_hidden_files_are_ignored_and_counted(tmp_path: Path) -> None:
    hidden: Entries = {
        "PetImages/.DS_Store": b"x",
        "PetImages/Cat/._1.jpg": b"x",
        "PetImages/Cat/Thumbs.db": b"x",
        "__MACOSX/PetImages/Cat/2.jpg": b"x",
    }
    other: Entries = {"readme[1].txt": b"x", "MSR-LA - 3467.docx": b"x"}
    path = tmp_path / "given.zip"
    path.write_bytes(packed(microsoft() | hidden | other))
    with original.opened(path) as pictures:
        assert (pictures.layout, pictures.hidden, len(pictures.names)) == ("Microsoft", 4, 24)
    with original.opened(unpack(tmp_path / "folder", microsoft() | hidden | other)) as pictures:
        assert (pictures.layout, pictures.hidden, len(pictures.names)) == ("Microsoft", 4, 24)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (jpeg(size=(200, 200))[:3000], "cannot be decoded (OSError)"),
        (png(), "is a PNG file, not a JPEG"),
    ],
)
def test_a_damaged_picture_gives_way_to_the_next_good_one_beyond_the_splits(
    cut: Cut, target: Path, content: bytes, reason: str
) -> None:
    entries = microsoft()
    entries["PetImages/Cat/4.jpg"] = content
    entries["PetImages/Cat/7.jpg"] = content
    assert cut(entries) == (f"PetImages/Cat/4.jpg {reason}", f"PetImages/Cat/7.jpg {reason}")
    expected = [name.replace("/cat.4.", "/cat.8.") for name in WANTED]
    assert checksums.pictures(target) == sorted(expected)
    assert (target / "validation/cats/cat.8.jpg").read_bytes() == jpeg(seed=8)


def test_a_picture_damaged_in_the_archive_is_replaced(tmp_path: Path, target: Path) -> None:
    content = bytearray(packed(kaggle()))
    content[content.index(b"cat.2.jpg") + 60] ^= 1
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    with original.opened(path) as pictures:
        skipped = original.cut(pictures, SPLITS, target)
    assert skipped == ("train/cat.2.jpg is damaged in the archive",)
    assert (target / "train/cats/cat.7.jpg").exists()


def test_a_missing_number_is_replaced_and_reported(cut: Cut, target: Path) -> None:
    entries = kaggle()
    del entries["train/dog.0.jpg"]
    assert cut(entries) == ("dog 0 is missing",)
    assert (target / "train/dogs/dog.7.jpg").exists()


def test_the_same_archive_always_gives_the_same_set(cut: Cut, target: Path, tmp_path: Path) -> None:
    entries = kaggle() | {"train/cat.1.jpg": b""}
    cut(entries)
    first = checksums.of_folder(target)
    target.rename(tmp_path / "first")
    cut(dict(reversed(entries.items())))
    assert checksums.of_folder(target) == first


def test_too_few_good_pictures_are_an_error(cut: Cut) -> None:
    with pytest.raises(DataError, match="too few good pictures of cats"):
        cut(kaggle(count=6))


def test_an_archive_with_many_holes_is_not_taken_for_the_original(cut: Cut) -> None:
    entries = kaggle(count=40)
    for number in range(6):
        del entries[f"train/cat.{number}.jpg"], entries[f"train/dog.{number}.jpg"]
    with pytest.raises(DataError, match=r"is not the original: more than 10 .*cat 0 is missing"):
        cut(entries)


def test_a_number_that_is_there_twice_is_an_error(cut: Cut) -> None:
    with pytest.raises(DataError, match="has cat 0 twice"):
        cut(kaggle() | {"copy/cat.0.jpg": jpeg()})


@pytest.mark.parametrize("entries", [{"readme.txt": b"x"}, kaggle() | microsoft(prefix="Pets/")])
def test_what_is_no_original_is_refused_with_the_layouts_that_are(
    cut: Cut, entries: Entries
) -> None:
    with pytest.raises(DataError, match=r"PetImages/Cat/0\.jpg|twice"):
        cut(entries)


def test_an_unsafe_archive_is_refused(cut: Cut) -> None:
    with pytest.raises(DataError, match="points outside"):
        cut(kaggle() | {"../../train/cat.99.jpg": jpeg()})


def test_a_truncated_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    path.write_bytes(packed(kaggle())[:-200])
    with (
        pytest.raises(DataError, match=r"given\.zip is not a whole zip archive"),
        original.opened(path),
    ):
        pytest.fail("it must not open")


def test_a_truncated_inner_archive_is_named(cut: Cut) -> None:
    with pytest.raises(DataError, match=r"train\.zip is not a whole zip archive"):
        cut({"train.zip": packed(kaggle())[:-200]})


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match=r"gone\.zip does not exist"),
        original.opened(tmp_path / "gone.zip"),
    ):
        pytest.fail("it must not open")


def test_links_and_pipes_in_a_folder_are_not_read(tmp_path: Path, target: Path) -> None:
    folder = unpack(tmp_path / "folder", kaggle())
    (folder / "train" / "cat.0.jpg").unlink()
    (folder / "train" / "cat.0.jpg").symlink_to("/etc/passwd")
    (folder / "train" / "cat.1.jpg").unlink()
    os.mkfifo(folder / "train" / "cat.1.jpg")
    with original.opened(folder) as pictures:
        assert original.cut(pictures, SPLITS, target) == ("cat 0 is missing", "cat 1 is missing")
