"""A variant's file comes from the mirror, the cache or the network, and is always verified."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from course.data import checksums, files, registry
from course.errors import DataError

from .conftest import CLOSED, Server, digits, file_entry, npz, sha256, variant_entry

WHOLE = npz(digits())
REMADE = npz(digits(), packed=True)

Obtain = Callable[[], files.Found]


@pytest.fixture
def listed(register: Callable[..., None], server: Server) -> Obtain:
    """A data set that the server offers; a mirror may have a re-made container of it."""
    server.content["/a.npz"] = WHOLE
    register(
        mnist={
            "original": variant_entry(
                file_entry("a.npz", "npz", WHOLE, f"{server.url}/a.npz"),
                file_entry("a.npz", "npz", REMADE),
            )
        }
    )
    return _obtain


@pytest.fixture
def unreachable(register: Callable[..., None]) -> Obtain:
    register(
        mnist={"original": variant_entry(file_entry("a.npz", "npz", WHOLE, f"{CLOSED}/a.npz"))}
    )
    return _obtain


def _obtain() -> files.Found:
    data_set = registry.data_set("mnist")
    return files.obtain(data_set, data_set.variants[0])


def test_the_mirror_comes_first(listed: Obtain, mirror: Path, cache: Path, server: Server) -> None:
    (cache / "mnist").mkdir(parents=True)
    (cache / "mnist" / "a.npz").write_bytes(WHOLE)
    (mirror / "a.npz").write_bytes(WHOLE)
    assert listed().path == mirror / "a.npz"
    assert server.requests == []


def test_the_cache_comes_before_the_network(listed: Obtain, cache: Path, server: Server) -> None:
    (cache / "mnist").mkdir(parents=True)
    (cache / "mnist" / "a.npz").write_bytes(WHOLE)
    assert listed().path == cache / "mnist" / "a.npz"
    assert server.requests == []


def test_the_network_fills_the_cache_once(listed: Obtain, cache: Path, server: Server) -> None:
    assert listed().path == listed().path == cache / "mnist" / "a.npz"
    assert server.requests == ["/a.npz"]


def test_a_mirror_without_the_file_leaves_it_to_the_network(
    listed: Obtain, mirror: Path, cache: Path
) -> None:
    assert listed().path == cache / "mnist" / "a.npz"
    assert list(mirror.iterdir()) == []


def test_any_listed_container_of_the_same_name_is_accepted(listed: Obtain, mirror: Path) -> None:
    (mirror / "a.npz").write_bytes(REMADE)
    assert listed().sha256 == sha256(REMADE)


@pytest.mark.parametrize("content", [WHOLE[:-100], WHOLE[:-1] + b"\0\0", b""])
def test_an_altered_file_of_the_mirror_is_reported_and_left_alone(
    listed: Obtain, mirror: Path, server: Server, content: bytes
) -> None:
    path = mirror / "a.npz"
    path.write_bytes(content)
    path.chmod(0o444)
    mirror.chmod(0o555)
    try:
        with pytest.raises(DataError, match="altered or incomplete") as caught:
            listed()
    finally:
        mirror.chmod(0o755)
    assert str(path) in str(caught.value)
    assert "unset CNN_COURSE_DATA" in str(caught.value)
    assert path.read_bytes() == content
    assert [entry.name for entry in mirror.iterdir()] == ["a.npz"]
    assert server.requests == []


def test_a_truncated_file_of_the_cache_is_moved_aside_and_fetched_anew(
    listed: Obtain, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = listed().path
    path.write_bytes(WHOLE[:1000])
    assert listed().path.read_bytes() == WHOLE
    assert (cache / "mnist" / "a.npz.altered").read_bytes() == WHOLE[:1000]
    assert "altered or incomplete; moved to a.npz.altered" in capsys.readouterr().err


def test_an_altered_file_of_the_cache_that_cannot_be_fetched_is_not_lost(
    unreachable: Obtain, cache: Path
) -> None:
    path = cache / "mnist" / "a.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"altered")
    with pytest.raises(DataError, match=r"moved to a\.npz\.altered"):
        unreachable()
    assert path.with_name("a.npz.altered").read_bytes() == b"altered"


def test_the_error_lists_every_place_that_was_tried_and_what_to_do(
    unreachable: Obtain, mirror: Path, cache: Path
) -> None:
    with pytest.raises(DataError) as caught:
        unreachable()
    text = str(caught.value)
    assert f"CNN_COURSE_DATA={mirror}: it has no a.npz" in text
    assert f"the cache {cache / 'mnist'}: it has no a.npz" in text
    assert "no connection to 127.0.0.1:9" in text
    assert "course data fetch mnist/original" in text
    assert "course data mirror DIR mnist/original" in text


def test_a_mirror_that_does_not_exist_is_said_so(
    unreachable: Obtain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_COURSE_DATA", "/nowhere/at/all")
    with pytest.raises(DataError, match="/nowhere/at/all: there is no such folder"):
        unreachable()


def test_without_a_mirror_the_error_says_that_none_is_set(unreachable: Obtain) -> None:
    with pytest.raises(DataError, match="CNN_COURSE_DATA is not set"):
        unreachable()


def test_a_variant_without_an_address_is_said_to_come_from_a_mirror(
    register: Callable[..., None],
) -> None:
    register(mnist={"original": variant_entry(file_entry("a.npz", "npz", WHOLE))})
    with pytest.raises(DataError, match="comes from a mirror only"):
        _obtain()


def test_a_verified_file_is_not_read_again(listed: Obtain, monkeypatch: pytest.MonkeyPatch) -> None:
    listed()
    monkeypatch.setattr(checksums, "of_file", lambda path: pytest.fail(f"read {path}"))
    listed()


def test_a_changed_time_has_the_file_read_again(listed: Obtain) -> None:
    path = listed().path
    path.write_bytes(WHOLE[:-1] + b"x")
    os.utime(path, (0, 0))
    assert listed().path.read_bytes() == WHOLE


def test_a_broken_stamp_is_ignored(listed: Obtain, cache: Path) -> None:
    listed()
    for content in ("{", "[]", "{}", '{"facts": [1]}'):
        for stamp in (cache / "stamps").iterdir():
            stamp.write_text(content)
        assert listed().path.read_bytes() == WHOLE


def test_a_mirror_can_be_read_where_the_cache_cannot_be_written(
    listed: Obtain, mirror: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "file"))
    (mirror / "a.npz").write_bytes(WHOLE)
    assert listed().path == mirror / "a.npz"


def test_a_file_without_a_listed_checksum_is_verified_by_the_mirrors_list(
    register: Callable[..., None], mirror: Path
) -> None:
    register(mnist={"own": variant_entry(file_entry("own.npz", "npz", None))})
    (mirror / "own.npz").write_bytes(WHOLE)
    (mirror / "SHA256SUMS").write_text(f"{sha256(WHOLE)}  own.npz\n")
    assert _obtain().sha256 == sha256(WHOLE)
    (mirror / "own.npz").write_bytes(REMADE)
    with pytest.raises(DataError, match="altered or incomplete"):
        _obtain()


def test_a_file_without_any_checksum_is_refused(
    register: Callable[..., None], mirror: Path
) -> None:
    register(mnist={"own": variant_entry(file_entry("own.npz", "npz", None))})
    (mirror / "own.npz").write_bytes(WHOLE)
    with pytest.raises(DataError, match=r"has no line in .*SHA256SUMS"):
        _obtain()


def test_an_unreadable_file_is_named(
    listed: Obtain, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mirror / "a.npz").write_bytes(WHOLE)

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(checksums, "of_file", refuse)
    with pytest.raises(DataError, match=r"a\.npz cannot be read \(Permission denied\)"):
        listed()
