"""Packed runs arrive whole and checked, and it is said where they would not be found."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from course import fingerprint, runs
from course.data import loading, registry
from course.errors import DataError, RunError
from course.runs import fetch, models, packs, store
from course.storage import cache_folder

from .conftest import Model, notebook, packed, record

KEYS = ["a" * 64, "b" * 64]
NAME = "ch07/published"


@pytest.fixture(autouse=True)
def any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are bytes here; another file tests how they are looked into."""
    monkeypatch.setattr(models, "check", lambda path: None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> packs.Pack:
    """Two runs in the folder `packs`; the store of this machine is empty."""
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "author"))
    for seed, key in enumerate(KEYS):
        store.keep(key, record(seed), Model())
    made = packed(tmp_path / "packs", NAME, KEYS)
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "cache"))
    return made


@pytest.fixture
def place(tmp_path: Path, pack: packs.Pack) -> fetch.Place:
    return fetch.place(str(tmp_path / "packs"))


@contextlib.contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site(tmp_path: Path, pack: packs.Pack) -> Iterator[str]:
    """The address of a server that offers the folder."""
    with served(partial(Quiet, directory=str(tmp_path / "packs"))) as address:
        yield address


def kept() -> list[str]:
    """Everything in the cache but the lock."""
    files = (p.relative_to(cache_folder()) for p in cache_folder().rglob("*") if p.is_file())
    return sorted(str(path) for path in files if path.suffix != ".lock")


# Where packs are looked for.


def test_without_any_place_it_is_said_that_nothing_is_published_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch, "_published", lambda: "")
    with pytest.raises(RunError) as caught:
        fetch.place(None)
    for words in ("published for this course yet", "--from FOLDER", "CNN_COURSE_RUNS", "run the"):
        assert words in str(caught.value)


def test_what_the_user_says_goes_before_the_variable_and_that_before_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["Homepage, https://other.example", f"Runs, https://runs.example/v1#sha256={'0' * 64}"]
    listed = importlib.metadata.metadata("pytest")
    monkeypatch.setattr(type(listed), "get_all", lambda *_: lines)
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: listed)
    assert fetch.place(None) == fetch.Place("https://runs.example/v1", "0" * 64)
    monkeypatch.setenv("CNN_COURSE_RUNS", "https://school.example/runs/")
    assert fetch.place(None).file("x.zip") == "https://school.example/runs/x.zip"
    assert fetch.place(str(tmp_path)) == fetch.Place(str(tmp_path))


def test_an_installed_package_without_an_address_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", absent)
    with pytest.raises(RunError, match="published for this course yet"):
        fetch.place(None)


@pytest.mark.parametrize("said", ["no-such-folder", "file:///etc", "ftp://x.example/y"])
def test_what_is_no_folder_and_no_web_address_is_refused(said: str) -> None:
    with pytest.raises(RunError, match="is no folder, and no address"):
        fetch.place(said)


def test_a_checksum_that_is_none_is_refused() -> None:
    with pytest.raises(RunError, match="ends in no checksum"):
        fetch.place("https://x.example/y#sha256=abc")


def test_an_index_other_than_the_pinned_one_is_not_read(tmp_path: Path, pack: packs.Pack) -> None:
    right = hashlib.sha256((tmp_path / "packs" / packs.INDEX).read_bytes()).hexdigest()
    assert fetch.index(fetch.Place(str(tmp_path / "packs"), right)) == [pack]
    with pytest.raises(RunError, match="is not the index that was published; nothing was fetched"):
        fetch.index(fetch.Place(str(tmp_path / "packs"), "0" * 64))


def test_a_folder_without_an_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"cannot be read .* `course runs pack` wrote"):
        fetch.index(fetch.place(str(tmp_path)))


# What arrives.


@pytest.mark.parametrize("remote", [False, True])
def test_fetched_runs_are_there_by_key_and_by_name(
    pack: packs.Pack, place: fetch.Place, site: str, remote: bool
) -> None:
    source = fetch.place(site) if remote else place
    (offered,) = fetch.chosen(fetch.index(source), (NAME,), "cpu")
    assert not fetch.is_here(offered)
    assert fetch.fetch(offered, source)
    assert fetch.is_here(offered)
    found = runs.load(NAME)
    assert [run.seed for run in found] == [0, 1]
    assert store.model_file(found[0].key).read_bytes() == b"whole"
    assert len(kept()) == 5  # two records, two models, the name


def test_a_notebook_finds_a_fetched_run_and_does_not_train(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = tmp_path / "trained.txt"
    cells = (
        "WIDTH = 3",
        "class Model:\n    def get_weights(self):\n        return [np.ones(WIDTH)]\n\n"
        "    def count_params(self):\n        return WIDTH\n\n"
        "    def save(self, path):\n        path.write_bytes(b'weights')",
        f"def train(seed):\n    with open({str(trained)!r}, 'a') as file:\n"
        "        file.write(str(seed))\n    return Model(), {'loss': [1.0]}, {'score': 0.5}",
    )

    def opened(machine: str, *cells: str) -> str:
        """Run the notebook on a machine; the seeds that it trained."""
        monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / machine))
        trained.write_text("")
        runs.repeat(notebook(*cells)["train"], name=NAME, seeds=(0, 1))
        return trained.read_text()

    assert opened("author", *cells) == "01"
    made = packed(tmp_path / "packs", NAME, store.keys_of(NAME, "cpu"))
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "student"))
    fetch.fetch(made, fetch.place(str(tmp_path / "packs")))
    assert opened("student", *cells) == ""
    assert opened("without", *cells) == "01"
    assert opened("student", "WIDTH = 4", *cells[1:]) == "01"  # never silently another run


def test_runs_of_ones_own_keep_their_name(pack: packs.Pack, place: fetch.Place) -> None:
    store.keep("c" * 64, record(7), Model())
    store.name_runs(NAME, "cpu", ["c" * 64])
    assert not fetch.fetch(pack, place)
    assert fetch.is_here(pack)
    assert [run.seed for run in runs.load(NAME)] == [7]


def test_what_is_here_is_not_fetched_again(
    pack: packs.Pack, place: fetch.Place, tmp_path: Path
) -> None:
    fetch.fetch(pack, place)
    (tmp_path / "packs" / pack.file).unlink()
    assert fetch.fetch(pack, place)


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize("damage", ["changed", "truncated", "longer"])
def test_a_file_with_another_checksum_is_never_opened(
    pack: packs.Pack,
    place: fetch.Place,
    site: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
    remote: bool,
) -> None:
    path = tmp_path / "packs" / pack.file
    content = path.read_bytes()
    changes = {"changed": b"X" + content[1:], "truncated": content[:-9], "longer": content + b"X"}
    path.write_bytes(changes[damage])
    monkeypatch.setattr("zipfile.ZipFile", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(RunError, match=r"another file|arrive|as large"):
        fetch.fetch(pack, fetch.place(site) if remote else place)
    assert kept() == []


def test_a_file_that_is_missing_is_told(pack: packs.Pack, place: fetch.Place, site: str) -> None:
    Path(place.file(pack.file)).unlink()
    with pytest.raises(RunError, match="is in the index and not in the folder"):
        fetch.fetch(pack, place)
    with pytest.raises(RunError, match="404"):
        fetch.fetch(pack, fetch.place(site))
    assert kept() == []


def test_a_server_that_sends_without_end_is_left(pack: packs.Pack) -> None:
    sent: list[int] = []

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while sum(sent) < 200_000_000:
                    sent.append(self.wfile.write(bytes(100_000)))

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with served(Endless) as address:
        with pytest.raises(RunError, match=r"more than .* arrive"):
            fetch.fetch(pack, fetch.place(address))
        with pytest.raises(RunError, match=r"more than 5\.0 MB arrive"):
            fetch.index(fetch.place(address))
    assert sum(sent) < 100_000_000
    assert kept() == []


def test_no_connection_is_told_with_the_way_out() -> None:
    with pytest.raises(RunError, match=r"no connection to 127\.0\.0\.1:9.*--from FOLDER"):
        fetch.index(fetch.place("http://127.0.0.1:9"))


def test_ctrl_c_in_the_middle_leaves_nothing(
    pack: packs.Pack, place: fetch.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(models, "check", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch.fetch(pack, place)
    assert kept() == []


def test_a_disk_without_space_is_noticed_before_anything_is_written(
    pack: packs.Pack, place: fetch.Place
) -> None:
    large = packs.Pack(**{**vars(pack), "bytes": packs.LARGEST * 10**6})
    with pytest.raises(DataError, match="disk is full"):
        fetch.fetch(large, place)
    assert kept() == []


def test_of_two_profiles_ones_own_is_taken(pack: packs.Pack) -> None:
    other = packs.Pack(**{**vars(pack), "profile": "gpu"})
    assert fetch.chosen([pack, other], (NAME,), "gpu") == [other]
    assert fetch.chosen([other, pack], (NAME,), "cpu") == [pack]
    assert fetch.chosen([other], ("ch07",), "cpu") == [other]


# In what this machine differs.


def made_with(pack: packs.Pack, **made: Any) -> packs.Pack:
    return packs.Pack(**{**vars(pack), "made": packs.Made(**{**vars(pack.made), **made})})


def test_where_nothing_differs_nothing_is_said(pack: packs.Pack) -> None:
    assert list(fetch.differences(pack, None)) == []


def test_a_patch_release_is_no_difference(pack: packs.Pack) -> None:
    minor = ".".join(importlib.metadata.version("numpy").split(".")[:2])
    libraries = {"numpy": {"distribution": "numpy", "version": f"{minor}.99"}}
    assert list(fetch.differences(made_with(pack, libraries=libraries), None)) == []


def test_another_version_of_a_library_is_named_with_the_command_that_installs_it(
    pack: packs.Pack,
) -> None:
    libraries = {
        "numpy": {"distribution": "numpy", "version": "1.2.3"},
        "absent": {"distribution": "no-such-library", "version": "4.5"},
    }
    first, second = fetch.differences(made_with(pack, libraries=libraries), None)
    assert first.startswith("numpy: 1.2.3 there, ")
    assert "python -m pip install 'numpy==1.2.*'" in first
    assert (
        second == "no-such-library: 4.5 there, not installed here. Run the notebook's first cell."
    )


def test_another_profile_is_named(pack: packs.Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROFILE", "gpu")
    (difference,) = fetch.differences(pack, None)
    assert "Set COURSE_PROFILE to cpu." in difference


def test_another_variant_or_content_of_a_data_set_is_named(
    pack: packs.Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    checksum = registry.checksum("mnist", "original")
    used = {"name": "mnist", "variant": "original", "checksum": checksum}
    assert list(fetch.differences(made_with(pack, data=[used]), None)) == []
    (content,) = fetch.differences(made_with(pack, data=[{**used, "checksum": "other"}]), None)
    assert "other contents" in content
    (gone,) = fetch.differences(made_with(pack, data=[{**used, "name": "letters"}]), None)
    assert gone.startswith("the data letters: ")
    jpeg = {"name": "cifar10", "variant": "jpeg", "checksum": registry.checksum("cifar10", "jpeg")}
    original = registry.data_set("cifar10").variant("original")
    monkeypatch.setattr(loading, "choose", lambda data_set, name: original)
    (variant,) = fetch.differences(made_with(pack, data=[jpeg]), None)
    assert "the variant jpeg there, original here" in variant


def test_another_version_of_the_package_is_named(pack: packs.Pack) -> None:
    root = Path(fingerprint.__file__).parents[1]
    now = fingerprint.reached({fingerprint.Use("course.runs", "spread")}, root)
    assert list(fetch.differences(made_with(pack, definitions=now), None)) == []
    other = {**now, "course.runs.spread": "0" * 64, "course.gone.away": "0" * 64}
    (difference,) = fetch.differences(made_with(pack, definitions=other), None)
    assert "course.runs.spread, course.gone.away. It is another version; download" in difference


def test_a_notebook_is_compared_cell_by_cell(pack: packs.Pack, tmp_path: Path) -> None:
    sources = ["x = 1", "y = 2  # a comment"]
    own = tmp_path / "07-cifar10.ipynb"

    def write(*cells: str) -> None:
        code = [{"cell_type": "code", "source": [cell]} for cell in ("# install", *cells)]
        own.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "#"}, *code]}))

    made = made_with(pack, cells=[fingerprint.cell_meaning(source) for source in sources])
    write("x = 1", "y = 2")
    assert list(fetch.differences(made, own)) == []
    write("x = 3", "y = 2")
    (difference,) = fetch.differences(made, own)
    assert "07-cifar10.ipynb: 1 of the chapter's 2 code cells are not in it" in difference
    own.write_text("{")
    with pytest.raises(RunError, match="is no notebook that can be read"):
        list(fetch.differences(made, own))
