"""Writing leaves a whole file or none, and says what went wrong."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from course.data import places
from course.errors import DataError

from .conftest import leftovers


def test_the_cache_is_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "x"))
    assert places.cache() == tmp_path / "x" / "data"


def test_without_the_variable_the_cache_is_in_the_home_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CNN_COURSE_CACHE")
    assert "cnn-course" in places.cache().parts


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_names_no_mirror(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CNN_COURSE_DATA", value)
    assert places.mirror() is None


def test_a_relative_mirror_is_taken_from_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNN_COURSE_DATA", "here")
    assert places.mirror() == tmp_path / "here"


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.bin"
    with places.whole_file(target) as part:
        part.write_bytes(b"half")
        assert not target.exists()
        part.write_bytes(b"whole")
    assert target.read_bytes() == b"whole"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError])
def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, interruption: type[BaseException]
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(interruption), places.whole_file(target) as part:
        _break_off(part, interruption())
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_an_interrupted_folder_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "set"
    with pytest.raises(KeyboardInterrupt), places.whole_folder(target) as part:
        _break_off(part / "a.jpg", KeyboardInterrupt())
    assert not target.exists()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_reported_with_the_file_and_the_way_out(tmp_path: Path, code: int) -> None:
    target = tmp_path / "a.bin"
    with (
        pytest.raises(DataError, match="disk is full") as caught,
        places.whole_file(target) as part,
    ):
        _break_off(part, OSError(code, os.strerror(code)))
    assert str(target) in str(caught.value)
    assert "CNN_COURSE_CACHE" in str(caught.value)
    assert not target.exists()
    assert leftovers(tmp_path) == []


def test_too_little_space_is_noticed_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1))
    with (
        pytest.raises(DataError, match=r"needs 11\.5 MB"),
        places.whole_file(tmp_path / "a.bin", 11_500_000),
    ):
        pytest.fail("the block must not be entered")


def test_other_errors_of_the_block_pass_through(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), places.whole_file(tmp_path / "a.bin"):
        raise ConnectionResetError(errno.ECONNRESET, "reset")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with (
        pytest.raises(DataError, match="may not be written"),
        places.whole_file(folder / "x" / "a.bin"),
    ):
        pytest.fail("the block must not be entered")


def test_a_forbidden_folder_is_reported_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with (
        pytest.raises(DataError, match=r"may not be written.*CNN_COURSE_CACHE"),
        places.whole_file(tmp_path / "x" / "a.bin"),
    ):
        pytest.fail("the block must not be entered")


def test_scratch_space_is_cleared_away(cache: Path) -> None:
    with places.scratch(1) as folder:
        (folder / "big").write_bytes(b"x")
    assert not folder.exists()


def test_two_scratch_folders_of_one_process_are_apart(cache: Path) -> None:
    with places.scratch(1) as first, places.scratch(1) as second:
        assert first != second
        # A killed process's folder is found by this name.
        assert sorted(leftovers(cache)) == sorted([first.name, second.name])
    assert leftovers(cache) == []


def test_moving_aside_keeps_what_was_there(tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "a.npz").write_text(content)
        moved = places.aside(tmp_path / "a.npz")
    assert moved.read_text() == "second"
    assert [path.name for path in tmp_path.glob("a*")] == ["a.npz.altered"]


def test_moving_a_folder_aside_replaces_an_earlier_one(tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "set").mkdir()
        (tmp_path / "set" / "a").write_text(content)
        moved = places.aside(tmp_path / "set")
    assert (moved / "a").read_text() == "second"


def test_a_second_process_waits_for_the_lock_and_says_so(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code = "from course.data import places\nwith places.lock('mnist'): print('got it', flush=True)"
    with places.lock("mnist"):
        other = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert other.stderr is not None
        said = other.stderr.readline()
        assert other.poll() is None
    out, _ = other.communicate(timeout=20)
    assert "another process is at it" in said
    assert out.strip() == "got it"


def test_a_lock_is_released_when_the_block_fails() -> None:
    with pytest.raises(ValueError, match="x"), places.lock("mnist"):
        raise ValueError("x")
    done = threading.Event()
    with places.lock("mnist"):
        done.set()
    assert done.is_set()


def test_what_a_killed_process_left_is_cleared_away_after_a_day(cache: Path) -> None:
    cache.mkdir(parents=True)
    old, new = cache / "mnist" / ".a.npz.1.part", cache / "mnist" / ".b.npz.2.part"
    folder = cache / ".small.3.part"
    old.parent.mkdir()
    folder.mkdir()
    for path in (old, new):
        path.write_text("half")
    for path in (old, folder):
        os.utime(path, (0, 0))
    with places.lock("mnist"):
        assert leftovers(cache) == [new.name]


def _break_off(path: Path, interruption: BaseException) -> None:
    """Write half a file, then fail."""
    path.write_bytes(b"ha")
    raise interruption
