"""Public tests on one's own notebook, run from its top: what `grader.check` would say."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder import assignment
from autograder.errors import BundleError
from autograder.grading import grade
from autograder.records import Grade
from autograder.settings import Settings

# What folders hold that belong to an environment, not to the assignment.
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


def check(path: Path) -> Grade:
    """Grade a notebook with the tests that lie beside it, without a sandbox: it is one's own.

    Raises:
        BundleError: there is no folder `tests`.
    """
    beside = path.resolve().parent
    if not (beside / "tests").is_dir():
        raise BundleError(
            f"There is no folder `tests` beside {path.name}. Put the notebook into the folder "
            "that it came in."
        )
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        bundle = Path(work, "bundle")
        (bundle / "files").mkdir(parents=True)
        (bundle / "tests").symlink_to(beside / "tests")
        for item in files(beside):
            place = Path("files") / item.relative_to(beside)
            (bundle / place).parent.mkdir(parents=True, exist_ok=True)
            (bundle / place).symlink_to(item)
        found = grade(assignment.read(bundle, path.stem), path, Settings(sandbox="none"))
    return replace(found, provenance={**found.provenance, "sandbox": "your own machine"})


def files(folder: Path) -> Iterator[Path]:
    """What belongs to the assignment beside a notebook: links to files, not to folders.

    Not the tests and other notebooks, nor hidden folders and environments, which may be large.
    """
    for name, folders, names in os.walk(folder):
        here = Path(name)
        folders[:] = sorted(inner for inner in folders if not _left_out(here / inner, folder))
        found = (here / file for file in sorted(names))
        yield from (path for path in found if path.suffix != ".ipynb" and path.is_file())


def _left_out(inner: Path, top: Path) -> bool:
    if inner.name.startswith(".") or inner.name == "__pycache__" or inner == top / "tests":
        return True
    return any((inner / mark).exists() for mark in ENVIRONMENT)
