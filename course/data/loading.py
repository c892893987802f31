"""Chooses the variant, loads it, and notes what was loaded."""

from __future__ import annotations

from pathlib import Path

from course.data import arrays, cifar10, files, mnist, pictures, registry
from course.data.registry import DataSet, Variant
from course.errors import DataError
from course.recording import note

# How to decode a data set of arrays, and whether that is slow enough to keep the arrays.
_DECODERS = {"mnist": (mnist.decode, False), "cifar10": (cifar10.decode, True)}

_used: dict[str, str] = {}


def load_arrays(name: str, variant: str | None) -> arrays.Arrays:
    """The four arrays of a data set; see `course.data`."""
    data_set = registry.data_set(name)
    chosen = choose(data_set, variant)
    loaded = arrays_of(data_set, chosen)
    _note(data_set, chosen)
    return loaded


def load_pictures(name: str, variant: str | None) -> Path:
    """The folder of a data set of pictures; see `course.data`."""
    data_set = registry.data_set(name)
    chosen = choose(data_set, variant)
    folder = pictures.load(data_set, chosen)
    _note(data_set, chosen)
    return folder


def used(name: str) -> str:
    """The variant that this process loaded last; see `course.data`."""
    data_set = registry.data_set(name)
    if name not in _used:
        raise DataError(f"{data_set.title} has not been loaded yet. Load it, then ask.")
    return _used[name]


def prepare(data_set: DataSet, variant: Variant) -> None:
    """Bring a variant here, verified, decoded or unpacked, so that loading it is quick."""
    if holds_arrays(data_set):
        arrays_of(data_set, variant)
    else:
        pictures.load(data_set, variant)


def choose(data_set: DataSet, name: str | None) -> Variant:
    """The variant of this name; for None the first that is on this machine.

    Where none is, the first that can be downloaded.
    """
    if name is not None:
        return data_set.variant(name)
    for variant in data_set.variants:
        if here(data_set, variant):
            return variant
    downloadable = (v for v in data_set.variants if any(file.url for file in v.files))
    return next(downloadable, data_set.variants[0])


def here(data_set: DataSet, variant: Variant) -> Path | None:
    """Where a variant is on this machine, unverified; None when it is not."""
    found = next(files.present(data_set, variant), None)
    if found is not None:
        return found
    kept = kept_path(data_set, variant)
    return kept if kept.exists() else None


def kept_path(data_set: DataSet, variant: Variant) -> Path:
    """Where the decoded arrays or the unpacked pictures are kept."""
    if holds_arrays(data_set):
        return arrays.kept_path(data_set, variant)
    return pictures.kept_path(data_set, variant)


def holds_arrays(data_set: DataSet) -> bool:
    """Whether a data set is loaded as arrays, not as a folder of pictures."""
    return data_set.name in _DECODERS


def decoder(data_set: DataSet) -> arrays.Decoder:
    """Reads the arrays out of a file of the data set."""
    return _DECODERS[data_set.name][0]


def arrays_of(data_set: DataSet, variant: Variant) -> arrays.Arrays:
    """The arrays of one variant, without a note."""
    decode, keep = _DECODERS[data_set.name]
    return arrays.load(data_set, variant, decode, keep=keep)


def _note(data_set: DataSet, variant: Variant) -> None:
    _used[data_set.name] = variant.name
    checksum = registry.checksum(data_set.name, variant.name)
    note("data", name=data_set.name, variant=variant.name, checksum=checksum)
