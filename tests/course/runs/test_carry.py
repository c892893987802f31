"""Runs that travel with the course arrive whole, and nothing else gets in."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from course import runs
from course.errors import RunError
from course.runs import carry, store

KEYS = ["a" * 64, "b" * 64]


def record(seed: int) -> dict[str, object]:
    """A finished run as the store keeps it."""
    return {
        "name": "ch01/cnn",
        "seed": seed,
        "history": {"loss": [1.0, 0.5]},
        "scores": {"test accuracy": 0.9 + seed / 100},
        "parameters": 10,
        "seconds": 1.0,
        "cpu_seconds": 2.0,
        "digest": f"{seed}" * 64,
    }


def carried(path: Path, extra: str | None = None, keys: list[str] = KEYS) -> Path:
    """A carried file with two runs, and perhaps something that does not belong."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(carry.INDEX, json.dumps(keys))
        for seed, key in enumerate(keys):
            archive.writestr(f"{key}/{store.RECORD}", json.dumps(record(seed)))
            archive.writestr(f"{key}/{store.MODEL}", b"weights")
        if extra:
            archive.writestr(extra, "x")
    return path


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a run store of its own, and no site."""
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(carry.SITE, raising=False)
    monkeypatch.delenv(carry.RUNS, raising=False)
    monkeypatch.setattr(carry, "HERE", tmp_path / "models")
    (tmp_path / "models").mkdir()


def test_a_later_chapter_finds_carried_runs_that_were_never_trained_here(tmp_path: Path) -> None:
    carried(tmp_path / "models" / "ch01--cnn.zip")

    found = runs.load("ch01/cnn")

    assert [run.seed for run in found] == [0, 1]
    assert store.model_file(KEYS[0]).read_bytes() == b"weights"


def test_the_digest_of_carried_runs_is_the_one_that_outputs_record(tmp_path: Path) -> None:
    carried(tmp_path / "models" / "ch01--cnn.zip")
    expected = carry.digest_of("ch01/cnn", carry.HERE)

    runs.load("ch01/cnn")

    assert store.digest_of("ch01/cnn", "cpu") == expected
    assert carry.digest_of("ch01/dense", carry.HERE) is None


@pytest.mark.parametrize("extra", ["../outside.txt", "/etc/passwd", "c/run.json"])
def test_a_file_with_anything_else_in_it_is_refused(tmp_path: Path, extra: str) -> None:
    carried(tmp_path / "models" / "ch01--cnn.zip", extra)

    with pytest.raises(RunError, match="no file of carried runs"):
        runs.load("ch01/cnn")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("entry", [carry.INDEX, f"{KEYS[0]}/{store.RECORD}"])
def test_nothing_is_decompressed_before_sizes_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    path = tmp_path / "models" / "ch01--cnn.zip"
    contents = {carry.INDEX: json.dumps(KEYS).encode()} | {
        f"{key}/{part}": json.dumps(record(0)).encode()
        for key in KEYS
        for part in (store.RECORD, store.MODEL)
    }
    contents[entry] += b" " * (20 * carry.LARGEST)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it is decompressed"))

    for read in (lambda: carry.keys_in(path), lambda: carry.unpack(path, "ch01/cnn", "cpu")):
        with pytest.raises(RunError, match="no file of carried runs"):
            read()


def test_only_the_packing_that_can_be_read_in_bounds_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "models" / "ch01--cnn.zip"
    carried(path)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)

    with pytest.raises(RunError, match="no file of carried runs"):
        carry.keys_in(path)


@pytest.mark.parametrize("missing", ["name", "digest", "scores"])
def test_a_record_without_a_field_says_how_to_make_the_file_again(
    tmp_path: Path, missing: str
) -> None:
    path = tmp_path / "models" / "ch01--cnn.zip"
    incomplete = {field: value for field, value in record(0).items() if field != missing}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(carry.INDEX, json.dumps(KEYS[:1]))
        archive.writestr(f"{KEYS[0]}/{store.RECORD}", json.dumps(incomplete))
        archive.writestr(f"{KEYS[0]}/{store.MODEL}", b"weights")

    with pytest.raises(RunError, match=rf"lacks '{missing}'.*course export"):
        runs.load("ch01/cnn")
    assert not (tmp_path / "cache").exists()


def test_a_model_that_is_damaged_in_the_file_is_noticed_before_any_run_is_kept(
    tmp_path: Path,
) -> None:
    path = carried(tmp_path / "models" / "ch01--cnn.zip")
    content = path.read_bytes()
    place = content.rindex(b"weights")
    path.write_bytes(content[:place] + b"W" + content[place + 1 :])

    with pytest.raises(RunError, match=r"CRC.*course export"):
        runs.load("ch01/cnn")
    assert not (tmp_path / "cache").exists()


def test_a_key_that_is_no_digest_is_refused(tmp_path: Path) -> None:
    carried(tmp_path / "models" / "ch01--cnn.zip", keys=["..", "b" * 64])

    with pytest.raises(RunError, match="no file of carried runs"):
        runs.load("ch01/cnn")


@pytest.mark.parametrize("cut", [0, 40, 300])
def test_a_truncated_file_says_how_to_make_it_again(tmp_path: Path, cut: int) -> None:
    path = carried(tmp_path / "models" / "ch01--cnn.zip")
    path.write_bytes(path.read_bytes()[:cut])

    with pytest.raises(RunError, match="course export"):
        runs.load("ch01/cnn")


def test_without_a_file_and_without_a_site_the_message_says_what_to_run() -> None:
    with pytest.raises(RunError, match="course execute"):
        runs.load("ch01/cnn")


def test_a_downloaded_notebook_takes_the_runs_from_its_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

    (tmp_path / "site" / "_static").mkdir(parents=True)
    carried(tmp_path / "site" / "_static" / "ch01--cnn.zip")
    handler = partial(Quiet, directory=str(tmp_path / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(carry.SITE, f"http://127.0.0.1:{server.server_port}/")
    try:
        assert len(runs.load("ch01/cnn")) == 2
        with pytest.raises(RunError, match="could not be fetched"):
            runs.load("ch01/dense")
    finally:
        server.shutdown()
        server.server_close()


def test_a_download_stops_where_no_carried_file_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    whole = 40 * carry.LARGEST
    sent: list[int] = []

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while sum(sent) < whole:
                    sent.append(self.wfile.write(bytes(carry.LARGEST // 10)))
            except OSError:
                pass  # The other side has hung up.

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(carry.SITE, f"http://127.0.0.1:{server.server_port}")
    try:
        with pytest.raises(RunError, match="more than 1,000,000 bytes"):
            runs.load("ch01/cnn")
    finally:
        server.shutdown()
        server.server_close()
    assert sum(sent) < whole


def test_a_downloaded_notebook_brings_its_runs_itself_where_there_is_no_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brought").mkdir()
    carried(tmp_path / "brought" / "ch01--cnn.zip")
    monkeypatch.setenv(carry.RUNS, str(tmp_path / "brought"))

    assert [run.seed for run in runs.load("ch01/cnn")] == [0, 1]
    with pytest.raises(RunError, match="There is no run"):
        runs.load("ch01/dense")


def test_a_site_that_is_no_web_address_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_static").mkdir()
    carried(tmp_path / "_static" / "ch01--cnn.zip")
    monkeypatch.setenv(carry.SITE, f"file://{tmp_path}")

    with pytest.raises(RunError, match="There is no run"):
        runs.load("ch01/cnn")


def test_packed_runs_come_back_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Model:
        def save(self, path: Path) -> None:
            path.write_bytes(b"trained")

    class Saving:
        @staticmethod
        def load_model(path: Path, compile: bool) -> Model:
            assert path.is_file()
            assert not compile
            return Model()

    for seed, key in enumerate(KEYS):
        store.keep(key, record(seed), Model())
    monkeypatch.setitem(__import__("sys").modules, "keras", type("keras", (), {"saving": Saving}))

    content = carry.pack("ch01/cnn", KEYS)

    path = tmp_path / "models" / "ch01--cnn.zip"
    path.write_bytes(content)
    assert carry.keys_in(path) == {KEYS[0]: "0" * 64, KEYS[1]: "1" * 64}
    monkeypatch.setattr(carry, "LARGEST", 100)
    with pytest.raises(RunError, match="at most 100"):
        carry.pack("ch01/cnn", KEYS)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist()[0] == carry.INDEX
