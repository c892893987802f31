"""Finds a variant's file: in the mirror, in the cache, or over the network; always verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.data import checksums, places, stamps
from course.data.download import DownloadError, download
from course.data.progress import say, size
from course.data.registry import DataSet, File, Variant
from course.errors import DataError


@dataclass(frozen=True)
class Found:
    """A file on this machine.

    Attributes:
        path: where it lies.
        file: the entry of the registry that it matches.
        sha256: its checksum.
    """

    path: Path
    file: File
    sha256: str


def folder(data_set: DataSet) -> Path:
    """The data set's folder in the cache."""
    return places.cache() / data_set.name


def present(data_set: DataSet, variant: Variant) -> Iterator[Path]:
    """The variant's files that lie in the mirror and in the cache, unverified, in this order."""
    for place in (places.mirror(), folder(data_set)):
        if place is not None:
            for name in _names(variant):
                if (place / name).is_file():
                    yield place / name


def match(variant: Variant, path: Path, *, trust: bool = True) -> Found | None:
    """The file, if it is one of the variant's files and unaltered.

    Args:
        variant: a file of the same name and checksum must be among its files.
        path: the file.
        trust: False to read it in full even if it was verified before.
    """
    try:
        sha256 = stamps.checksum(path, trust=trust)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}). Mend that first.") from error
    for file in variant.files:
        if file.name == path.name and sha256 == _expected(file, path):
            return Found(path, file, sha256)
    return None


def obtain(data_set: DataSet, variant: Variant, *, trust: bool = True) -> Found:
    """The variant's file, verified; downloaded where it is not on this machine.

    Raises:
        DataError: the mirror's file is altered (it is left as it is), or the file is nowhere.
            The message lists every place that was tried.
    """
    mirror = places.mirror()
    for path in present(data_set, variant):
        in_mirror = path.parent == mirror
        found = match(variant, path, trust=trust)
        if found:
            return found
        if in_mirror:
            raise DataError(describe(data_set, variant, path))
    return _renew(data_set, variant)


def _renew(data_set: DataSet, variant: Variant) -> Found:
    """Download what the cache lacks; an altered file of the cache is moved aside."""
    tried = [_nothing_in_mirror(variant)]
    with places.lock(f"{data_set.name}-files"):
        tried.append(f"the cache {folder(data_set)}: it has no {_either(variant)}")
        for name in _names(variant):
            path = folder(data_set) / name
            if not path.is_file():
                continue
            found = match(variant, path, trust=False)
            if found:  # Another process has fetched it meanwhile.
                return found
            moved = places.aside(path)
            say(f"{path} is altered or incomplete; moved to {moved.name}, fetching it anew")
            tried[-1] = f"{path}: altered or incomplete, now moved to {moved.name}"
        for file in variant.files:
            if file.url:
                path = folder(data_set) / file.name
                try:
                    download(file, path)
                except DownloadError as error:
                    tried.append(f"{file.url}: {error}")
                else:
                    return Found(path, file, stamps.checksum(path))
    raise DataError(_nowhere(data_set, variant, tried))


def describe(data_set: DataSet, variant: Variant, path: Path) -> str:
    """What is wrong with a file that `match` refuses, and what to do."""
    files = [file for file in variant.files if file.name == path.name]
    expected = [(file.bytes, _expected(file, path)) for file in files]
    if any(sha256 for _, sha256 in expected):
        wanted = " or ".join(_facts(count, sha256) for count, sha256 in expected if sha256)
        found = _facts(path.stat().st_size, stamps.checksum(path))
        fault = f"{path} is altered or incomplete: {found} instead of {wanted}."
    else:
        fault = f"{path} has no line in {path.parent / 'SHA256SUMS'}, so it cannot be verified."
    if path.parent != places.mirror():
        return f"{fault} Run `course data fetch {data_set.name}/{variant.name}` to get it anew."
    return (
        f"{fault} It was left as it is. Copy it again from where the mirror was made, or unset "
        f"{places.MIRROR_VARIABLE} to use the cache and the network."
    )


def _expected(file: File, path: Path) -> str:
    return file.sha256 or checksums.listed(path.parent).get(file.name, "")


def _names(variant: Variant) -> list[str]:
    return list(dict.fromkeys(file.name for file in variant.files))


def _either(variant: Variant) -> str:
    return " or ".join(_names(variant))


def _facts(count: int | None, sha256: str) -> str:
    size_ = f"{count:,} bytes, " if count is not None else ""
    return f"{size_}SHA-256 {sha256[:12]}…"


def _nothing_in_mirror(variant: Variant) -> str:
    mirror = places.mirror()
    if mirror is None:
        return f"{places.MIRROR_VARIABLE} is not set"
    if not mirror.is_dir():
        return f"{places.MIRROR_VARIABLE}={mirror}: there is no such folder"
    return f"{places.MIRROR_VARIABLE}={mirror}: it has no {_either(variant)}"


def _nowhere(data_set: DataSet, variant: Variant, tried: list[str]) -> str:
    need = next((file for file in variant.files if file.url), None)
    fetch = f"course data fetch {data_set.name}/{variant.name}"
    if need:
        steps = [f"connect to the network and run `{fetch}` (a download of {size(need.bytes)});"]
    elif variant.numbers:
        steps = [f"run `course data fetch {data_set.name} --from FILE` with the original archive;"]
    else:
        tried = [*tried, "no public address: this variant comes from a mirror only"]
        steps = []
    steps.append(
        f"run `course data mirror DIR {data_set.name}/{variant.name}` on a connected machine, "
        f"bring DIR here and set {places.MIRROR_VARIABLE} to it."
    )
    lines = [f"{data_set.title} ({variant.name}) is not on this machine. Tried:"]
    lines += [f"  - {place}" for place in tried]
    lines += ["Next, " + "\n  or ".join(steps)]
    return "\n".join(lines)
