"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from course.errors import CourseError
from course.storage import cache_folder, write_text, written_whole


def fail_halfway(path: Path, error: BaseException) -> None:
    with written_whole(path) as temporary:
        temporary.write_text("half of the ne")
        raise error


def test_a_file_appears_with_the_folders_above_it(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b.txt", "ä")
    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8") == "ä"


def test_a_file_that_was_written_can_be_read_by_everybody(tmp_path: Path) -> None:
    write_text(tmp_path / "b.txt", "text")
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "b.txt"
    path.write_text("old")
    with pytest.raises(error):
        fail_halfway(path, error())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, r"The disk is full: .*b\.txt could not be written\. Free some space"),
        (errno.EACCES, r"b\.txt could not be written \(Permission denied\)\. Check the folder"),
    ],
)
def test_a_disk_that_fails_leaves_the_old_file_and_says_what_to_do(
    tmp_path: Path, number: int, message: str
) -> None:
    path = tmp_path / "b.txt"
    path.write_text("old")
    with pytest.raises(CourseError, match=message) as raised:
        fail_halfway(path, OSError(number, os.strerror(number)))
    assert str(raised.value).endswith("What was there before is unchanged.")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file where the folder should be")
    with pytest.raises(CourseError, match=r"could not be written"):
        write_text(tmp_path / "a" / "b.txt", "text")


def test_the_cache_is_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("CNN_COURSE_CACHE", "")
    assert cache_folder().name == "cnn-course"
