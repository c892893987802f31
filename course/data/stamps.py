"""Remembers which files have been verified, so that each is hashed once and not at every load.

A stamp holds a file's checksum beside its size and times. It is trusted as long as size and times
are the same. Stamps lie in the cache, since a mirror may be read-only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from course.data import checksums, places
from course.errors import DataError


def checksum(path: Path, *, trust: bool = True) -> str:
    """Checksum of a file, remembered where the file has not changed since.

    Args:
        path: the file.
        trust: False to read the file in any case.
    """
    facts = _facts(path)
    stamp = _stamp(path)
    if trust:
        try:
            known = json.loads(stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = None
        if isinstance(known, dict) and known.get("facts") == facts:
            return str(known["sha256"])
    sha256 = checksums.of_file(path)
    text = json.dumps({"path": str(path), "facts": facts, "sha256": sha256})
    # Without the stamp the next load hashes the file again, and is as safe.
    with contextlib.suppress(OSError, DataError), places.whole_file(stamp) as part:
        part.write_text(text, encoding="utf-8")
    return sha256


def _facts(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _stamp(path: Path) -> Path:
    key = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:24]
    return places.cache() / "stamps" / f"{key}.json"
