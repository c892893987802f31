"""Arrays are checked at every load, wherever they come from."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.data import arrays, checksums, mnist, registry
from course.errors import DataError

from .conftest import Server, digits, file_entry, npz, variant_entry

WHOLE = npz(digits())
CHECKSUM = checksums.of_arrays(digits().values())

Load = Callable[..., arrays.Arrays]


@pytest.fixture
def load(register: Callable[..., None], server: Server) -> Load:
    server.content["/a.npz"] = WHOLE

    def loaded(*, keep: bool = False, checksum: str = CHECKSUM, content: bytes = WHOLE) -> Any:
        server.content["/a.npz"] = content
        file = file_entry("a.npz", "npz", content, f"{server.url}/a.npz")
        register(mnist={"original": variant_entry(file, checksum=checksum)})
        data_set = registry.data_set("mnist")
        return arrays.load(data_set, data_set.variants[0], mnist.decode, keep=keep)

    return loaded


@pytest.mark.parametrize("keep", [False, True])
def test_arrays_come_as_they_were_made(load: Load, keep: bool) -> None:
    for _ in range(2):
        for got, made in zip(load(keep=keep), digits().values(), strict=True):
            assert got.dtype == np.uint8
            np.testing.assert_array_equal(got, made)


def test_kept_arrays_need_no_file(load: Load, cache: Path) -> None:
    load(keep=True)
    (cache / "mnist" / "a.npz").unlink()
    np.testing.assert_array_equal(load(keep=True)[0], digits()["x_train"])


@pytest.mark.parametrize(
    "damage", [lambda b: b[:200], lambda b: b[:-50] + b"x" * 50, lambda b: b""]
)
def test_altered_kept_arrays_are_decoded_again(
    load: Load, cache: Path, damage: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    load(keep=True)
    kept = cache / "mnist" / "original.npz"
    kept.write_bytes(damage(kept.read_bytes()))
    np.testing.assert_array_equal(load(keep=True)[0], digits()["x_train"])
    assert "altered or out of date" in capsys.readouterr().err


def test_kept_arrays_with_other_values_are_decoded_again(load: Load, cache: Path) -> None:
    load(keep=True)
    with np.load(cache / "mnist" / "original.npz") as kept:
        content = dict(kept)
    content["x_test"][0, 0, 0] ^= 1
    np.savez(cache / "mnist" / "original.npz", allow_pickle=False, **content)
    np.testing.assert_array_equal(load(keep=True)[2], digits()["x_test"])


def test_kept_arrays_of_a_file_no_longer_listed_are_decoded_again(load: Load, cache: Path) -> None:
    load(keep=True, checksum="")
    (cache / "mnist" / "a.npz").unlink()
    other = npz(digits(seed=1))
    got = load(keep=True, checksum="", content=other)
    np.testing.assert_array_equal(got[0], digits(seed=1)["x_train"])


def test_a_file_altered_without_its_size_and_times_is_noticed(load: Load, cache: Path) -> None:
    load()
    path = cache / "mnist" / "a.npz"
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[300] ^= 1  # Inside the pixels.
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    stamp = next((cache / "stamps").iterdir())
    stamp.write_text(
        stamp.read_text().replace(str(before.st_ctime_ns), str(path.stat().st_ctime_ns))
    )
    np.testing.assert_array_equal(load()[0], digits()["x_train"])
    assert (path.parent / "a.npz.altered").exists()


def test_the_right_file_with_other_arrays_is_an_error_that_names_it(load: Load) -> None:
    with pytest.raises(DataError, match=r"a\.npz is the file that the registry lists but decodes"):
        load(checksum="0" * 64)


def test_a_file_that_is_listed_but_unreadable_is_an_error(load: Load) -> None:
    with pytest.raises(DataError, match="decodes to nothing readable"):
        load(content=b"not an archive")


def test_an_unmeasured_checksum_is_printed_at_the_first_load(
    load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    load(keep=True, checksum="")
    said = capsys.readouterr().err
    assert CHECKSUM in said
    assert "lists none to compare it with. Not measured." in said
    load(keep=True, checksum="")
    assert capsys.readouterr().err == ""


def test_pickled_objects_are_refused(load: Load) -> None:
    content = {**digits(), "x_train": np.array([print], dtype=object)}
    stream_error = pytest.raises(DataError, match="decodes to nothing readable")
    with stream_error:
        load(content=_pickled(content))


def test_a_full_disk_while_keeping_arrays_leaves_nothing(
    load: Load, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(file: Any, **content: Any) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", fill)
    with pytest.raises(DataError, match="disk is full"):
        load(keep=True)
    assert sorted(path.name for path in (cache / "mnist").iterdir()) == ["a.npz"]


def _pickled(content: dict[str, Any]) -> bytes:
    import io

    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, **content)
    return stream.getvalue()
