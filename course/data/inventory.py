"""Says what is on this machine and whether it is intact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.data import arrays, checksums, files, loading, pictures, places, registry
from course.data.registry import DataSet, Variant
from course.errors import DataError


@dataclass(frozen=True)
class Entry:
    """One variant, and where it is.

    Attributes:
        bytes: the size of its file, or of its folder; None when it is not known.
        path: the file or folder on this machine, or None.
        place: `mirror`, `cache` or "".
        source: the public address of its file, or of where it was made from.
    """

    data_set: str
    variant: str
    bytes: int | None
    path: Path | None
    place: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What came out of reading one file or folder in full."""

    data_set: str
    variant: str
    path: Path
    good: bool
    text: str


def selected(names: Iterable[str]) -> list[tuple[DataSet, str | None]]:
    """What the user means by `mnist` or `cifar10/jpeg`; without names, every data set.

    Returns:
        Each data set with the name of its variant, or None where the user names none.
    """
    chosen = []
    for name in names or registry.data_sets():
        title, _, variant = name.partition("/")
        data_set = registry.data_set(title)
        if variant:
            data_set.variant(variant)
        chosen.append((data_set, variant or None))
    return chosen


def entries() -> list[Entry]:
    """All variants of all data sets, in the order of the registry."""
    return [
        _entry(data_set, variant)
        for data_set in registry.data_sets().values()
        for variant in data_set.variants
    ]


def verify(data_set: DataSet, variant: Variant) -> Iterator[Verdict]:
    """Read in full all that is on this machine of a variant: files, arrays, pictures.

    Nothing is changed, moved or fetched.
    """
    for path in files.present(data_set, variant):
        found = files.match(variant, path, trust=False)
        good, text = found is not None, "" if found else files.describe(data_set, variant, path)
        if found:
            text = f"SHA-256 {found.sha256[:12]}… as listed"
            if loading.holds_arrays(data_set):
                good, text = _decodes(data_set, variant, found, text)
        yield Verdict(data_set.name, variant.name, path, good, text)
    kept = loading.kept_path(data_set, variant)
    if not kept.exists():
        return
    if loading.holds_arrays(data_set):
        good = arrays.read_kept(variant, kept) is not None
        text = "decoded arrays as listed"
    else:
        good = pictures.intact(variant, kept)
        text = f"{len(checksums.pictures(kept)):,} pictures as listed"
    if good and not variant.checksum:
        text = text.replace("as listed", "as first measured; the registry lists no checksum")
    if not good:
        fetch = f"course data fetch {data_set.name}/{variant.name}"
        text = f"{kept} is altered or incomplete. Run `{fetch}` to make it anew."
    yield Verdict(data_set.name, variant.name, kept, good, text)


def _decodes(
    data_set: DataSet, variant: Variant, found: files.Found, text: str
) -> tuple[bool, str]:
    try:
        checksum = checksums.of_arrays(loading.decoder(data_set)(found.path, found.file))
    except (DataError, *arrays.UNREADABLE) as error:
        return False, f"{found.path} cannot be decoded: {error}"
    if not variant.checksum:
        return True, f"{text}; arrays {checksum}, for which the registry lists nothing"
    if checksum != variant.checksum:
        return False, f"{found.path} decodes to arrays {checksum[:12]}…, not as listed"
    return True, f"{text}; arrays {checksum[:12]}… as listed"


def _entry(data_set: DataSet, variant: Variant) -> Entry:
    path = loading.here(data_set, variant)
    place = ""
    if path is not None:
        place = "cache" if path.is_relative_to(places.cache()) else "mirror"
    size = next((file.bytes for file in variant.files if file.bytes), None)
    if path is not None:
        size = path.stat().st_size if path.is_file() else _folder_size(path)
    file = variant.files[0]
    return Entry(data_set.name, variant.name, size, path, place, file.url or file.source)


def _folder_size(path: Path) -> int:
    return sum((path / name).stat().st_size for name in checksums.pictures(path))
