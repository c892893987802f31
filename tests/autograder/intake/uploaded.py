"""Notebooks and archives as students hand them in."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.intake import Submission, Upload, discover


def cell(source: str = "x = 1", **more: Any) -> dict[str, Any]:
    """A code cell."""
    found = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    return {**found, "execution_count": None, **more}


def notebook(*cells: dict[str, Any], **more: Any) -> bytes:
    """The bytes of a notebook, with one cell where none is given."""
    content = {
        "cells": list(cells or (cell(),)),
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps({**content, **more}).encode()


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    """These files in a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def uploads(path: Path, *wanted: str) -> dict[str, Upload]:
    """The uploads in one path, by name."""
    return {upload.name: upload for upload in discover([path], wanted)}


def read(path: Path, *wanted: str) -> Submission:
    """The only submission in a path."""
    (upload,) = discover([path], wanted)
    return upload.read()
