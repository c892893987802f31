"""Reads the original 25,000 pictures of cats and dogs and cuts the small set out of them."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.data import archives, checksums, places
from course.data.jpegs import UnusableError, check
from course.data.progress import bar, say
from course.errors import DataError

# Microsoft's `PetImages/Cat/0.jpg` and Kaggle's `train/cat.0.jpg`.
_LAYOUTS = {
    "Microsoft": re.compile(r"(?:^|/)(Cat|Dog)/(\d{1,6})\.jpg$"),
    "Kaggle": re.compile(r"(?:^|/)(cat|dog)\.(\d{1,6})\.jpg$"),
}
_CLASSES = ("cats", "dogs")
_ALLOWED = 10  # pictures that may be missing or damaged, or a twentieth of the set
_TOO_LARGE = f"has more than {archives.MAX_PICTURE:,} bytes"

Picture = tuple[str, int]
"""Class, `cats` or `dogs`, and number."""


@dataclass(frozen=True)
class Original:
    """An opened archive or folder.

    Attributes:
        where: its path, for messages.
        layout: `Kaggle` or `Microsoft`.
        names: the name that each picture has in it.
        read: the bytes of the entry of this name; raises `UnusableError`.
        hidden: how many hidden files it has; they are ignored.
    """

    where: Path
    layout: str
    names: dict[Picture, str]
    read: Callable[[str], bytes]
    hidden: int


@contextmanager
def opened(path: Path) -> Iterator[Original]:
    """The pictures of a zip archive (`train.zip` inside it too) or of an unpacked folder.

    Raises:
        DataError: no such file, not a whole or not a safe archive, or no such pictures in it.
    """
    if path.is_dir():
        with _folder(path) as found:
            yield found
    elif path.is_file():
        with _archive(path) as found:
            yield found
    else:
        raise DataError(f"{path} does not exist. Give the archive's file or its unpacked folder.")


def cut(
    original: Original, numbers: Iterable[tuple[str, int, int]], target: Path
) -> tuple[str, ...]:
    """Copy the small set into `target`, file by file, unchanged.

    A picture that is missing or damaged is replaced by the next good one after the last number of
    all splits.

    Args:
        original: where the pictures come from.
        numbers: split, first and last number, for each class the same.
        target: gets `{split}/{cats,dogs}/{cat,dog}.NUMBER.jpg`.

    Returns:
        For each number left out: name and reason.

    Raises:
        DataError: so many are missing or damaged that this cannot be the original.
    """
    numbers = list(numbers)
    beyond = max(last for _, _, last in numbers)
    needed = sum(last - first + 1 for _, first, last in numbers)
    allowed = max(_ALLOWED, needed * len(_CLASSES) // 20)
    skipped: list[str] = []
    with bar(needed * len(_CLASSES), "cutting the small set", " pictures") as shown:
        for title in _CLASSES:
            spare = iter(sorted(n for label, n in original.names if label == title and n > beyond))
            for split, first, last in numbers:
                folder = target / split / title
                folder.mkdir(parents=True)
                for number in range(first, last + 1):
                    good = _good(original, (title, number), spare, skipped)
                    name = f"{title[:-1]}.{good[0]}.jpg"
                    (folder / name).write_bytes(good[1])
                    shown.update()
                    if len(skipped) > allowed:
                        raise DataError(
                            f"{original.where} is not the original: more than {allowed} of the "
                            f"pictures it should have are missing or damaged ({skipped[0]}, …)."
                        )
    return tuple(skipped)


def _good(
    original: Original, wanted: Picture, spare: Iterator[int], skipped: list[str]
) -> tuple[int, bytes]:
    title, number = wanted
    while True:
        name = original.names.get((title, number), "")
        if name:
            try:
                data = original.read(name)
                check(data)
            except UnusableError as fault:
                skipped.append(f"{name} {fault}")
            else:
                return number, data
        else:
            skipped.append(f"{title[:-1]} {number} is missing")
        following = next(spare, None)
        if following is None:
            raise DataError(
                f"{original.where} has too few good pictures of {title}: it ends before "
                f"{title[:-1]} {wanted[1]} has a replacement. The original has 12,500 of each."
            )
        number = following


@contextmanager
def _archive(path: Path, within: Path | None = None) -> Iterator[Original]:
    """The pictures of an archive, which may itself lie in the archive `within`."""
    shown = within or path
    with archives.opened(path) as archive:
        entries = archives.safe_entries(archive)
        inner = [entry for entry in entries if Path(entry.filename).name == "train.zip"]
        if inner and not any(_picture(entry.filename) for entry in entries):
            # Kaggle's `dogs-vs-cats.zip` holds the pictures in an archive of its own, but no
            # deeper: each level may be as large as the disk allows.
            if within is not None:
                raise DataError(
                    f"{within} is refused: it has a train.zip inside train.zip. Download Kaggle's "
                    "dogs-vs-cats.zip again, or give the folder with the unpacked pictures."
                )
            with places.scratch(inner[0].file_size) as folder:
                unpacked = folder / "train.zip"
                say(f"unpacking train.zip of {shown}")
                with archive.open(inner[0]) as source, unpacked.open("wb") as file:
                    shutil.copyfileobj(source, file)
                with _archive(unpacked, within=path) as found:
                    yield found
            return
        sizes = {entry.filename: entry.file_size for entry in entries}
        hidden = sum(checksums.is_hidden(entry.filename) for entry in archive.infolist())

        def read(name: str) -> bytes:
            if sizes[name] > archives.MAX_PICTURE:
                raise UnusableError(_TOO_LARGE)
            try:
                return archive.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise UnusableError("is damaged in the archive") from error

        layout, names = _sorted(shown, sizes)
        yield Original(shown, layout, names, read, hidden)


@contextmanager
def _folder(path: Path) -> Iterator[Original]:
    # A link may lead anywhere, and reading a pipe would never end.
    plain = [found for found in path.rglob("*") if found.is_file() and not found.is_symlink()]
    everything = [found.relative_to(path).as_posix() for found in plain]
    visible = [name for name in everything if not checksums.is_hidden(name)]
    layout, names = _sorted(path, visible)

    def read(name: str) -> bytes:
        file = path / name
        if file.stat().st_size > archives.MAX_PICTURE:
            raise UnusableError(_TOO_LARGE)
        return file.read_bytes()

    yield Original(path, layout, names, read, len(everything) - len(visible))


def _picture(name: str) -> tuple[str, Picture] | None:
    for layout, pattern in _LAYOUTS.items():
        match = pattern.search(name)
        if match:
            return layout, (f"{match[1].lower()}s", int(match[2]))
    return None


def _sorted(where: Path, entries: Iterable[str]) -> tuple[str, dict[Picture, str]]:
    names: dict[Picture, str] = {}
    layouts = set()
    for name in sorted(entries):
        found = _picture(name)
        if found is None:
            continue
        layout, picture = found
        layouts.add(layout)
        if picture in names:
            raise DataError(
                f"{where} has {picture[0][:-1]} {picture[1]} twice: {names[picture]} and {name}. "
                "Give the original archive, or a folder with nothing else in it."
            )
        names[picture] = name
    if len(layouts) != 1:
        raise DataError(
            f"{where} holds no pictures of cats and dogs. Give Kaggle's dogs-vs-cats.zip or "
            "train.zip (train/cat.0.jpg …), Microsoft's kagglecatsanddogs_5340.zip "
            "(PetImages/Cat/0.jpg …), or the unpacked folder."
        )
    return layouts.pop(), names
