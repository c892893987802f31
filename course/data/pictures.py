"""Keeps a set of pictures as a folder in the cache: unpacked or cut once, checked at every use."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.data import archives, checksums, files, original, places
from course.data.progress import say
from course.data.registry import DataSet, Variant
from course.errors import DataError

_STAMP = ".checksum.json"


@dataclass(frozen=True)
class Kept:
    """A set of pictures in the cache.

    Attributes:
        path: the folder, with `{train,validation,test}/{cats,dogs}/*.jpg`.
        checksum: of its pictures, measured when it was made.
        made_from: the file it was made from.
        skipped: pictures that were left out, each with the reason.
        hidden: how many hidden files were ignored.
    """

    path: Path
    checksum: str
    made_from: str
    skipped: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def listing(self) -> Path:
        """The file that holds all of this."""
        return self.path / _STAMP


def load(data_set: DataSet, variant: Variant) -> Path:
    """The folder of a variant, unpacked or cut where it is not there yet.

    Raises:
        DataError: the file is nowhere, is altered, or holds something else.
    """
    target = kept_path(data_set, variant)
    if _unchanged(variant, target):
        return target
    with places.lock(f"{data_set.name}-pictures"):
        if target.exists():
            if intact(variant, target):
                # Without the stamp the next load reads every picture again, and is as safe.
                with contextlib.suppress(DataError):
                    _write_stamp(target, _read_stamp(target))
                return target
            say(f"{target} is altered or incomplete; making it anew")
        found = files.obtain(data_set, variant)
        if found.file.layout == "original":
            with original.opened(found.path) as pictures:
                return _cut(variant, pictures, target, found.path.name).path
        return _unpack(variant, found, target)


def cut(data_set: DataSet, path: Path) -> tuple[Variant, Kept]:
    """Cut the small set out of an original archive or folder that the user names.

    Returns:
        The variant it became and the set. The variant is the one whose file is this very archive,
        or else the one for archives without a published checksum.

    Raises:
        DataError: no such file, not a whole archive, not enough good pictures.
    """
    variant = _variant_of(data_set, path)
    target = kept_path(data_set, variant)
    with places.lock(f"{data_set.name}-pictures"), original.opened(path) as pictures:
        return variant, _cut(variant, pictures, target, path.name)


def kept_path(data_set: DataSet, variant: Variant) -> Path:
    """Where a variant's pictures are kept."""
    return files.folder(data_set) / variant.name


def kept(variant: Variant, path: Path) -> Kept | None:
    """What was noted when the folder was made, or None where there is no such folder."""
    stamp = _read_stamp(path)
    if not stamp:
        return None
    return Kept(
        path,
        variant.checksum or str(stamp["checksum"]),
        str(stamp["made_from"]),
        tuple(stamp["skipped"]),
        int(stamp["hidden"]),
    )


def intact(variant: Variant, path: Path) -> bool:
    """Whether all pictures are as they were made; reads every one."""
    known = kept(variant, path)
    return known is not None and checksums.of_folder(path) == known.checksum


def _unchanged(variant: Variant, path: Path) -> bool:
    """Whether the folder was verified before and no size or time has changed since."""
    stamp = _read_stamp(path)
    expected = variant.checksum or stamp.get("checksum")
    return bool(stamp) and stamp["checksum"] == expected and stamp["facts"] == _facts(path)


def _unpack(variant: Variant, found: files.Found, target: Path) -> Path:
    with places.whole_folder(target, found.path.stat().st_size) as part:
        archives.unpack(found.path, part)
        checksum = checksums.of_folder(part)
        if checksum != (variant.checksum or checksum):
            raise DataError(
                f"{found.path} is the file that the registry lists, but its pictures are not: "
                f"checksum {checksum[:12]}… instead of {variant.checksum[:12]}…. Restore "
                "course/data/registry.toml from the repository."
            )
        _write_stamp(part, {"checksum": checksum, "made_from": found.path.name})
        _make_way(target)
    return target


def _cut(variant: Variant, pictures: original.Original, target: Path, made_from: str) -> Kept:
    with places.whole_folder(target) as part:
        skipped = original.cut(pictures, variant.numbers, part)
        checksum = checksums.of_folder(part)
        if checksum != (variant.checksum or checksum):
            raise DataError(
                f"The pictures cut from {made_from} are not those of the registry: checksum "
                f"{checksum[:12]}… instead of {variant.checksum[:12]}…."
            )
        _write_stamp(
            part,
            {
                "checksum": checksum,
                "made_from": made_from,
                "skipped": list(skipped),
                "hidden": pictures.hidden,
            },
        )
        _make_way(target)
    if not variant.checksum:
        say(
            f"{variant.name}: the pictures have the checksum {checksum}. The registry lists none "
            f"to compare it with. {variant.checksum_source}"
        )
    return Kept(target, checksum, made_from, skipped, pictures.hidden)


def _variant_of(data_set: DataSet, path: Path) -> Variant:
    cuttable = [variant for variant in data_set.variants if variant.numbers]
    if not cuttable:
        raise DataError(
            f"{data_set.title} is not made from an archive of yours. Run "
            f"`course data fetch {data_set.name}` without --from."
        )
    if path.is_file():
        sha256 = checksums.of_file(path)
        for variant in cuttable:
            if sha256 in [file.sha256 for file in variant.files]:
                return variant
    archives_of_their_own = [v for v in cuttable if "original" in {f.layout for f in v.files}]
    return next(variant for variant in cuttable if variant not in archives_of_their_own)


def _make_way(target: Path) -> None:
    """Only now, when the new folder is whole, does the old one go."""
    if target.exists():
        say(f"{target}: the folder that was there is now {places.aside(target).name}")


def _facts(path: Path) -> str:
    digest = hashlib.sha256()
    for name in checksums.pictures(path):
        status = (path / name).stat()
        digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _read_stamp(path: Path) -> dict[str, Any]:
    try:
        content = json.loads((path / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) and "checksum" in content else {}


def _write_stamp(path: Path, stamp: dict[str, Any]) -> None:
    content = {"skipped": [], "hidden": 0, **stamp, "facts": _facts(path)}
    text = json.dumps(content, indent=1)
    with places.whole_file(path / _STAMP) as part:
        part.write_text(text, encoding="utf-8")
