"""Public tests on one's own notebook, run from its top: what `grader.check` would say."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from autograder import assignment
from autograder.errors import BundleError
from autograder.grading import grade
from autograder.records import Grade
from autograder.settings import Settings

# What belongs to the student's folder but not to the assignment.
LEFT_OUT = {".ipynb_checkpoints", "__pycache__"}


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
        for item in sorted(beside.rglob("*")):
            place = item.relative_to(beside)
            if place.parts[0] == "tests" or LEFT_OUT & {*place.parts} or item.suffix == ".ipynb":
                continue
            if item.is_file():
                # Links to files, not to folders, which a search does not enter.
                (bundle / "files" / place).parent.mkdir(parents=True, exist_ok=True)
                (bundle / "files" / place).symlink_to(item)
        found = grade(assignment.read(bundle, path.stem), path, Settings(sandbox="none"))
    return replace(found, provenance={**found.provenance, "sandbox": "your own machine"})
