"""Large runs as files: one zip archive a name, and an index with their checksums and provenance.

A pack holds all seeds of one name, as the store has them: the record of each run and its model. It
is not compressed, so it unpacks to no more than it weighs. The index says what a pack must be
before anybody opens it, and what its runs were made with.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from course import fingerprint
from course.errors import RunError
from course.runs import carry, models, store

INDEX = "runs-index.json"
FORMAT = 1
LARGEST = 4_000_000_000  # bytes of a pack
LARGEST_INDEX = 5_000_000  # bytes
MOST_RUNS = 100  # of one name
# What an index may say. It is shown in a terminal and becomes part of paths.
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")
SHA256 = carry.KEY
WORD = re.compile(r"[\w.+!#*][\w.+!#*-]{0,199}", re.ASCII)
TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f]{0,200}")
COPY_AGAIN = "Get the file again from where it comes."


@dataclass(frozen=True)
class Made:
    """What the runs of a pack were made with, from the outputs of their chapter.

    Attributes:
        chapter: its name.
        date: of its execution, as 2026-01-31.
        device: what it ran on.
        python: the version of Python.
        libraries: module to distribution and version.
        definitions: what the chapter reaches of the package, to the digest of each.
        data: name, variant and checksum of each data set.
        cells: digest of each code cell.
    """

    chapter: str
    date: str
    device: str
    python: str
    libraries: dict[str, dict[str, str]]
    definitions: dict[str, str]
    data: list[dict[str, str]]
    cells: list[str]


@dataclass(frozen=True)
class Pack:
    """One line of the index.

    Attributes:
        name: what the chapters call the runs.
        profile: whose constants they were trained with.
        bytes: size of the file.
        sha256: its checksum.
        digest: of the runs, as the outputs of their chapter record it.
        keys: what the runs are stored under, in the order of their seeds.
        seeds: the seeds.
        parameters: number of parameters of a model.
        cpu_seconds: processor time of all trainings together, in seconds.
        scores: the scores of each run.
        made: what they were made with.
    """

    name: str
    profile: str
    bytes: int
    sha256: str
    digest: str
    keys: list[str]
    seeds: list[int]
    parameters: int
    cpu_seconds: float
    scores: list[dict[str, float]]
    made: Made

    @property
    def file(self) -> str:
        """The name of its file."""
        return file_name(self.name, self.profile)


def file_name(name: str, profile: str) -> str:
    """The file of a name: `ch07/published` lies in `ch07--published.cpu.zip`."""
    return f"{name.replace('/', '--')}.{profile}.zip"


def write(path: Path, keys: list[str]) -> None:
    """Write runs of the store into a pack.

    Raises:
        RunError: a run is not in the store, or its model is one that nobody could unpack.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(carry.INDEX, carry.DATE), json.dumps(keys))
        for key in keys:
            record = store.find(key)
            if record is None:
                raise RunError(f"The run {key[:12]}… is not in the store. Run its chapter again.")
            models.check(store.model_file(key))
            text = json.dumps(record, indent=1, sort_keys=True)
            archive.writestr(zipfile.ZipInfo(f"{key}/{store.RECORD}", carry.DATE), text)
            entry = zipfile.ZipInfo(f"{key}/{store.MODEL}", carry.DATE)
            entry.file_size = store.model_file(key).stat().st_size
            with store.model_file(key).open("rb") as model, archive.open(entry, "w") as to:
                shutil.copyfileobj(model, to)


def unpack(path: Path, pack: Pack, scratch: Path) -> None:
    """Put the runs of a pack into the store, each whole or not at all.

    All of it is looked at before any of it is kept.

    Args:
        path: a file whose checksum is right.
        pack: what the index says of it.
        scratch: an empty folder for the time between.

    Raises:
        RunError: the file holds something else than the index says, or a model is refused.
    """
    with carry.opened(path, COPY_AGAIN, called=pack.file) as archive:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise RunError(f"{pack.file} is compressed, and no pack is. {COPY_AGAIN}")
        records = carry.records(Path(pack.file), archive, LARGEST)
        problem = _differs(records, pack)
        if problem:
            raise RunError(f"{pack.file} is not what its index says: {problem}. {COPY_AGAIN}")
        for key in records:
            with (
                archive.open(f"{key}/{store.MODEL}") as model,
                (scratch / key).open("wb") as to,
            ):
                shutil.copyfileobj(model, to)
            models.check(scratch / key)
    for key, record in records.items():
        store.keep(key, record, _File(scratch / key), trained=False)


def _differs(records: dict[str, dict[str, Any]], pack: Pack) -> str:
    """In what the records of a file are other ones than the index announces, or are no records."""
    if list(records) != pack.keys:
        return "it holds other runs"
    for record in records.values():
        number, curves, scores = record["cpu_seconds"], record["history"], record["scores"]
        sound = (
            isinstance(record["name"], str)
            and isinstance(curves, dict)
            and all(isinstance(c, list) and all(map(_is_number, c)) for c in curves.values())
            and isinstance(scores, dict)
            and all(map(_is_number, [number, record["seconds"], *scores.values()]))
            and type(record["parameters"]) is int
        )
        if not sound:
            return "a record is not one of a run"
    if [record["seed"] for record in records.values()] != pack.seeds:
        return "its seeds are other ones"
    if store.joined([record["digest"] for record in records.values()]) != pack.digest:
        return "its digests are other ones"
    return ""


class _File:
    """A model that is moved as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, path: Path) -> None:
        """Put the file of the model there."""
        shutil.move(self.path, path)


def chosen(names: Iterable[str], known: Iterable[str], where: str) -> list[str]:
    """The known names that are asked for: `ch07/published`, or `ch07` for all of a chapter.

    Args:
        names: what is asked for.
        known: all names there are.
        where: who knows them, for the message.

    Raises:
        RunError: there is none of a name; the message suggests the nearest.
    """
    there = sorted(set(known))
    found: list[str] = []
    for name in names:
        of_name = [one for one in there if one == name or one.startswith(f"{name}/")]
        if not of_name:
            near = difflib.get_close_matches(name, there, 1)
            some = ", ".join(dict.fromkeys(one.partition("/")[0] for one in there))
            hint = f"Did you mean {near[0]}?" if near else f"It has some of: {some or 'none'}."
            raise RunError(f"{where} has no runs {name!r}. {hint}")
        found += of_name
    return list(dict.fromkeys(found))


def index(packs: Iterable[Pack]) -> str:
    """The text of an index. What the runs of a chapter were made with stands there once."""
    lines, made = [], {}
    for pack in sorted(packs, key=lambda pack: (pack.name, pack.profile)):
        line = asdict(pack)
        content = line.pop("made")
        named = fingerprint.digest(json.dumps(content, sort_keys=True))[:16]
        made[named] = content
        lines.append({**line, "made": named})
    return json.dumps({"format": FORMAT, "made": made, "packs": lines}, indent=1) + "\n"


def read_index(text: bytes, where: str) -> list[Pack]:
    """Read an index that may come from anywhere.

    Args:
        text: its content.
        where: how to call it.

    Raises:
        RunError: it is no index, or says something that none says.
    """
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise RunError(
                f"{where} has format {content['format']!r:.20}, and this version of the course "
                f"reads {FORMAT}. Install the newest version: run the first cell of a new notebook."
            )
        made = {name: _made(entry) for name, entry in content["made"].items()}
        found = [_pack(entry, made[entry["made"]]) for entry in content["packs"]]
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        if isinstance(error, RunError):
            raise
        raise RunError(f"{where} is no index of runs ({error!s:.200}). {COPY_AGAIN}") from error
    return found


def _made(entry: dict[str, Any]) -> Made:
    """What runs were made with; anything in it that is not as it must be is refused."""
    made = Made(**{field.name: entry[field.name] for field in fields(Made)})
    _match(TEXT, made.device)
    for library in made.libraries.values():
        _match(WORD, library["distribution"], library["version"])
    for used in made.data:
        _match(WORD, used["name"], used["variant"], used["checksum"])
    _match(WORD, made.chapter, made.date, made.python, *made.libraries, *made.cells)
    _match(WORD, *made.definitions, *made.definitions.values())
    if not all("." in name for name in made.definitions):
        raise ValueError("a definition belongs to no module")
    return made


def _pack(entry: dict[str, Any], made: Made) -> Pack:
    """One line of an index, in the same way."""
    names = [field.name for field in fields(Pack) if field.name != "made"]
    pack = Pack(**{name: entry[name] for name in names}, made=made)
    _match(NAME, pack.name)
    _match(WORD, pack.profile)
    _match(SHA256, pack.sha256, pack.digest, *pack.keys)
    counts = [pack.bytes, pack.parameters, *pack.seeds]
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError("a size or a seed is no number")
    if not _is_number(pack.cpu_seconds) or pack.bytes > LARGEST:
        raise ValueError(f"{pack.name} has a size or a time that no run has")
    scores = [value for run in pack.scores for value in run.values()]
    _match(TEXT, *(name for run in pack.scores for name in run))
    alike = len(pack.keys) == len(set(pack.keys)) == len(pack.seeds) == len(pack.scores)
    if not all(map(_is_number, scores)) or not alike or not 0 < len(pack.keys) <= MOST_RUNS:
        raise ValueError(f"{pack.name} has runs that cannot be")
    return pack


def _match(pattern: re.Pattern[str], *texts: Any) -> None:
    for text in texts:
        if not isinstance(text, str) or not pattern.fullmatch(text):
            raise ValueError(f"{text!r:.80} is no value that stands in an index")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)
