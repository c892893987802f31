"""Writes a mirror: a folder of data files for machines without internet."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from course.data import checksums, files, loading, pictures, places, registry
from course.data.progress import bar
from course.data.registry import DataSet, File, Variant
from course.errors import DataError

_TITLE = "# Data for the course on convolutional networks"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time a zip entry can have.


@dataclass(frozen=True)
class Item:
    """A variant that goes into the mirror, and the file or folder it is made from."""

    data_set: DataSet
    variant: Variant
    file: File
    path: Path


def gather(data_set: DataSet, variant: Variant) -> Item:
    """Find, or fetch, what the mirror needs of a variant.

    Pictures that were cut from an archive are packed again: the small set has a tenth of its size.

    Raises:
        DataError: it is neither here nor on the network, or is altered.
    """
    packed = [file for file in variant.files if file.layout == "pictures" and not file.sha256]
    if packed:
        return Item(data_set, variant, packed[0], pictures.load(data_set, variant))
    found = files.obtain(data_set, variant)
    return Item(data_set, variant, found.file, found.path)


def choose(data_set: DataSet) -> list[Variant]:
    """The variants to mirror where the user names none: all that are here, else the default."""
    found = [variant for variant in data_set.variants if loading.here(data_set, variant)]
    return found or [loading.choose(data_set, None)]


def write(items: list[Item], folder: Path) -> list[tuple[Path, bool]]:
    """Write the files, SHA256SUMS and README.md, so that `CNN_COURSE_DATA=folder` works.

    Args:
        items: what to write.
        folder: made where it does not exist; other files in it stay.

    Returns:
        Each data file, and whether it had to be written.

    Raises:
        DataError: a file of that name with other content is there already, the disk is full, or
            the folder cannot be written. No existing file is changed but SHA256SUMS, which grows.
    """
    _refuse_foreign(folder)
    for item in items:
        _refuse_differing(item, folder)
    written = []
    sums = checksums.listed(folder)
    for item in items:
        target = folder / item.file.name
        missing = not target.exists()
        if item.path.is_dir():
            missing = _pack(item, target)
        elif missing:
            _copy(item.path, target)
        sums[target.name] = checksums.of_file(target)
        written.append((target, missing))
        # After each file: an interrupted mirror is right as far as it goes.
        _write_text(folder / "SHA256SUMS", "".join(f"{sums[n]}  {n}\n" for n in sorted(sums)))
    _write_text(folder / "README.md", _readme(sums))
    return written


def _refuse_foreign(folder: Path) -> None:
    readme = folder / "README.md"
    if readme.exists() and not readme.read_text(encoding="utf-8").startswith(_TITLE):
        raise DataError(f"{readme} was not written by this command. Choose another folder.")


def _refuse_differing(item: Item, folder: Path) -> None:
    target = folder / item.file.name
    if not (item.path.is_file() and target.exists()):
        return
    if checksums.of_file(target) != checksums.of_file(item.path):
        raise _differs(target)


def _differs(target: Path) -> DataError:
    return DataError(
        f"{target} is there already with other content, and is left as it is. Move it away or "
        "choose another folder."
    )


def _copy(source: Path, target: Path) -> None:
    count = source.stat().st_size
    with (
        places.whole_file(target, count) as part,
        source.open("rb") as reader,
        part.open("wb") as writer,
        bar(count, target.name, "B") as shown,
    ):
        while chunk := reader.read(1 << 20):
            writer.write(chunk)
            shown.update(len(chunk))


def _pack(item: Item, target: Path) -> bool:
    """Pack pictures; the same pictures always give the same bytes. False: they were there."""
    names = checksums.pictures(item.path)
    count = sum((item.path / name).stat().st_size for name in names)
    if target.exists():
        with places.scratch(count) as scratch:
            _zip(item.path, names, scratch / target.name, target.stem)
            if checksums.of_file(target) != checksums.of_file(scratch / target.name):
                raise _differs(target)
        return False
    with places.whole_file(target, count) as part:
        _zip(item.path, names, part, target.stem)
    return True


def _zip(folder: Path, names: list[str], target: Path, prefix: str) -> None:
    with (
        zipfile.ZipFile(target, "w") as archive,
        bar(len(names), f"packing {prefix}", " pictures") as shown,
    ):
        for name in names:
            entry = zipfile.ZipInfo(f"{prefix}/{name}", _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (folder / name).read_bytes())
            shown.update()


def _write_text(path: Path, text: str) -> None:
    with places.whole_file(path) as part:
        part.write_text(text, encoding="utf-8")


def _readme(sums: dict[str, str]) -> str:
    lines = [
        _TITLE,
        "",
        "On each machine without internet, set the environment variable `CNN_COURSE_DATA` to this "
        "folder. The course then reads the files below and downloads nothing. `SHA256SUMS` holds "
        "their checksums; `course data verify` checks them.",
    ]
    for data_set in registry.data_sets().values():
        for variant in data_set.variants:
            for file in variant.files:
                if file.name in sums and file.sha256 in {"", sums[file.name]}:
                    lines += _about(data_set, variant, file)
    return "\n".join(lines) + "\n"


def _about(data_set: DataSet, variant: Variant, file: File) -> list[str]:
    return [
        "",
        f"## `{file.name}`: {data_set.title} ({variant.name})",
        "",
        f"- What: {data_set.what}",
        f"- Variant: {variant.what}",
        f"- Source: {file.source}",
        f"- Licence: {data_set.licence}",
    ]
