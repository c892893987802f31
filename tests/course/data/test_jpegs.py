"""A picture is good when it decodes in full."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course.data import jpegs

from .conftest import jpeg, png


def saved(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_colour_and_grey_pictures_are_good(mode: str) -> None:
    jpegs.check(jpeg(mode=mode))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (png(), "is a PNG file, not a JPEG"),
        (saved("GIF"), "is a GIF file, not a JPEG"),
        (saved("BMP"), "is a BMP file, not a JPEG"),
        (b"<html>not here</html>", "cannot be decoded"),
        (jpeg(size=(200, 200))[:3000], "cannot be decoded"),
        (jpeg(mode="CMYK"), "has the colour mode CMYK"),
    ],
)
def test_everything_else_is_refused_with_a_reason(data: bytes, fault: str) -> None:
    with pytest.raises(jpegs.UnusableError, match=fault):
        jpegs.check(data)


def test_a_huge_picture_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpegs, "MAX_PIXELS", 100)
    with pytest.raises(jpegs.UnusableError, match="is too large, 12 × 9"):
        jpegs.check(jpeg())


@settings(deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=30))
def test_any_damage_gives_a_verdict_and_no_other_error(place: int, junk: bytes) -> None:
    data = bytearray(jpeg())
    data[place : place + len(junk)] = junk
    with contextlib.suppress(jpegs.UnusableError):
        jpegs.check(bytes(data))
