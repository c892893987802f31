"""The outputs of a chapter on disk: a notebook of code cells, with its key and provenance."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from course.errors import OutputsError
from course.storage import write_text

FOLDER = "outputs"
METADATA = "course"
SCHEMA = 1


@dataclass(frozen=True)
class Outputs:
    """What running a chapter produced.

    Attributes:
        cells: the code cells with their outputs, as notebook nodes.
        key: what the outputs depend on, see `course.execution.keys`.
        provenance: where, when and with what they were made.
        digest: SHA-256 over all of it.
    """

    cells: list[Any]
    key: dict[str, Any]
    provenance: dict[str, Any]
    digest: str

    @property
    def headlines(self) -> dict[str, str]:
        """The main results: what they are, and their values."""
        found = {}
        for cell in self.cells:
            for output in cell.outputs:
                note = output.get("metadata", {}).get(METADATA, {})
                if "headline" in note:
                    found[str(note["headline"])] = str(note["value"])
        return found


def file_of(root: Path, profile: str, name: str) -> Path:
    """Where the outputs of a chapter lie."""
    return root / FOLDER / profile / f"{name}.ipynb"


def read(path: Path) -> Outputs | None:
    """Read the outputs of a chapter; None when there are none yet.

    Raises:
        OutputsError: the file is half written, edited by hand, or of another schema.
    """
    if not path.is_file():
        return None
    again = f"Run `course execute {path.stem}` to make it again."
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        content = notebook.metadata[METADATA]
        schema, stored = content["schema"], content["digest"]
        key, provenance = _plain(content["key"]), _plain(content["provenance"])
    except Exception as error:
        raise OutputsError(f"{path} is half written or no notebook of outputs. {again}") from error
    if schema != SCHEMA:
        raise OutputsError(f"{path} has schema {schema}; this course reads {SCHEMA}. {again}")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if _digest(cells, key, provenance) != stored:
        raise OutputsError(f"{path} was changed by hand. {again}")
    return Outputs(cells, key, provenance, stored)


def write(path: Path, cells: list[Any], key: dict[str, Any], provenance: dict[str, Any]) -> Outputs:
    """Write the outputs of a chapter, whole or not at all.

    Raises:
        CourseError: the disk is full or the folder cannot be written; old outputs stay.
    """
    notebook = nbformat.v4.new_notebook(cells=copy.deepcopy(cells))
    for index, cell in enumerate(notebook.cells):
        cell.metadata.clear()
        cell.id = f"cell-{index + 1}"
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    # Once through the format's own writer, so that the digest is taken of what a reader gets.
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    content = _digest(notebook.cells, key, provenance)
    notebook.metadata[METADATA] = {
        "schema": SCHEMA,
        "digest": content,
        "key": key,
        "provenance": provenance,
    }
    write_text(path, nbformat.writes(notebook) + "\n")
    return Outputs(notebook.cells, key, provenance, content)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _digest(cells: list[Any], key: dict[str, Any], provenance: dict[str, Any]) -> str:
    everything = json.dumps([_plain(cells), key, provenance], sort_keys=True)
    return hashlib.sha256(everything.encode()).hexdigest()
