"""Files that are whole or not there, and whose they are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.storage import BEGUN, PRIVATE, clear_begun, write_whole


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(params=[0o022, 0o027, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """One that this process has for the test."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_files_and_folders_have_the_rights_that_the_umask_leaves(
    umask: int, tmp_path: Path
) -> None:
    write_whole(tmp_path / "open" / "a.html", "text")
    write_whole(tmp_path / "closed" / "b.json", "text", folder=PRIVATE)
    assert rights(tmp_path / "open" / "a.html") == 0o666 & ~umask
    assert rights(tmp_path / "open") == 0o777 & ~umask
    assert rights(tmp_path / "closed") == 0o700


def test_a_folder_whose_owner_has_opened_it_stays_open(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o750)
    write_whole(tmp_path / "shared" / "a.json", "text", folder=PRIVATE)
    assert rights(tmp_path / "shared") == 0o750


def test_what_a_killed_write_has_left_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".env", ".gitignore", f"{BEGUN}.txt", f"mine{BEGUN}"):
        (tmp_path / name).write_text("mine")
    before = sorted(tmp_path.iterdir())

    def killed(self: Path, target: Path) -> Path:
        raise OSError(5, "killed")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        patched.setattr(Path, "unlink", lambda self, missing_ok=False: None)
        with pytest.raises(GraderError, match="killed"):
            write_whole(tmp_path / "scores.csv", "text")
    assert len(list(tmp_path.iterdir())) == len(before) + 1
    clear_begun(tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_not_there_has_nothing_to_clear(tmp_path: Path) -> None:
    clear_begun(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
