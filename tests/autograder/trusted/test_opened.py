"""Files that a library in C opens are looked at as those that Python opens."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from autograder.settings import MODES, Settings
from autograder.trusted import opened
from autograder.trusted.opened import Opened
from autograder.trusted.paths import BLIND, UNSEEN, Paths
from tests.autograder.bundles import bundle, exceptions, notebook

EXERCISE = """\
schema = 1
[limits]
seconds = 90
cell_seconds = 30
case_seconds = 60
memory_mb = 3000
[files]
student = ["given.h5"]
"""
LIBRARY = ctypes.CDLL(None)


def in_c(path: str) -> None:
    """Open a file as a library in C does."""
    os.close(LIBRARY.open(os.fsencode(path), os.O_RDONLY))


def in_hdf5(path: str) -> None:
    """Open a file with h5py."""
    h5py.File(path).close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with hidden files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for name in ("hidden.h5", "data/hidden.h5", "given.h5"):
        with h5py.File(name, "w") as file:
            file["x"] = 7
    return tmp_path


def watching(*texts: str) -> Paths:
    """In a case, after the notebook has said some texts."""
    paths = Paths(["given.h5", "given.db"])
    paths.watch([".", "missing"])
    paths.heard(list(texts))
    paths.begin()
    return paths


@pytest.mark.parametrize("opens", [in_c, in_hdf5, h5py.is_hdf5], ids=["C", "h5py", "asks"])
@pytest.mark.parametrize("path", ["hidden.h5", "data/hidden.h5", "data/../hidden.h5"])
def test_one_that_the_notebook_has_named_is_noticed(
    here: Path, opens: Callable[[str], object], path: str
) -> None:
    for named in (path, str(here / path)):
        paths = watching(named)
        assert not paths.look()
        opens(named)
        assert paths.look() == UNSEEN
        assert paths.end() == UNSEEN
        assert not paths.watching
        paths.begin()
        assert not paths.look()


@pytest.mark.usefixtures("here")
def test_others_are_not() -> None:
    paths = watching("given.h5", "total")
    for path in ("hidden.h5", "given.h5", "data/hidden.h5"):
        in_hdf5(path)
    list(Path().iterdir())
    assert not paths.end()
    # Between two cases it is not the tests that open something.
    paths.heard("hidden.h5")
    in_c("hidden.h5")
    paths.begin()
    assert not paths.end()


@pytest.mark.usefixtures("here")
def test_what_the_notebook_says_later_had_not_led_to_it() -> None:
    paths = watching("total")
    in_c("hidden.h5")
    paths.heard("hidden.h5")
    assert not paths.look()
    in_c("hidden.h5")
    assert paths.end() == UNSEEN


@pytest.mark.usefixtures("here")
def test_a_given_file_that_the_notebook_has_changed_is_noticed() -> None:
    paths = watching()
    in_c("given.h5")
    assert not paths.look()
    paths.told(["given.h5"])
    in_c("given.h5")
    assert paths.end() == UNSEEN


@pytest.mark.usefixtures("here")
def test_so_is_one_that_is_named_by_a_number() -> None:
    with open("hidden.h5") as file:
        paths = watching(f"/proc/self/fd/{file.fileno()}")
        in_c(f"/proc/self/fd/{file.fileno()}")
        assert paths.end() == UNSEEN


@pytest.mark.usefixtures("here")
def test_what_sqlite_lays_beside_a_given_database_is_the_databases() -> None:
    database = sqlite3.connect("given.db")
    paths = watching("given.db")
    with database:
        database.execute("create table t (x)")
    database.close()
    assert not paths.end()


@pytest.mark.usefixtures("here")
def test_where_the_kernel_has_no_room_nothing_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(opened, "checked", full)
    assert watching().end() == BLIND


@pytest.mark.usefixtures("here")
def test_where_it_forgets_nothing_is_believed() -> None:
    paths = watching()
    assert paths.kernel is not None
    os.close(paths.kernel.fd)
    assert paths.end() == BLIND
    kernel = Opened(["."])
    for _ in range(int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())):
        # The kernel joins what is the same twice in a row.
        in_c("hidden.h5")
        in_c("given.h5")
    assert kernel.paths() is None
    os.close(kernel.fd)


def graded(folder: Path, mode: str, tests: dict[str, str], *cells: str) -> dict[str, Question]:
    """The questions of a notebook, in a bundle with three files of which two are hidden."""
    made = bundle(folder / "bundle", tests, exercise=EXERCISE)
    for name, value in (("hidden.h5", 7), ("other.h5", 9), ("given.h5", 5)):
        with h5py.File(made / "files" / name, "w") as file:
            file["x"] = value
    path = notebook(folder / "hw.ipynb", ["import otter\ngrader = otter.Notebook()", *cells])
    found = grade(open_bundle(made, folder / "opened"), path, Settings(mode=mode))
    assert found.questions, found.reason
    return {question.name: question for question in found.questions}


def case(body: str, name: str) -> str:
    """A test file of one public case."""
    lines = body.replace("\n", "\n    ")
    return f"@test_case(points=1)\ndef test_it({name}):\n    import h5py\n    {lines}\n"


WITH_H5PY = {
    "file": "with h5py.File(saved) as f:\n    assert f['x'][()] == 7",
    "low": "assert h5py.h5f.open(saved.encode(), h5py.h5f.ACC_RDONLY).valid",
    "asks": "assert h5py.is_hdf5(saved)",
    "absolute": "assert h5py.is_hdf5('/files/' + saved)",
    "told": "with h5py.File(saved) as f:\n    assert False, f'It holds {f[\"x\"][()] + 1000}'",
    "caught": "try:\n    keep(int(h5py.File(saved)['x'][()]))\nexcept BaseException:\n    pass",
    "kept": "assert kept == []",
    "own": "with h5py.File('other.h5') as f:\n    assert f['x'][()] == 9",
    "given": "with h5py.File(open_) as f:\n    assert f['x'][()] == 5",
}
NAMES = {"caught": "saved, keep", "kept": "kept", "own": "", "given": "open_"}


@pytest.mark.parametrize("mode", MODES)
def test_a_hidden_file_that_the_notebook_names_makes_no_points(tmp_path: Path, mode: str) -> None:
    tests = {
        name: exceptions(name, case(body, NAMES.get(name, "saved")))
        for name, body in WITH_H5PY.items()
    }
    found = graded(
        tmp_path,
        mode,
        tests,
        "saved, open_, kept = 'hidden.h5', 'given.h5', []\ndef keep(x):\n    kept.append(x)",
        *(f"grader.check({name!r})" for name in WITH_H5PY),
    )
    for name in ("file", "low", "asks", "told", "caught"):
        assert (found[name].score, found[name].reason) == (0, UNSEEN), found[name]
    assert found["absolute"].score == 0
    assert found["absolute"].reason == UNSEEN or mode == "warm"
    assert "1007" not in found["told"].cases[0].message
    for name in ("kept", "own", "given"):
        assert (found[name].score, found[name].reason) == (1, ""), found[name]


WITH_TENSORFLOW = {
    "read": "assert len(tf.io.read_file(saved).numpy()) > 9",
    "mapped": "data = tf.data.Dataset.from_tensor_slices([saved]).map(tf.io.read_file)\n"
    "assert len(next(iter(data)).numpy()) > 9",
    "lines": "assert len(list(tf.data.TextLineDataset(saved))) > 0",
    "gfile": "with tf.io.gfile.GFile(saved, 'rb') as f:\n    assert len(f.read()) > 9",
    "given": "assert len(tf.io.read_file('given.h5').numpy()) > 9",
}


@pytest.mark.slow
def test_tensorflow_opens_none_in_silence(tmp_path: Path) -> None:
    tests = {
        name: exceptions(name, case(f"import tensorflow as tf\n{body}", "saved"))
        for name, body in WITH_TENSORFLOW.items()
    }
    checks = (f"grader.check({name!r})" for name in WITH_TENSORFLOW)
    found = graded(tmp_path, "cold", tests, "saved = 'hidden.h5'", *checks)
    for name in ("read", "mapped", "lines", "gfile"):
        assert (found[name].score, found[name].reason) == (0, UNSEEN), found[name]
    assert (found["given"].score, found["given"].reason) == (1, "")
