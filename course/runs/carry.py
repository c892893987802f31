"""Small runs that travel with the course, so that a later chapter needs no hours of training.

A carried file holds all seeds of one name: the record of each run, and its model without the
state of the optimiser.
"""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
# The folder of the runs that a downloaded notebook carries itself.
RUNS = "COURSE_RUNS"
KEY = re.compile(r"[0-9a-f]{64}")
TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds without a byte
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
    with opened(path) as archive:
        return {key: record["digest"] for key, record in records(path, archive).items()}


@contextmanager
def opened(
    path: Path, remedy: str = "`course export` writes it anew.", called: str = ""
) -> Iterator[zipfile.ZipFile]:
    """An open file of runs.

    Args:
        path: the file.
        remedy: the next step for whoever has a damaged one.
        called: how to call it, if not by its path.

    Raises:
        RunError: whatever is wrong with it, at opening or while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    # zipfile raises a RuntimeError for what is encrypted, json one for what is nested too deep.
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise RunError(f"{called or path} is damaged ({error}). {remedy}") from error


def records(
    path: Path, archive: zipfile.ZipFile, largest: int = 20 * LARGEST
) -> dict[str, dict[str, Any]]:
    """Key to record, in the order of the seeds; nothing is unpacked from what looks wrong.

    Args:
        path: how to call the file.
        archive: the open file.
        largest: how many bytes it may unpack to.
    """
    entries = archive.infolist()
    names = sorted(entry.filename for entry in entries)
    # The other ways of packing have no bound on what a small file unpacks to.
    packings = {entry.compress_type for entry in entries} - {
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    }
    sound = not packings and sum(entry.file_size for entry in entries) <= largest
    found = {name.partition("/")[0] for name in names} - {INDEX}
    if not sound or not all(map(KEY.fullmatch, found)) or names != _names(found):
        raise RunError(f"{path} is no file of carried runs; it was left alone.")
    keys = json.loads(_content(archive, INDEX))
    if not isinstance(keys, list) or sorted(map(repr, keys)) != sorted(map(repr, found)):
        raise ValueError(f"{INDEX} lists other runs than the file holds")
    read = {key: json.loads(_content(archive, f"{key}/{store.RECORD}")) for key in keys}
    for key, record in read.items():
        held = record if isinstance(record, dict) else {}
        missing = sorted({"name", *store.FIELDS} - held.keys())
        if missing or not isinstance(held["digest"], str):
            what = f"lacks {missing[0]!r}" if missing else "has a digest that is no text"
            raise ValueError(f"the record of {key[:12]}… {what}")
    return read


def _names(keys: Iterable[str]) -> list[str]:
    return sorted([INDEX, *(f"{k}/{part}" for k in keys for part in (store.RECORD, store.MODEL))])


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        # Given the size, zipfile never unpacks more than the entry announces.
        return file.read(archive.getinfo(name).file_size)


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
    with opened(path) as archive:
        found = records(path, archive)
        models = {key: _content(archive, f"{key}/{store.MODEL}") for key in found}
    for key, record in found.items():
        store.keep(key, record, _Bytes(models[key]), trained=False)
    store.name_runs(name, profile, list(found))


def bring(name: str, profile: str) -> bool:
    """Look for carried runs: beside the package, in the notebook, on the site it came from.

    Returns:
        Whether the runs are in the store now.

    Raises:
        RunError: the file is damaged, or the site does not answer.
    """
    own = os.environ.get(RUNS, "")
    for folder in [HERE, *([Path(own)] if own else [])]:
        local = folder / file_name(name)
        if local.is_file():
            unpack(local, name, profile)
            return True
    site = os.environ.get(SITE, "")
    if urlsplit(site).scheme not in ("http", "https"):
        return False
    with tempfile.TemporaryDirectory() as fetched:
        path = Path(fetched) / file_name(name)
        _download(f"{site.rstrip('/')}/_static/{path.name}", path)
        unpack(path, name, profile)
    return True


def _download(address: str, path: Path) -> None:
    import requests

    size = 0
    try:
        # No checksum: the site that serves the file has served the code that reads it, too.
        # A server must not pack the file once more: the limit is on what arrives.
        headers = {"Accept-Encoding": "identity"}
        with (
            requests.get(address, headers=headers, timeout=TIMEOUT, stream=True) as answer,
            path.open("wb") as file,
        ):
            answer.raise_for_status()
            for part in answer.iter_content(1 << 16):
                size += len(part)
                if size > LARGEST:
                    break
                file.write(part)
    except (OSError, ValueError) as error:  # every error of requests is an OSError
        raise RunError(
            f"{address} could not be fetched ({error}). Connect to the network and run the cell "
            f"again, or run the notebook of the chapter that trains it."
        ) from error
    if size > LARGEST:
        raise RunError(
            f"{address} has more than {LARGEST:,} bytes, so it is no file of carried runs. Run the "
            f"notebook of the chapter that trains it."
        )


class _Bytes:
    """A model that is written as it was read."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def save(self, path: Path) -> None:
        """Write the file of the model."""
        path.write_bytes(self.content)
