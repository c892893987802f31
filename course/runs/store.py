"""Finished training runs on disk: each is kept the moment it ends, and never half."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from course import recording
from course.errors import RunError
from course.storage import cache_folder, write_text

RECORD = "run.json"
MODEL = "model.keras"
# What a record must hold; one without is damaged.
FIELDS = {"seed", "history", "scores", "parameters", "seconds", "cpu_seconds", "digest"}


def folder() -> Path:
    """Where everything of the run store lies."""
    return cache_folder() / "runs"


def find(key: str) -> dict[str, Any] | None:
    """The record of the run with this key, or None when it has not been trained here."""
    path = folder() / key / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        record = None
    if not isinstance(record, dict) or not record.keys() >= FIELDS:
        shutil.rmtree(path.parent, ignore_errors=True)
        return None
    return record if (path.parent / MODEL).is_file() else None


def model_file(key: str) -> Path:
    """Where the weights of the run with this key lie."""
    return folder() / key / MODEL


def keep(key: str, record: dict[str, Any], model: Any, *, trained: bool = True) -> None:
    """Write a run: its record and its Keras model, both or neither.

    Args:
        key: what the run is stored under.
        record: what `FIELDS` names, and more.
        model: has a `save` method that takes a path.
        trained: whether this process has trained it, and did not get it from somewhere.

    Raises:
        RunError: the disk is full or the folder cannot be written.
    """
    root = folder()
    temporary: Path | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=root, prefix=".new-"))
        model.save(temporary / MODEL)
        (temporary / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        shutil.rmtree(root / key, ignore_errors=True)
        temporary.rename(root / key)
        if trained:
            recording.note("trained", key=key, cpu_seconds=record["cpu_seconds"])
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else str(error)
        raise RunError(
            f"The run {record['name']!r} (seed {record['seed']}) is trained but could not be kept "
            f"in {root}: {why}. Free some space, or set CNN_COURSE_CACHE to another folder."
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def name_runs(name: str, profile: str, keys: list[str]) -> None:
    """Let later chapters ask for these runs by name."""
    write_text(_name_file(name, profile), json.dumps(keys))


def keys_of(name: str, profile: str) -> list[str]:
    """The keys of the runs of this name, in the order of their seeds; empty when there are none."""
    try:
        return list(json.loads(_name_file(name, profile).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return []


def names(profile: str) -> list[str]:
    """All names that runs have here, sorted."""
    files = (folder() / "names" / profile).glob("*.json")
    return sorted(file.stem.replace("--", "/") for file in files)


def digest_of(name: str, profile: str) -> str | None:
    """Digest over all runs of this name; None when there are none, or one is not here."""
    records = [find(key) for key in keys_of(name, profile)]
    digests = [record["digest"] for record in records if record is not None]
    return joined(digests) if digests and len(digests) == len(records) else None


def joined(digests: list[str]) -> str:
    """One digest of several runs, in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _name_file(name: str, profile: str) -> Path:
    return folder() / "names" / profile / f"{name.replace('/', '--')}.json"
