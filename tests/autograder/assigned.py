"""Assignments that `otter assign` makes of the masters in `masters/`, with honest notebooks.

A master is text: `%% raw`, `%% markdown` and `%% code` begin a cell. After the cells, each
`%% notebook NAME` begins changes of the solution, one a line, as `OLD -> NEW`; a `\\n` in them is a
new line.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

MASTERS = Path(__file__).with_name("masters")
NAMES = sorted(path.stem for path in MASTERS.glob("*.txt"))
# What every master has: its own solution, and the notebook that students get, unchanged.
RIGHT, BLANK = "right", "blank"
HEAD = re.compile(r"(?m)^%% (raw|markdown|code|notebook .*)\n")


@dataclass(frozen=True)
class Assigned:
    """What `otter assign` wrote.

    Attributes:
        bundle: its zip for the autograder.
        notebooks: honest ones by name.
    """

    bundle: Path
    notebooks: dict[str, Path]


def parts(name: str) -> list[tuple[str, str]]:
    """Cells and notebooks of a master: the kind, and the text."""
    _, *found = HEAD.split((MASTERS / f"{name}.txt").read_text(encoding="utf-8"))
    return [(kind, text.rstrip("\n")) for kind, text in zip(found[::2], found[1::2], strict=True)]


def stems(name: str) -> list[str]:
    """Names of the notebooks of a master."""
    own = [kind.removeprefix("notebook ") for kind, _ in parts(name) if kind.startswith("notebook")]
    return [RIGHT, BLANK, *own]


def assign(name: str, work: Path) -> Assigned:
    """Run a master, as its author would, and let `otter assign` take it apart.

    Args:
        name: of the master.
        work: an empty folder.
    """
    source, made = work / "master", work / "made"
    shutil.copytree(MASTERS / "files", source)
    master = nbformat.v4.new_notebook()
    master.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    for kind, text in parts(name):
        if not kind.startswith("notebook"):
            master.cells.append(getattr(nbformat.v4, f"new_{kind}_cell")(text))
    # Tests of ok style compare with what the author's cells showed.
    NotebookClient(master, resources={"metadata": {"path": str(source)}}).execute()
    nbformat.write(master, source / f"{name}.ipynb")
    command = [sys.executable, "-m", "otter", "assign", f"{name}.ipynb", str(made)]
    subprocess.run([*command, "--no-run-tests"], cwd=source, check=True, capture_output=True)
    (bundle,) = (made / "autograder").glob("*.zip")
    notebooks = {
        RIGHT: made / "autograder" / f"{name}.ipynb",
        BLANK: made / "student" / f"{name}.ipynb",
    }
    for kind, changes in parts(name):
        if kind.startswith("notebook"):
            stem = kind.removeprefix("notebook ")
            notebooks[stem] = work / f"{stem}.ipynb"
            changed(notebooks[RIGHT], changes.splitlines(), notebooks[stem])
    return Assigned(bundle, notebooks)


def changed(path: Path, changes: list[str], target: Path) -> None:
    """Write a copy of a notebook in which each change is made, in one cell at least."""
    copy = nbformat.read(path, as_version=4)
    for change in changes:
        old, new = (side.strip().replace("\\n", "\n") for side in change.split(" -> "))
        cells = [cell for cell in copy.cells if old in cell.source]
        assert cells, f"{path.stem}: no cell holds {old!r}"
        for cell in cells:
            cell.source = cell.source.replace(old, new)
    nbformat.write(copy, target)


def tests_of(bundle: Path) -> dict[str, str]:
    """The test files of a bundle by their names."""
    with zipfile.ZipFile(bundle) as archive:
        return {
            Path(name).stem: archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("tests/") and name.endswith(".py")
        }
