"""Runs on disk: whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from course.errors import RunError
from course.runs import store
from course.storage import cache_folder

from .conftest import Model

RECORD = {**dict.fromkeys(store.FIELDS, 1), "name": "ch01/a", "seed": 0, "digest": "d"}


def kept() -> list[str]:
    return sorted(path.name for path in (cache_folder() / "runs").iterdir())


def test_a_run_that_was_kept_is_found() -> None:
    store.keep("k", RECORD, Model())
    assert store.find("k") == RECORD
    assert store.model_file("k").read_bytes() == b"whole"


def test_a_run_that_was_never_kept_is_not_found() -> None:
    assert store.find("k") is None


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")])
def test_keeping_that_is_interrupted_leaves_nothing(error: BaseException) -> None:
    with pytest.raises(type(error)):
        store.keep("k", RECORD, Model(error=error))
    assert store.find("k") is None
    assert kept() == []


def test_keeping_that_is_interrupted_leaves_the_old_run() -> None:
    store.keep("k", RECORD, Model())
    with pytest.raises(KeyboardInterrupt):
        store.keep("k", {**RECORD, "digest": "new"}, Model(error=KeyboardInterrupt()))
    assert store.find("k") == RECORD
    assert kept() == ["k"]


def test_a_full_disk_is_told_with_the_run_and_the_way_out() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(RunError) as raised:
        store.keep("k", RECORD, Model(error=full))
    message = str(raised.value)
    assert "'ch01/a' (seed 0) is trained but could not be kept" in message
    assert "the disk is full" in message
    assert "set CNN_COURSE_CACHE to another folder" in message
    assert kept() == []


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(RunError, match="could not be kept in"):
        store.keep("k", RECORD, Model())


@pytest.mark.parametrize(
    "content", ["", '{"name": "ch01', "\0\0\0", "[1]", "{}", '{"digest": "d"}']
)
def test_a_damaged_record_counts_as_no_run(content: str) -> None:
    store.keep("k", RECORD, Model())
    (store.model_file("k").parent / store.RECORD).write_text(content)
    assert store.find("k") is None
    store.keep("k", RECORD, Model())
    assert store.find("k") == RECORD


def test_a_record_without_its_model_counts_as_no_run() -> None:
    store.keep("k", RECORD, Model())
    store.model_file("k").unlink()
    assert store.find("k") is None


def test_names_belong_to_a_profile() -> None:
    store.name_runs("ch01/a", "cpu", ["k", "l"])
    assert store.keys_of("ch01/a", "cpu") == ["k", "l"]
    assert store.keys_of("ch01/a", "gpu") == []
    assert store.keys_of("ch01-a/b", "cpu") == []


def test_a_damaged_name_counts_as_no_run() -> None:
    store.name_runs("ch01/a", "cpu", ["k"])
    (cache_folder() / "runs" / "names" / "cpu" / "ch01--a.json").write_text("[")
    assert store.keys_of("ch01/a", "cpu") == []


def test_the_digest_of_a_name_needs_all_of_its_runs() -> None:
    store.name_runs("ch01/a", "cpu", ["k", "l"])
    store.keep("k", RECORD, Model())
    assert store.digest_of("ch01/a", "cpu") is None
    store.keep("l", RECORD, Model())
    assert store.digest_of("ch01/a", "cpu") == store.joined(["d", "d"])
    assert store.digest_of("ch01/b", "cpu") is None
