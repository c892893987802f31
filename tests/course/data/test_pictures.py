"""Pictures are unpacked or cut once and checked at every use."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from course.data import archives, checksums, pictures, registry
from course.data.registry import DataSet, Variant
from course.errors import DataError

from .conftest import (
    CLOSED,
    NUMBERS,
    Server,
    file_entry,
    jpeg,
    kaggle,
    leftovers,
    microsoft,
    packed,
    sha256,
    small_set,
    variant_entry,
)

READY = packed(small_set())
ORIGINAL = packed(microsoft())


@pytest.fixture
def ready(register: Callable[..., None], server: Server) -> tuple[DataSet, Variant]:
    """A set that is downloaded ready-made, with a known checksum."""
    server.content["/ready.zip"] = READY
    lines = "".join(f"{sha256(small_set('')[n])}  {n}\n" for n in sorted(small_set("")))
    file = file_entry("ready.zip", "pictures", READY, f"{server.url}/ready.zip")
    register(pets={"ready": variant_entry(file, checksum=sha256(lines.encode()))})
    data_set = registry.data_set("pets")
    return data_set, data_set.variants[0]


@pytest.fixture
def cuttable(register: Callable[..., None], server: Server) -> DataSet:
    """A set that is cut from an original on the server, or from the user's own."""
    server.content["/original.zip"] = ORIGINAL
    file = file_entry("original.zip", "original", ORIGINAL, f"{server.url}/original.zip")
    register(
        pets={
            "small": variant_entry(
                file, file_entry("small.zip", "pictures", None), numbers=NUMBERS
            ),
            "small-own": variant_entry(file_entry("own.zip", "pictures", None), numbers=NUMBERS),
        }
    )
    return registry.data_set("pets")


def test_a_set_is_unpacked_into_the_cache(ready: tuple[DataSet, Variant], cache: Path) -> None:
    folder = pictures.load(*ready)
    assert folder == cache / "pets" / "ready"
    assert checksums.pictures(folder) == sorted(small_set(""))


def test_a_set_is_unpacked_only_once(
    ready: tuple[DataSet, Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures.load(*ready)
    monkeypatch.setattr(checksums, "of_file", lambda path: pytest.fail(f"read {path}"))
    pictures.load(*ready)


def test_a_file_managers_hidden_files_do_not_matter(ready: tuple[DataSet, Variant]) -> None:
    folder = pictures.load(*ready)
    (folder / "train" / ".DS_Store").write_text("x")
    assert pictures.load(*ready) == folder
    assert not folder.with_name("ready.altered").exists()


def altered(folder: Path) -> None:
    (folder / "train/cats/cat.1.jpg").write_bytes(jpeg(seed=77))


def removed(folder: Path) -> None:
    (folder / "train/cats/cat.1.jpg").unlink()


def added(folder: Path) -> None:
    (folder / "train/cats/cat.99.jpg").write_bytes(jpeg())


def unstamped(folder: Path) -> None:
    (folder / ".checksum.json").write_text("{")


@pytest.mark.parametrize("change", [altered, removed, added, unstamped])
def test_a_changed_set_is_moved_aside_and_made_anew(
    ready: tuple[DataSet, Variant], change: Callable[[Path], None]
) -> None:
    folder = pictures.load(*ready)
    change(folder)
    assert pictures.load(*ready) == folder
    assert checksums.pictures(folder) == sorted(small_set(""))
    assert (folder / "train/cats/cat.1.jpg").read_bytes() == jpeg(seed=1)
    assert folder.with_name("ready.altered").is_dir()


def test_touched_pictures_are_checked_and_then_trusted_again(
    ready: tuple[DataSet, Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pictures.load(*ready)
    os.utime(folder / "train/cats/cat.1.jpg", (0, 0))
    pictures.load(*ready)
    assert not folder.with_name("ready.altered").exists()
    monkeypatch.setattr(checksums, "of_file", lambda path: pytest.fail(f"read {path}"))
    pictures.load(*ready)


def test_a_changed_set_that_cannot_be_made_anew_stays(
    ready: tuple[DataSet, Variant], server: Server, cache: Path
) -> None:
    folder = pictures.load(*ready)
    altered(folder)
    (cache / "pets" / "ready.zip").unlink()
    server.content.clear()
    with pytest.raises(DataError, match="404"):
        pictures.load(*ready)
    assert (folder / "train/cats/cat.1.jpg").read_bytes() == jpeg(seed=77)


def test_a_listed_file_with_other_pictures_is_refused(
    register: Callable[..., None], mirror: Path, cache: Path
) -> None:
    register(
        pets={"ready": variant_entry(file_entry("ready.zip", "pictures", READY), checksum="0" * 64)}
    )
    (mirror / "ready.zip").write_bytes(READY)
    data_set = registry.data_set("pets")
    with pytest.raises(DataError, match="but its pictures are not"):
        pictures.load(data_set, data_set.variants[0])
    assert not (cache / "pets" / "ready").exists()


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space"), KeyboardInterrupt()])
def test_an_interruption_while_unpacking_leaves_nothing(
    ready: tuple[DataSet, Variant],
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
) -> None:
    def interrupted(path: Path, target: Path) -> None:
        (target / "train").mkdir()
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(archives, "unpack", interrupted)
        with pytest.raises((DataError, KeyboardInterrupt)):
            pictures.load(*ready)
    assert sorted(path.name for path in (cache / "pets").iterdir()) == ["ready.zip"]
    assert leftovers(cache) == []
    assert checksums.pictures(pictures.load(*ready)) == sorted(small_set(""))


def test_the_small_set_is_cut_from_the_downloaded_original(
    cuttable: DataSet, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pictures.load(cuttable, cuttable.variants[0])
    assert len(checksums.pictures(folder)) == 14
    assert checksums.of_folder(folder) in capsys.readouterr().err
    assert pictures.load(cuttable, cuttable.variants[0]) == folder
    assert server.requests == ["/original.zip"]


def test_the_registered_archive_becomes_the_variant_that_lists_it(
    cuttable: DataSet, tmp_path: Path, server: Server
) -> None:
    path = tmp_path / "renamed.zip"
    path.write_bytes(ORIGINAL)
    variant, kept = pictures.cut(cuttable, path)
    assert variant.name == "small"
    assert pictures.load(cuttable, variant) == kept.path
    assert path.read_bytes() == ORIGINAL
    assert server.requests == []


def test_an_archive_of_ones_own_becomes_the_variant_without_a_checksum(
    cuttable: DataSet, tmp_path: Path
) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle() | {"train/cat.1.jpg": b"", "train/.DS_Store": b""}))
    variant, kept = pictures.cut(cuttable, path)
    assert (variant.name, kept.hidden, kept.made_from) == ("small-own", 1, "train.zip")
    assert kept.skipped == ("train/cat.1.jpg is empty",)
    assert pictures.kept(variant, kept.path) == kept
    assert pictures.load(cuttable, variant) == kept.path


def test_the_cached_set_of_ones_own_is_still_checked(cuttable: DataSet, tmp_path: Path) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle()))
    variant, kept = pictures.cut(cuttable, path)
    (kept.path / "train/cats/cat.1.jpg").write_bytes(b"altered")
    with pytest.raises(DataError, match=r"course data fetch pets --from FILE"):
        pictures.load(cuttable, variant)


def test_cutting_again_replaces_the_set_only_when_the_new_one_is_whole(
    cuttable: DataSet, tmp_path: Path
) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle()))
    variant, kept = pictures.cut(cuttable, path)
    path.write_bytes(packed(kaggle(count=6)))
    with pytest.raises(DataError, match="too few"):
        pictures.cut(cuttable, path)
    assert pictures.load(cuttable, variant) == kept.path
    path.write_bytes(packed(kaggle() | {"train/cat.0.jpg": jpeg(seed=55)}))
    pictures.cut(cuttable, path)
    assert (kept.path / "train/cats/cat.0.jpg").read_bytes() == jpeg(seed=55)
    assert kept.path.with_name("small-own.altered").is_dir()


def test_a_set_that_is_not_cut_takes_no_archive(
    ready: tuple[DataSet, Variant], tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="not made from an archive of yours"):
        pictures.cut(ready[0], tmp_path)


def test_without_a_network_and_an_original_the_next_step_is_named(
    register: Callable[..., None],
) -> None:
    file = file_entry("original.zip", "original", ORIGINAL, f"{CLOSED}/original.zip")
    register(pets={"small": variant_entry(file, numbers=NUMBERS)})
    data_set = registry.data_set("pets")
    with pytest.raises(DataError, match="course data mirror DIR pets/small"):
        pictures.load(data_set, data_set.variants[0])
