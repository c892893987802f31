"""Small runs that travel with the course, so that a later chapter needs no hours of training.

A carried file holds all seeds of one name: the record of each run, and its model without the
state of the optimiser.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from course.errors import RunError
from course.runs import store

FOLDER = "models/runs"
INDEX = "runs.json"
LARGEST = 1_000_000  # bytes of a committed file under models/
HERE = Path(__file__).parents[2] / FOLDER
# Where a downloaded notebook finds the site it came from.
SITE = "COURSE_SITE"
KEY = re.compile(r"[0-9a-f]{64}")
# Archives are written with this date, so that equal runs give equal files.
DATE = (2000, 1, 1, 0, 0, 0)


def file_name(name: str) -> str:
    """The file of a name: `ch01/cnn` lies in `ch01--cnn.zip`."""
    return f"{name.replace('/', '--')}.zip"


def pack(name: str, keys: list[str]) -> bytes:
    """The carried file of some runs in the store.

    Raises:
        RunError: a run is not in the store, or the file would be too big to commit.
    """
    import keras

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(INDEX, DATE), json.dumps(keys))
        for key in keys:
            record = store.find(key)
            if record is None:
                raise RunError(f"A run of {name!r} is missing from the store. Run its chapter.")
            text = json.dumps(record, indent=1, sort_keys=True)
            archive.writestr(zipfile.ZipInfo(f"{key}/{store.RECORD}", DATE), text)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / store.MODEL
                model = keras.saving.load_model(store.model_file(key), compile=False)
                model.save(path)  # not compiled, so without the optimiser
                entry = zipfile.ZipInfo(f"{key}/{store.MODEL}", DATE)
                archive.writestr(entry, path.read_bytes())
    content = buffer.getvalue()
    if len(content) > LARGEST:
        raise RunError(
            f"The runs {name!r} take {len(content):,} bytes; at most {LARGEST:,} are carried. "
            f"Let the later chapter train its own, or store a smaller network."
        )
    return content


def keys_in(path: Path) -> dict[str, str]:
    """Key to digest of the runs in a carried file, in the order of their seeds.

    Raises:
        RunError: the file is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            keys = json.loads(archive.read(INDEX))
            records = [json.loads(archive.read(f"{key}/{store.RECORD}")) for key in keys]
            return {k: r["digest"] for k, r in zip(keys, records, strict=True)}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise RunError(f"{path} is damaged ({error}). `course export` writes it anew.") from error


def digest_of(name: str, folder: Path) -> str | None:
    """Digest over the carried runs of a name, as outputs record it; None when there are none.

    Raises:
        RunError: the file is damaged.
    """
    path = folder / file_name(name)
    return store.joined(list(keys_in(path).values())) if path.is_file() else None


def unpack(path: Path, name: str, profile: str) -> None:
    """Put the runs of a carried file into the store, each whole or not at all.

    Raises:
        RunError: the file is damaged, or holds what no carried file holds.
    """
    keys = keys_in(path)
    with zipfile.ZipFile(path) as archive:
        expected = {INDEX, *(f"{k}/{part}" for k in keys for part in (store.RECORD, store.MODEL))}
        sound = set(archive.namelist()) == expected and all(map(KEY.fullmatch, keys))
        if not sound or sum(entry.file_size for entry in archive.infolist()) > 20 * LARGEST:
            raise RunError(f"{path} is no file of carried runs; it was left alone.")
        for key in keys:
            record: dict[str, Any] = json.loads(archive.read(f"{key}/{store.RECORD}"))
            model = archive.read(f"{key}/{store.MODEL}")
            store.keep(key, record, _Bytes(model))
    store.name_runs(name, profile, list(keys))


def bring(name: str, profile: str) -> bool:
    """Look for carried runs: beside the package, then on the site a notebook came from.

    Returns:
        Whether the runs are in the store now.

    Raises:
        RunError: the file is damaged, or the site does not answer.
    """
    local = HERE / file_name(name)
    if local.is_file():
        unpack(local, name, profile)
        return True
    site = os.environ.get(SITE, "")
    if urlsplit(site).scheme not in ("http", "https"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file_name(name)
        _download(f"{site.rstrip('/')}/_static/{path.name}", path)
        unpack(path, name, profile)
    return True


def _download(address: str, path: Path) -> None:
    import pooch

    try:
        # No checksum: the site that serves the file has served the code that reads it, too.
        found = pooch.retrieve(address, known_hash=None, fname=path.name, path=path.parent)
    except Exception as error:
        raise RunError(
            f"{address} could not be fetched ({error}). Connect to the network and run the cell "
            f"again, or run the notebook of the chapter that trains it."
        ) from error
    if Path(found) != path:
        shutil.move(found, path)


class _Bytes:
    """A model that is written as it was read."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def save(self, path: Path) -> None:
        """Write the file of the model."""
        path.write_bytes(self.content)
