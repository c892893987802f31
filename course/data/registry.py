"""Reads `registry.toml`: which data sets there are, in which variants, files and checksums.

Needs nothing but the standard library, so that staleness can be computed where no data set can be
loaded.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import DataError

PATH = Path(__file__).with_name("registry.toml")


@dataclass(frozen=True)
class File:
    """One file that holds a whole variant.

    Attributes:
        name: what it is called in a mirror and in the cache.
        layout: how to read it: `npz`, `cifar-batches`, `cifar-jpegs`, `pictures` or `original`.
        url: its public address, or "" when it comes from a mirror only.
        bytes: its size, or None when every classroom makes its own.
        sha256: its checksum, or "" when the mirror's SHA256SUMS decides.
        source: where it comes from.
        checksum_source: where its checksum is published.
    """

    name: str
    layout: str
    url: str
    bytes: int | None
    sha256: str
    source: str
    checksum_source: str


@dataclass(frozen=True)
class Variant:
    """One form of a data set; a chapter's outputs name the variant they were made from.

    Attributes:
        checksum: of the decoded arrays or of the pictures, or "" when it has not been measured.
        checksum_source: how it was measured, or why not.
        files: alternatives, the preferred one first.
        numbers: first and last picture number of each split, where the set is cut from a larger
            one.
    """

    name: str
    what: str
    checksum: str
    checksum_source: str
    files: tuple[File, ...]
    numbers: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class DataSet:
    """A data set and its variants, the preferred one first."""

    name: str
    title: str
    what: str
    licence: str
    source: str
    variants: tuple[Variant, ...]

    def variant(self, name: str) -> Variant:
        """The variant of this name; raises `DataError` that suggests the nearest."""
        for variant in self.variants:
            if variant.name == name:
                return variant
        known = [variant.name for variant in self.variants]
        raise DataError(f"{self.title} has no variant “{name}”{_nearest(name, known)}")


def data_sets() -> dict[str, DataSet]:
    """All data sets by name, in the order of the registry."""
    try:
        content = tomllib.loads(PATH.read_text(encoding="utf-8"))
        return {name: _data_set(name, table) for name, table in content.items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataError(
            f"{PATH} cannot be read: {error!r}. Restore it from the repository."
        ) from error


def data_set(name: str) -> DataSet:
    """The data set of this name; raises `DataError` that suggests the nearest."""
    known = data_sets()
    if name not in known:
        raise DataError(f"There is no data set “{name}”{_nearest(name, known)}")
    return known[name]


def checksum(name: str, variant: str) -> str:
    """What outputs made from this variant are keyed on: 64 hexadecimal digits.

    It is the checksum of the decoded data. Where the registry lists none, it is computed from the
    checksums of the files and the picture numbers, which decide what the decoded data will be.
    """
    found = data_set(name).variant(variant)
    if found.checksum:
        return found.checksum
    facts = [name, found.name, [file.sha256 for file in found.files], found.numbers]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _data_set(name: str, table: dict[str, Any]) -> DataSet:
    variants = tuple(_variant(key, value) for key, value in table["variants"].items())
    return DataSet(name, table["title"], table["what"], table["licence"], table["source"], variants)


def _variant(name: str, table: dict[str, Any]) -> Variant:
    numbers = tuple(
        (split, first, last) for split, (first, last) in table.get("numbers", {}).items()
    )
    return Variant(
        name=name,
        what=table["what"],
        checksum=table["checksum"],
        checksum_source=table["checksum_source"],
        files=tuple(_file(file) for file in table["files"]),
        numbers=numbers,
    )


def _file(table: dict[str, Any]) -> File:
    return File(
        name=table["name"],
        layout=table["layout"],
        url=table["url"],
        bytes=table.get("bytes"),
        sha256=table["sha256"],
        source=table["source"],
        checksum_source=table["checksum_source"],
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    suggestion = f"; did you mean “{near[0]}”?" if near else "."
    return f"{suggestion} There are: {', '.join(known)}."
