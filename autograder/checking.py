"""Public tests on one's own notebook, run from its top: what `grader.check` would say."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import assignment
from autograder.errors import BundleError
from autograder.grading import grade
from autograder.notebook import mapping
from autograder.records import Grade
from autograder.settings import Settings

# What folders hold that belong to an environment, not to the assignment.
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


def check(path: Path) -> Grade:
    """Grade a notebook with its public tests, without a sandbox: it is one's own.

    They are those in the folder `tests` beside it; without one, those that Otter has put into the
    notebook's metadata. Nothing but this command takes tests from there.

    Raises:
        BundleError: there are no tests in either place, or they cannot be read.
    """
    beside = path.resolve().parent
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        bundle = Path(work, "bundle")
        (bundle / "files").mkdir(parents=True)
        if (beside / "tests").is_dir():
            (bundle / "tests").symlink_to(beside / "tests")
        else:
            carried(path, bundle / "tests")
        for item in files(beside):
            place = Path("files") / item.relative_to(beside)
            (bundle / place).parent.mkdir(parents=True, exist_ok=True)
            (bundle / place).symlink_to(item)
        found = grade(assignment.read(bundle, path.stem), path, Settings(sandbox="none"))
    return replace(found, provenance={**found.provenance, "sandbox": "your own machine"})


def carried(path: Path, folder: Path) -> None:
    """Write the tests in a notebook's metadata as files, which run as those of a folder would.

    Raises:
        BundleError: there are none, or one is no test of Otter's.
    """
    try:
        content = mapping(json.loads(path.read_bytes()))
    except (ValueError, RecursionError):
        raise BundleError(
            f"{path.name} is no notebook: it is not JSON. Download it again as .ipynb."
        ) from None
    tests = mapping(mapping(mapping(content.get("metadata")).get("otter")).get("tests"))
    if not tests:
        raise BundleError(
            f"There is no folder `tests` beside {path.name}, and no tests are in the notebook "
            "itself. Put it into the folder that it came in, or download it again."
        )
    folder.mkdir()
    for name, test in tests.items():
        try:
            text = written(test)
            if Path(f"{name}.py").stem != name:
                raise ValueError("this name is no file's")
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        except (ValueError, RecursionError, OSError) as error:
            raise BundleError(
                f"The test {name!a:.60} in {path.name} cannot be read ({error!s:.100}). "
                "Download the notebook again."
            ) from None


def written(test: Any) -> str:
    """The text of a test file: a dictionary of doctests, or the text that Otter has stored.

    Raises:
        ValueError: it is neither.
    """
    if type(test) is dict:
        return f"OK_FORMAT = True\n\ntest = {test!r}\n"
    if type(test) is str:
        return test
    raise ValueError("it is neither doctests nor the text of a file")


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
