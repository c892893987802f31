"""Tells whether one file is a whole JPEG picture."""

from __future__ import annotations

import io
import warnings

MAX_PIXELS = 50_000_000
_SIGNATURES = {b"\x89PNG": "PNG", b"GIF8": "GIF", b"BM": "BMP", b"RIFF": "WebP"}


class UnusableError(Exception):
    """One picture cannot be used; the message is what is wrong with it, as in “is empty”."""


def check(data: bytes) -> None:
    """Decode a picture in full: some files of the original break off in the middle.

    Raises:
        UnusableError: it is no whole JPEG picture in colour or grey.
    """
    from PIL import Image

    if not data:
        raise UnusableError("is empty")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnusableError(f"is a {kind} file, not a JPEG")
    try:
        # Pillow warns about odd metadata, which nobody reads here.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(data), formats=["JPEG"]) as image,
        ):
            if image.width * image.height > MAX_PIXELS:
                raise UnusableError(f"is too large, {image.width} × {image.height}")
            if image.mode not in {"RGB", "L"}:
                raise UnusableError(f"has the colour mode {image.mode}")
            image.load()
    except UnusableError:
        raise
    except Exception as error:  # Pillow raises whatever its parsers stumble over.
        raise UnusableError(f"cannot be decoded ({type(error).__name__})") from error
