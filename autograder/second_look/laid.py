"""What Otter's own grading gets: a submission and an assignment, each as a zip."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import SETTINGS, Assignment
from autograder.handed_in import Uploads
from autograder.notebook import Cell
from autograder.session import copy_files

# A notebook tells Otter its own name; in Otter, the checks of one that was renamed fail.
NAMED = re.compile(
    r"""\bNotebook\(\s*(?:nb_path\s*=\s*)?["'](?:\./)?([\w .()-]{1,100}\.ipynb)["']""", re.ASCII
)
OTHERWISE = "notebook.ipynb"
# Each machine calls its kernels otherwise; the grader asks for no name either.
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# Of Otter's settings: what speaks with a platform, writes a PDF, or runs code of the assignment's
# that the grader does not run. A token of the teacher's is for no notebook to read.
LEFT_OUT = ("token", "course_id", "assignment_id", "pdf", "plugins", "grade_from_log", "zips")
NOT_FOR_OTTER = "exercise.toml"


def name(cells: Sequence[Cell]) -> str:
    """What the notebook was called when it was given out."""
    for cell in cells:
        if found := NAMED.search(cell.source):
            return found[1]
    return OTHERWISE


def lay(
    assignment: Assignment,
    cells: Sequence[Cell],
    content: bytes,
    uploads: Uploads | None,
    work: Path,
) -> Path:
    """Write both zips.

    Args:
        assignment: with all its tests.
        cells: of the notebook.
        content: of the notebook's file.
        uploads: what was handed in beside it, or None.
        work: a folder.

    Returns:
        The folder of the zips.
    """
    place = work / "second-look"
    place.mkdir()
    files = work / "second-look-files"
    # Beside a file that was handed in, Otter lays none of the folder that it lies in.
    copy_files(assignment, files, lambda _: True)
    if uploads is not None:
        uploads.copy(files)
    shutil.rmtree(files / "tests")
    for other in files.glob("*.ipynb"):
        # Otter grades no submission with two notebooks.
        shutil.rmtree(other) if other.is_dir() else other.unlink()
    notebook = json.loads(content)
    notebook.setdefault("metadata", {})["kernelspec"] = KERNEL
    (files / name(cells)).write_text(json.dumps(notebook), encoding="utf-8")
    shutil.make_archive(str(place / "submission"), "zip", files)
    with zipfile.ZipFile(place / "autograder.zip", "w", strict_timestamps=False) as archive:
        for path in sorted(assignment.folder.rglob("*")):
            inside = path.relative_to(assignment.folder).as_posix()
            if path.is_file() and inside not in (SETTINGS, NOT_FOR_OTTER):
                archive.write(path, inside)
        config = {key: value for key, value in assignment.config.items() if key not in LEFT_OUT}
        archive.writestr(SETTINGS, json.dumps(config))
    return place
