"""Which of the files belong to which student: the layouts of three platforms, and plain ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.errors import Rejected
from autograder.intake.entries import Entry
from autograder.intake.submitters import submitters

MOODLE = re.compile(r"(?P<student>[^/]+)_(?P<id>\d+)_assignsubmission_[a-z]+_?/?(?P<rest>.*)", re.S)
CANVAS = re.compile(r"(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<rest>[^/]+)", re.S)
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)/(?P<rest>.+)", re.S)
METADATA = "submission_metadata.yml"
METADATA_BYTES = 20_000_000
# Otter's export puts one of these into the zip of a student.
OTTER = (".OTTER_LOG", "__zip_filename__")


@dataclass(frozen=True)
class Group:
    """What one student handed in.

    Attributes:
        name: of the submission: the file's name, with its folder where there are several.
        student: the name, or "".
        identifier: the student's number in the platform, or "".
        entries: the files, their paths starting in the student's folder.
    """

    name: str
    student: str
    identifier: str
    entries: tuple[Entry, ...]


def grouped(entries: Iterable[Entry], source: str) -> list[Group]:
    """Sort files by student.

    Args:
        entries: the files of a folder or archive.
        source: its name, which names the submission where it holds one only.
    """
    files = [entry for entry in entries if entry.fault or not entry.is_noise]
    files = _unwrapped(files)
    for platform in (_gradescope, _moodle, _canvas):
        groups = platform(files)
        if groups:
            return groups
    return _plain(files, source)


def _unwrapped(files: list[Entry]) -> list[Entry]:
    """The files without a folder that all of them lie in, unless it is a student's."""
    first = {entry.name.partition("/")[0] for entry in files}
    if len(first) != 1 or not all("/" in entry.name for entry in files):
        return files
    (folder,) = first
    if folder in ("", "..") or MOODLE.fullmatch(folder + "/") or GRADESCOPE.match(folder + "/x"):
        return files
    return [entry.below(folder + "/") for entry in files]


def _gradescope(files: list[Entry]) -> list[Group]:
    listed = next((entry for entry in files if entry.name == METADATA), None)
    if listed is None:
        return []
    try:
        known = submitters(listed.read(METADATA_BYTES).decode("utf-8", "replace"))
    except Rejected:
        known = {}
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in files:
        matched = GRADESCOPE.fullmatch(entry.name)
        if matched:
            found[matched["id"]].append(entry.below(f"submission_{matched['id']}/"))
    groups = []
    for number, own in found.items():
        student, identifier = known.get(number, ("", ""))
        groups.append(Group(_named(f"submission_{number}", own), student, identifier, tuple(own)))
    return groups


def _moodle(files: list[Entry]) -> list[Group]:
    return _by_pattern(files, MOODLE)


def _canvas(files: list[Entry]) -> list[Group]:
    return _by_pattern(files, CANVAS)


def _by_pattern(files: list[Entry], pattern: re.Pattern[str]) -> list[Group]:
    """Groups of the files whose paths match; other notebooks and archives stand for themselves."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    others = []
    names: dict[tuple[str, str], str] = {}
    for entry in files:
        matched = pattern.fullmatch(entry.name)
        if matched and matched["rest"]:
            key = (matched["student"], matched["id"])
            begin = entry.name[: matched.start("rest")]
            names.setdefault(key, begin[:-1])
            found[key].append(entry.below(begin))
        elif entry.carries:
            others.append(Group(entry.name, "", "", (entry,)))
    if not found:
        return []
    groups = [
        Group(_named(names[key], own), key[0], key[1], tuple(own)) for key, own in found.items()
    ]
    return groups + others


def _plain(files: list[Entry], source: str) -> list[Group]:
    carriers = [entry for entry in files if entry.carries]
    exported = any(entry.name in OTTER for entry in files)
    # A folder beside them that cannot be read is another student's, not a part of what one has.
    places = {entry.name.partition("/")[0] for entry in files if entry.carries or entry.unread}
    apart = len(places) > 1 and all("/" in entry.name for entry in carriers)
    if exported or (len(carriers) < 2 and not apart):
        return [Group(source, "", "", tuple(files))]
    folders: dict[str, list[Entry]] = defaultdict(list)
    groups = []
    for entry in files:
        folder, slash, _ = entry.name.partition("/")
        if slash and folder not in ("", ".."):
            folders[folder].append(entry.below(folder + "/"))
        elif entry.carries:
            groups.append(Group(entry.name, "", "", (entry,)))
    for folder, own in folders.items():
        if any(entry.carries or entry.fault for entry in own):
            groups.append(Group(_named(folder, own), folder, "", tuple(own)))
    return groups


def _named(folder: str, own: list[Entry]) -> str:
    """The name of a submission that shares its file name with others."""
    carriers = [entry for entry in own if entry.carries]
    return f"{folder}/{carriers[0].name}" if len(carriers) == 1 else folder
