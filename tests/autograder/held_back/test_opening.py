"""One picture: opened within limits, looked at, changed a little."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.photos import pictures
from autograder.photos.pictures import Fault, changed, look, opened
from tests.autograder.held_back.drawn import again, scene


def png(width: int, height: int) -> bytes:
    """The beginning of a PNG file that says to be so large; its pixels are missing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"IDAT" + zlib.compress(bytes(64))
    parts = [
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (chunk, data)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(tmp_path: Path) -> bytes:
    path = tmp_path / "whole.jpg"
    scene(np.random.default_rng(0), (200, 150)).save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no picture"),
        (b"no picture at all", "no picture"),
        (b"GIF89a" + bytes(100), "no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n", "no picture"),
        (png(60_000, 60_000), "too large"),
        (png(2**31 - 1, 2**31 - 1), "too large"),
        (png(8, 500), "too small"),
        (png(30_000, 16), "too small"),
        (png(500, 400), "damaged"),
    ],
    ids=[
        "empty",
        "text",
        "gif",
        "postscript",
        "bomb",
        "larger bomb",
        "thin",
        "strip",
        "pixels missing",
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "picture"
    path.write_bytes(content)
    with pytest.raises(Fault, match=fault):
        opened(path)


def test_a_jpeg_that_ends_early_is_damaged(tmp_path: Path) -> None:
    content = jpeg(tmp_path)
    path = tmp_path / "picture"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(Fault, match="damaged"):
        opened(path)


def test_no_mutation_of_a_jpeg_raises_anything_else(tmp_path: Path) -> None:
    whole, rng, path = bytearray(jpeg(tmp_path)), np.random.default_rng(1), tmp_path / "picture"
    faults = 0
    for _ in range(300):
        content = bytearray(whole)
        for place in rng.integers(0, len(whole), 8):
            content[place] = rng.integers(0, 256)
        path.write_bytes(content)
        try:
            assert look(opened(path)).shape == (144,)
        except Fault:
            faults += 1
    assert 0 < faults < 300


def test_a_picture_is_read_as_a_notebook_reads_it(tmp_path: Path) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # To be turned by a quarter; `Image.open` alone does not.
    path = tmp_path / "picture.jpg"
    scene(np.random.default_rng(0)).save(path, exif=notes)
    assert np.array_equal(opened(path), Image.open(path).convert("RGB"))


def test_the_look_has_mean_0_and_length_1_and_near_duplicates_share_it() -> None:
    rng = np.random.default_rng(2)
    first, other = scene(rng), scene(rng)
    seen = look(first)
    assert (abs(seen.mean()) < 1e-12, np.linalg.norm(seen)) == (True, pytest.approx(1))
    assert seen @ look(again(first, rng)) > 0.98
    assert abs(seen @ look(other)) < 0.6
    assert not look(Image.new("RGB", (30, 30), (9, 9, 9))).any()


def test_a_picture_is_changed_a_little_and_stays_what_it_shows() -> None:
    picture = scene(np.random.default_rng(3), (300, 200))
    made = changed(picture, np.random.default_rng(4))
    assert (made.shape, made.dtype) == ((197, 296, 3), np.uint8)
    pixels = np.asarray(picture).astype(int)
    # A piece of the picture, each value moved by up to 2.
    moved = [
        np.abs(pixels[up : up + 197, left : left + 296] - made).max()
        for up in (0, 3)
        for left in (0, 4)
    ]
    assert min(moved) == pictures.NOISE
    same = np.random.default_rng(4)
    assert np.array_equal(made, changed(picture, same))
    assert not np.array_equal(made, changed(picture, np.random.default_rng(5)))


def test_a_large_picture_is_made_smaller() -> None:
    made = changed(Image.new("RGB", (4000, 1000)), np.random.default_rng(0))
    assert made.shape == (158, 633, 3)


def test_the_smallest_picture_is_left_something() -> None:
    assert changed(Image.new("RGB", (16, 16)), np.random.default_rng(0)).shape == (15, 15, 3)


@pytest.mark.parametrize("size", [(656, 16), (16, 656), (6400, 160)])
def test_the_longest_picture_is_left_something(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", size).save(path)
    assert min(changed(opened(path), np.random.default_rng(0)).shape) > 0
