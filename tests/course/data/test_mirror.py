"""A mirror holds what another machine needs, and never overwrites."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from course.data import checksums, loading, mirror, pictures, places, registry
from course.errors import DataError

from .conftest import (
    NUMBERS,
    Server,
    digits,
    file_entry,
    kaggle,
    leftovers,
    microsoft,
    npz,
    packed,
    sha256,
    variant_entry,
)

WHOLE = npz(digits())
ORIGINAL = packed(microsoft())

Mirror = Callable[..., list[tuple[Path, bool]]]


@pytest.fixture
def known(register: Callable[..., None], server: Server) -> None:
    server.content |= {"/a.npz": WHOLE, "/original.zip": ORIGINAL}
    own = file_entry("own.zip", "pictures", None)
    small = [
        file_entry("original.zip", "original", ORIGINAL, f"{server.url}/original.zip"),
        file_entry("small.zip", "pictures", None),
    ]
    register(
        mnist={"original": variant_entry(file_entry("a.npz", "npz", WHOLE, f"{server.url}/a.npz"))},
        cats_and_dogs={
            "small": variant_entry(*small, numbers=NUMBERS),
            "small-own": variant_entry(own, numbers=NUMBERS),
        },
    )


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def write(known: None, out: Path) -> Mirror:
    def written(*names: str) -> list[tuple[Path, bool]]:
        sets = [registry.data_set(name) for name in names]
        items = [mirror.gather(found, v) for found in sets for v in mirror.choose(found)]
        return mirror.write(items, out)

    return written


def test_a_mirror_has_the_files_their_checksums_and_a_readme(write: Mirror, out: Path) -> None:
    assert write("mnist") == [(out / "a.npz", True)]
    assert (out / "a.npz").read_bytes() == WHOLE
    assert (out / "SHA256SUMS").read_text() == f"{sha256(WHOLE)}  a.npz\n"
    assert "## `a.npz`: MNIST (original)" in (out / "README.md").read_text()
    assert leftovers(out) == []


def test_another_machine_needs_nothing_but_the_mirror(
    write: Mirror, out: Path, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("mnist", "cats_and_dogs")
    server.content.clear()
    server.requests.clear()
    monkeypatch.setenv("CNN_COURSE_DATA", str(out))
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "other"))
    for path in out.iterdir():
        path.chmod(0o444)
    assert loading.load_arrays("mnist", None)[0].shape == (5, 28, 28)
    folder = loading.load_pictures("cats_and_dogs", None)
    assert loading.used("cats_and_dogs") == "small"
    assert len(checksums.pictures(folder)) == 14
    assert server.requests == []


def test_cut_pictures_are_packed_instead_of_the_large_original(write: Mirror, out: Path) -> None:
    write("cats_and_dogs")
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "SHA256SUMS", "small.zip"]


def test_the_same_pictures_are_always_packed_into_the_same_bytes(
    write: Mirror, out: Path, tmp_path: Path
) -> None:
    write("cats_and_dogs")
    first = (out / "small.zip").read_bytes()
    (out / "small.zip").unlink()
    write("cats_and_dogs")
    assert (out / "small.zip").read_bytes() == first


def test_ones_own_cut_can_be_mirrored(
    write: Mirror, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle()))
    data_set = registry.data_set("cats_and_dogs")
    _, kept = pictures.cut(data_set, path)
    write("cats_and_dogs")
    monkeypatch.setenv("CNN_COURSE_DATA", str(out))
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "other"))
    folder = loading.load_pictures("cats_and_dogs", None)
    assert loading.used("cats_and_dogs") == "small-own"
    assert checksums.of_folder(folder) == kept.checksum


def test_writing_again_changes_nothing(write: Mirror, out: Path) -> None:
    write("mnist", "cats_and_dogs")
    before = {path: path.read_bytes() for path in out.iterdir()}
    assert [written for _, written in write("mnist", "cats_and_dogs")] == [False, False]
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_a_mirror_grows_without_forgetting(write: Mirror, out: Path) -> None:
    write("cats_and_dogs")
    write("mnist")
    assert set(checksums.listed(out)) == {"a.npz", "small.zip"}
    assert "small.zip" in (out / "README.md").read_text()
    assert "a.npz" in (out / "README.md").read_text()


@pytest.mark.parametrize("name", ["a.npz", "small.zip"])
def test_a_differing_file_is_never_overwritten(write: Mirror, out: Path, name: str) -> None:
    out.mkdir()
    (out / name).write_bytes(b"mine")
    with pytest.raises(DataError, match=f"{name} is there already with other content"):
        write("mnist", "cats_and_dogs")
    assert (out / name).read_bytes() == b"mine"


def test_a_readme_of_somebody_else_is_never_overwritten(write: Mirror, out: Path) -> None:
    out.mkdir()
    (out / "README.md").write_text("# Mine")
    with pytest.raises(DataError, match="was not written by this command"):
        write("mnist")
    assert [path.name for path in out.iterdir()] == ["README.md"]


def test_other_files_in_the_folder_stay(write: Mirror, out: Path) -> None:
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "SHA256SUMS").write_text(f"{'0' * 64}  notes.txt\n")
    write("mnist")
    assert (out / "notes.txt").read_text() == "mine"
    assert checksums.listed(out) == {"notes.txt": "0" * 64, "a.npz": sha256(WHOLE)}


def test_a_full_disk_leaves_what_is_whole(
    write: Mirror, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("mnist")

    def fill(folder: Path, names: list[str], target: Path, prefix: str) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(mirror, "_zip", fill)
    with pytest.raises(DataError, match="disk is full"):
        write("mnist", "cats_and_dogs")
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "SHA256SUMS", "a.npz"]


def test_an_altered_source_is_not_mirrored(
    write: Mirror, out: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.npz").write_bytes(WHOLE[:-1])
    monkeypatch.setenv(places.MIRROR_VARIABLE, str(source))
    with pytest.raises(DataError, match="altered or incomplete"):
        write("mnist")
    assert not out.exists()
