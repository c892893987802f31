"""Whether outputs still belong to their chapter, and why not. Needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import project
from course.chapters import Chapter
from course.errors import CourseError, OutputsError
from course.execution import outputs


@dataclass(frozen=True)
class State:
    """The state of a chapter.

    Attributes:
        chapter: the chapter.
        outputs: its committed outputs, or None when there are none or they are unreadable.
        reasons: why the outputs are stale; none means that they are fresh.
        notes: what is worth knowing and makes nothing stale.
    """

    chapter: Chapter
    outputs: outputs.Outputs | None
    reasons: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def fresh(self) -> bool:
        """Whether the outputs belong to the chapter as it stands."""
        return not self.reasons


@dataclass(frozen=True)
class Surroundings:
    """Everything outside a chapter that its outputs depend on.

    Attributes:
        root: the folder of the course.
        profile: `cpu` or `gpu`.
        locked: distribution to version, from the lock file.
        checksum: gives the registered checksum of a data set's variant.
        trained: name of a run to its digest, over all chapters with outputs.
    """

    root: Path
    profile: str
    locked: dict[str, str]
    checksum: Callable[[str, str], str]
    trained: dict[str, str]


def key(
    chapter: Chapter,
    profile: str,
    *,
    definitions: dict[str, str],
    data: list[dict[str, str]],
    loaded: dict[str, str],
    trained: dict[str, str],
    libraries: dict[str, dict[str, str]],
) -> dict[str, Any]:
    """What the outputs of a chapter depend on, as plain JSON values.

    Args:
        chapter: the chapter that was run.
        profile: what it was run with, `cpu` or `gpu`.
        definitions: what it reached of the package when it began, see `Chapter.definitions`.
        data: name, variant and checksum of each data set it loaded.
        loaded: name and digest of the runs it took from other chapters.
        trained: name and digest of its own runs; for the chapters that take them.
        libraries: for each library it imports: its distribution and version.
    """
    return {
        "cells": chapter.cells,
        "language": chapter.language,
        "profile": profile,
        "data": data,
        "loaded": loaded,
        "trained": trained,
        "definitions": definitions,
        "libraries": libraries,
    }


def state(chapter: Chapter, around: Surroundings) -> State:
    """Compare the committed outputs of a chapter with the chapter and its surroundings."""
    path = outputs.file_of(around.root, around.profile, chapter.name)
    try:
        found = outputs.read(path)
    except OutputsError as error:
        return State(chapter, None, (str(error),), ())
    if found is None:
        return State(chapter, None, ("it has never been executed",), ())
    reasons = [
        *_cells(chapter, found.key["cells"]),
        *_definitions(chapter.definitions(around.root), found.key["definitions"]),
        *_data(found.key["data"], around),
        *_loaded(found.key["loaded"], around),
    ]
    if found.key["language"] != chapter.language:
        reasons.append(f"the kernel's language was {found.key['language']}")
    if found.key["profile"] != around.profile:
        reasons.append(f"the profile was {found.key['profile']}")
    libraries, notes = _libraries(found.key["libraries"], around.locked)
    return State(chapter, found, tuple(reasons + libraries), tuple(notes))


def _cells(chapter: Chapter, recorded: list[str]) -> list[str]:
    now = chapter.cells
    if len(now) != len(recorded):
        return [f"it has {len(now)} code cells, the outputs have {len(recorded)}"]
    changed = [
        str(i) for i, (new, old) in enumerate(zip(now, recorded, strict=True), 1) if new != old
    ]
    if not changed:
        return []
    return [f"code cell {', '.join(changed)} changed"]


def _definitions(now: dict[str, str], recorded: dict[str, str]) -> list[str]:
    changed = {name for name in now.keys() | recorded.keys() if now.get(name) != recorded.get(name)}
    return [f"{name} changed" for name in sorted({name.split("#")[0] for name in changed})]


def _data(recorded: list[dict[str, str]], around: Surroundings) -> list[str]:
    reasons = []
    for used in recorded:
        label = f"{used['name']} ({used['variant']})"
        try:
            now = around.checksum(used["name"], used["variant"])
        except CourseError:
            reasons.append(f"the data set {label} is no longer registered")
            continue
        if now != used["checksum"]:
            reasons.append(f"the checksum of the data set {label} changed")
    return reasons


def _loaded(recorded: dict[str, str], around: Surroundings) -> list[str]:
    reasons = []
    for name, digest in sorted(recorded.items()):
        if name not in around.trained:
            reasons.append(f"no chapter has outputs with the run {name}")
        elif around.trained[name] != digest:
            reasons.append(f"the run {name} was trained anew")
    return reasons


def _libraries(
    recorded: dict[str, dict[str, str]], locked: dict[str, str]
) -> tuple[list[str], list[str]]:
    reasons, notes = [], []
    for library in recorded.values():
        name, version = library["distribution"], library["version"]
        now = locked.get(project.canonical(name))
        if now is None:
            reasons.append(f"{name} is not in {project.LOCK}")
        elif project.minor(now) != project.minor(version):
            reasons.append(f"{name} was {version}, the lock has {now}")
        elif now != version:
            notes.append(f"{name} was {version}, the lock has {now}: a patch release")
    return reasons, notes
