"""The state of every chapter of the book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course import chapters, profiles, project
from course.data import registry
from course.errors import OutputsError
from course.execution import keys, outputs


def surroundings(root: Path, book: list[chapters.Chapter]) -> keys.Surroundings:
    """What the outputs of the book's chapters depend on, beside the chapters themselves."""
    profile = profiles.current()
    trained: dict[str, str] = {}
    for chapter in book:
        try:
            found = outputs.read(outputs.file_of(root, profile, chapter.name))
        except OutputsError:
            continue
        if found is not None:
            trained |= found.key["trained"]
    return keys.Surroundings(root, profile, project.locked(root), registry.checksum, trained)


def states(root: Path) -> list[keys.State]:
    """The state of every chapter, in the book's order.

    Raises:
        ChapterError: the table of contents and the files do not match.
    """
    book = chapters.listed(root)
    around = surroundings(root, book)
    return [keys.state(chapter, around) for chapter in book]


def as_json(state: keys.State) -> dict[str, Any]:
    """A state as plain JSON values, for other programs."""
    provenance = state.outputs.provenance if state.outputs else {}
    return {
        "chapter": state.chapter.name,
        "fresh": state.fresh,
        "reasons": list(state.reasons),
        "notes": list(state.notes),
        "headlines": state.outputs.headlines if state.outputs else {},
        "device": provenance.get("device"),
        "seconds": provenance.get("seconds"),
        "cpu_seconds": provenance.get("cpu_seconds"),
        "training_cpu_seconds": provenance.get("training_cpu_seconds"),
        "peak_memory": provenance.get("peak_memory"),
        "executed": provenance.get("date"),
    }
