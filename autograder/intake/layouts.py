"""Which of the files belong to which student: the layouts of three platforms, and plain ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.errors import Rejected
from autograder.intake.entries import Entry
from autograder.intake.submitters import submitters
from autograder.records import Member

# A platform writes the name and the number first, and whatever comes behind them is the student's:
# a file may be called like another student's. So a name ends at its first `_` (Moodle writes blanks
# for those in names), and no path can be read in two ways, nor as of two platforms.
MOODLE = re.compile(
    r"(?P<student>[^/_]+)_(?P<id>[0-9]+)_assignsubmission_[a-z]+(?:_?/|_)(?P<rest>.*)", re.S
)
CANVAS = re.compile(r"(?P<student>[^/_]+)_(?:LATE_)?(?P<id>[0-9]+)_[0-9]+_(?P<rest>[^/]+)", re.S)
GRADESCOPE = re.compile(r"submission_(?P<id>[0-9]+)/(?P<rest>.+)", re.S)
METADATA = "submission_metadata.yml"
METADATA_BYTES = 20_000_000
# The part of the notebooks and archives that have to be named as a platform names them.
MOST = 0.5
# Otter's export puts one of these into the zip of a student.
OTTER = (".OTTER_LOG", "__zip_filename__")


@dataclass(frozen=True)
class Group:
    """What one student, or a group of Gradescope's, handed in.

    Attributes:
        name: of the submission: the file's name, with its folder where there are several.
        student: the name, or ""; a group has its names joined.
        identifier: the student's number in the platform, or ""; of a group, the first there is.
        entries: the files, their paths starting in the student's folder.
        layout: "Moodle", "Canvas", "Gradescope" or "plain": what says whose the files are.
        members: who handed it in, one by one, where the platform lists them.
    """

    name: str
    student: str
    identifier: str
    entries: tuple[Entry, ...]
    layout: str = "plain"
    members: tuple[Member, ...] = ()


def grouped(entries: Iterable[Entry], source: str) -> list[Group]:
    """Sort files by student.

    Args:
        entries: the files of a folder or archive.
        source: its name, which names the submission where it holds one only.
    """
    files = [entry for entry in entries if entry.fault or not entry.is_noise]
    files = _unwrapped(files)
    patterns = {"Moodle": MOODLE, "Canvas": CANVAS}
    if any(entry.name == METADATA for entry in files):
        patterns["Gradescope"] = GRADESCOPE
    layout = max(patterns, key=lambda name: _share(files, patterns[name]))
    # One file that is named like a platform's does not make all others that platform's.
    if _share(files, patterns[layout]) < MOST:
        return _plain(files, source)
    groups = _by_pattern(files, patterns[layout], layout)
    return _with_submitters(groups, files) if layout == "Gradescope" else groups


def is_of_one(name: str) -> bool:
    """Whether an archive is by its name one student's, who says nothing about whose others are."""
    return MOODLE.fullmatch(name) is not None


def _unwrapped(files: list[Entry]) -> list[Entry]:
    """The files without a folder that all of them lie in, unless it is a student's."""
    first = {entry.name.partition("/")[0] for entry in files}
    if len(first) != 1 or not all("/" in entry.name for entry in files):
        return files
    (folder,) = first
    if folder in ("", "..") or MOODLE.fullmatch(folder + "/") or GRADESCOPE.match(folder + "/x"):
        return files
    return [entry.below(folder + "/") for entry in files]


def _share(files: list[Entry], pattern: re.Pattern[str]) -> float:
    """The part of the notebooks and archives, of all files where there are none, that match."""
    counted = [entry for entry in files if entry.carries or entry.unread] or files
    matching = sum(_matched(pattern, entry) is not None for entry in counted)
    return matching / len(counted) if counted else 0.0


def _matched(pattern: re.Pattern[str], entry: Entry) -> re.Match[str] | None:
    found = pattern.fullmatch(entry.name)
    return found if found and found["rest"] else None


def _with_submitters(groups: list[Group], files: list[Entry]) -> list[Group]:
    """Gradescope's groups with the names and numbers that its list of submitters gives them."""
    listed = next(entry for entry in files if entry.name == METADATA)
    try:
        known = submitters(listed.read(METADATA_BYTES).decode("utf-8", "replace"))
    except Rejected:
        known = {}
    found = []
    for group in groups:
        members = known.get(group.identifier, ())
        student = ", ".join(member.name for member in members if member.name)
        identifier = next((member.number for member in members if member.number), "")
        found.append(replace(group, student=student, identifier=identifier, members=members))
    return found


def _by_pattern(files: list[Entry], pattern: re.Pattern[str], layout: str) -> list[Group]:
    """Groups of the files whose paths match; other notebooks and archives stand for themselves."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    others = []
    # A zip lists files in another order than a folder, and a student's name must not follow it.
    names: dict[tuple[str, str], tuple[bool, str]] = {}
    for entry in files:
        matched = _matched(pattern, entry)
        if matched:
            key = (matched.groupdict().get("student", ""), matched["id"])
            begin = entry.name[: matched.start("rest")]
            own_name = (not entry.carries, begin[:-1])
            names[key] = min(names.get(key, own_name), own_name)
            found[key].append(entry.below(begin))
        elif entry.carries:
            others.append(Group(entry.name, "", "", (entry,)))
    groups = [
        Group(_named(names[key][1], own), key[0], key[1], tuple(own), layout)
        for key, own in found.items()
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
