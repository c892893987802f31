"""What chapters call: the right variant, noted for staleness; two processes do not collide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from course import data, recording
from course.data import checksums, loading, registry
from course.errors import DataError

from .conftest import (
    CLOSED,
    Server,
    digits,
    file_entry,
    npz,
    packed,
    small_set,
    variant_entry,
)

WHOLE = npz(digits())
OTHER = npz(digits(seed=1))


@pytest.fixture
def mnist(register: Callable[..., None], server: Server) -> None:
    server.content["/a.npz"] = WHOLE
    file = file_entry("a.npz", "npz", WHOLE, f"{server.url}/a.npz")
    checksum = checksums.of_arrays(digits().values())
    register(mnist={"original": variant_entry(file, checksum=checksum)})


@pytest.fixture
def two_variants(register: Callable[..., None], server: Server) -> None:
    """An original on the server and another variant that only a mirror has."""
    server.content["/a.npz"] = WHOLE
    register(
        mnist={
            "original": variant_entry(file_entry("a.npz", "npz", WHOLE, f"{server.url}/a.npz")),
            "other": variant_entry(file_entry("b.npz", "npz", OTHER)),
        }
    )


def test_mnist_comes_as_two_pairs(mnist: None) -> None:
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    for got, made in zip((x_train, y_train, x_test, y_test), digits().values(), strict=True):
        np.testing.assert_array_equal(got, made)


def test_loading_is_noted_with_the_registrys_checksum(
    mnist: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_RECORD", str(tmp_path / "record"))
    data.load_mnist()
    assert recording.read(tmp_path / "record") == [
        {
            "kind": "data",
            "name": "mnist",
            "variant": "original",
            "checksum": registry.checksum("mnist", "original"),
        }
    ]


def test_nothing_is_noted_when_loading_fails(
    register: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(mnist={"original": variant_entry(file_entry("a.npz", "npz", WHOLE, CLOSED))})
    monkeypatch.setenv("COURSE_RECORD", str(tmp_path / "record"))
    with pytest.raises(DataError):
        data.load_mnist()
    assert recording.read(tmp_path / "record") == []


def test_nothing_is_printed_while_a_chapter_is_recorded(
    two_variants: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COURSE_RECORD", str(tmp_path / "record"))
    data.load_mnist()
    assert capfd.readouterr() == ("", "")


def test_the_original_is_preferred_where_it_is_here(two_variants: None, mirror: Path) -> None:
    (mirror / "a.npz").write_bytes(WHOLE)
    (mirror / "b.npz").write_bytes(OTHER)
    data.load_mnist()
    assert data.used("mnist") == "original"


def test_what_a_mirror_has_is_used_before_the_network_is_tried(
    two_variants: None, mirror: Path, server: Server
) -> None:
    (mirror / "b.npz").write_bytes(OTHER)
    (x_train, _), _ = data.load_mnist()
    np.testing.assert_array_equal(x_train, digits(seed=1)["x_train"])
    assert data.used("mnist") == "other"
    assert server.requests == []


def test_with_nothing_here_the_original_is_downloaded(two_variants: None) -> None:
    data.load_mnist()
    assert data.used("mnist") == "original"


def test_a_named_variant_is_loaded_even_where_another_is_here(
    two_variants: None, mirror: Path, server: Server
) -> None:
    (mirror / "b.npz").write_bytes(OTHER)
    loading.load_arrays("mnist", "original")
    assert data.used("mnist") == "original"
    assert server.requests == ["/a.npz"]


def test_an_unknown_variant_is_refused_with_a_suggestion() -> None:
    with pytest.raises(DataError, match="did you mean “jpeg”"):
        data.load_cifar10("jpg")
    with pytest.raises(DataError, match="did you mean “small-240”"):
        data.cats_and_dogs("small_240")


def test_asking_before_loading_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_used", {})
    with pytest.raises(DataError, match="has not been loaded yet"):
        data.used("cifar10")


def test_pictures_are_found_by_their_folder(
    register: Callable[..., None], mirror: Path, cache: Path
) -> None:
    ready = packed(small_set())
    register(cats_and_dogs={"small-240": variant_entry(file_entry("a.zip", "pictures", ready))})
    (mirror / "a.zip").write_bytes(ready)
    folder = data.cats_and_dogs()
    assert sorted(path.name for path in (folder / "train" / "cats").glob("*.jpg")) == [
        "cat.1.jpg",
        "cat.2.jpg",
    ]
    assert data.used("cats_and_dogs") == "small-240"


def test_two_processes_that_fetch_at_once_download_once(
    mnist: None, server: Server, tmp_path: Path
) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from course.data import registry; registry.PATH = Path(sys.argv[1])\n"
        "from course import data; (x, _), _ = data.load_mnist(); print(x.sum())"
    )
    server.hold.clear()
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(registry.PATH)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    # One of them waits for the other, which waits for the server.
    waiting = _first_to_say(both, "another process is at it")
    server.hold.set()
    for process in both:
        out, _ = process.communicate(timeout=30)
        assert out.strip() == str(digits()["x_train"].sum())
    assert waiting in both
    assert server.requests == ["/a.npz"]


def _first_to_say(processes: list[subprocess.Popen[str]], text: str) -> subprocess.Popen[str]:
    import selectors

    with selectors.DefaultSelector() as selector:
        for process in processes:
            assert process.stderr is not None
            selector.register(process.stderr, selectors.EVENT_READ, process)
        while True:
            ready = selector.select(timeout=30)
            assert ready, "nobody waits"
            for key, _ in ready:
                line = key.fileobj.readline()  # type: ignore[union-attr]
                assert line, "ended too early"
                if text in line:
                    found: subprocess.Popen[str] = key.data
                    return found
