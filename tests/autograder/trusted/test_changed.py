"""Which files differ from those that the notebook's functions find."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.trusted.changed import MOST, Changed

HEARD: list[Changed] = []


def heard(event: str, arguments: tuple[object, ...]) -> None:
    """Python's audit: a hook stays, so there is one for all tests."""
    for changed in HEARD:
        changed.audited(event, arguments)


sys.addaudithook(heard)


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Changed]:
    """In a working folder with files, beside a folder for temporary ones."""
    for folder in ("work/data", "temporary", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "work" / "given.txt").write_text("given")
    (tmp_path / "work" / "data" / "part.txt").write_text("part")
    sqlite3.connect(tmp_path / "work" / "given.db").execute("create table a (b)").connection.close()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    found = Changed()
    HEARD.append(found)
    yield found
    HEARD.remove(found)


def in_a_database() -> None:
    database = sqlite3.connect("given.db")
    database.execute("insert into a values (1)")
    database.commit()
    database.close()


def given_another_name() -> None:
    Path("new.txt").write_text("new")
    os.rename("new.txt", "given.txt")  # noqa: PTH104 - as tests do


CHANGES: dict[str, tuple[Callable[[], object], str]] = {
    "written": (lambda: Path("made.txt").write_text("x"), "made.txt"),
    "empty": (lambda: Path("made.txt").touch(), "made.txt"),
    "over": (lambda: Path("given.txt").write_text("given"), "given.txt"),
    "more": (lambda: os.truncate("given.txt", 2), "given.txt"),
    "folder": (lambda: os.makedirs("a/b"), "a"),  # noqa: PTH103 - as tests do
    "removed": (lambda: Path("given.txt").unlink(), "given.txt"),
    "tree": (lambda: shutil.rmtree("data"), "data"),
    "renamed": (given_another_name, "given.txt"),
    "copied": (lambda: shutil.copy("given.txt", "data/copy.txt"), "data/copy.txt"),
    "linked": (lambda: Path("link").symlink_to("given.txt"), "link"),
    "rights": (lambda: Path("given.txt").chmod(0o600), "given.txt"),
    "database": (in_a_database, "given.db"),
    "new database": (lambda: sqlite3.connect("new.db").close(), "new.db"),
    "mkstemp": (tempfile.mkstemp, "a temporary file"),
    "mkdtemp": (tempfile.mkdtemp, "a temporary file"),
    "elsewhere": (lambda: os.chdir("data"), "the working folder"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_test_makes_or_changes_is_named(name: str, changed: Changed) -> None:
    change, named = CHANGES[name]
    assert changed.found() == ""
    change()
    assert changed.found() == named


def made_and_removed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.txt").write_text("x")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("x")


def cached() -> None:
    for folder in ("__pycache__", "data/__pycache__"):
        Path(folder).mkdir()
        Path(folder, "x.pyc").write_text("x")
    tempfile.mkdtemp(prefix="matplotlib-")


def asked() -> None:
    database = sqlite3.connect("given.db")
    database.execute("select * from a").fetchall()
    database.close()


SAME: dict[str, Callable[[], object]] = {
    "read": lambda: Path("given.txt").read_text(),
    "listed": lambda: list(Path().iterdir()),
    "asked": asked,
    "in memory": lambda: sqlite3.connect(":memory:").execute("create table a (b)"),
    "gone again": made_and_removed,
    "caches": cached,
    "other folders": lambda: Path("../elsewhere/made.txt").write_text("x"),
    "without a name": lambda: tempfile.TemporaryFile().close(),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_as_it_was_does_not_count(name: str, changed: Changed) -> None:
    SAME[name]()
    assert changed.found() == ""


def test_what_libraries_open_without_python_counts(changed: Changed) -> None:
    HEARD.clear()
    try:
        Path("made.bin").write_text("x")
        changed.opened(["given.txt", "data", "data/part.txt", "../elsewhere", "/etc/passwd"])
        assert changed.found() == ""
        changed.opened(["made.bin"])
        assert changed.found() == "made.bin"
    finally:
        HEARD.append(changed)


def test_more_than_is_kept_in_mind_counts(changed: Changed) -> None:
    for number in range(MOST + 1):
        changed.note(f"{changed.home}/{number}", None)
    assert changed.found() == "many files"
