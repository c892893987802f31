"""Assignments: what `otter assign` writes for its autograder, as a zip or a folder.

An `exercise.toml` beside Otter's files adds limits and says which files students have; without it
every file is the student's too, as with `otter run`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import re
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import BundleError
from autograder.held_back import plan
from autograder.held_back.plan import HeldBack
from autograder.needs import needed, ok_style
from autograder.records import Scale
from autograder.sandbox.limits import Limits

SCHEMA = 1
SETTINGS = "otter_config.json"
# What `otter assign` calls the zip that it leaves in its folder `autograder`.
OF_OTTER = "*-autograder_*.zip"
# A file that lies in its zips alone.
UNPACKED = "run_autograder"
# Settings of Otter's for the points of the whole.
SCALING = ("points_possible", "score_threshold")
# Settings of Otter's that change what is graded or how, and are not followed here.
UNFOLLOWED = {
    "grade_from_log": "notebooks are run, and logs are never opened",
    "plugins": "none runs here, and what they would do to the points is missing",
    "debug": "a cell that ends in an error does not end the grading",
}


@dataclass(frozen=True)
class Test:
    """A test file.

    Attributes:
        ok_style: a dictionary of doctests; otherwise functions that raise.
        names: variables that it looks at; None where it may look at any.
    """

    stem: str
    ok_style: bool
    names: tuple[str, ...] | None


@dataclass(frozen=True)
class Assignment:
    """An assignment, unpacked.

    Attributes:
        folder: with `tests/`, `files/` and `otter_config.json`.
        name: its title, for reports.
        config: Otter's settings.
        tests: by the order in which Otter runs them.
        student_files: paths below `files/` that students have; all others are the tests'.
        manual: points of the written questions by their names.
        limits: of this assignment.
        held_back: what the notebook does not see of files that students hand in, or None.
        digest: of everything in the bundle.
    """

    folder: Path
    name: str
    config: Mapping[str, Any]
    tests: tuple[Test, ...]
    student_files: tuple[str, ...]
    digest: str
    manual: Mapping[str, float] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    held_back: HeldBack | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """Patterns of the files that belong to a submission because the assignment says so."""
        return () if self.held_back is None else (f"{self.held_back.folder}/*",)

    @property
    def seed(self) -> int | None:
        """Otter's seed, or None."""
        seed = self.config.get("seed")
        return seed if type(seed) is int else None

    @property
    def seeds_cells(self) -> bool:
        """Whether Otter seeds generators before each cell; not where it sets a variable instead."""
        return self.seed is not None and not self.config.get("seed_variable")

    @property
    def scale(self) -> Scale | None:
        """What Otter's settings say of the points of the whole, or None."""
        points, threshold = (self.config.get(name) for name in SCALING)
        return None if points is None and threshold is None else Scale(points, threshold)

    @property
    def unfollowed(self) -> str:
        """A sentence on Otter's settings that are set and not followed, or ""."""
        found = [f"{name} ({why})" for name, why in UNFOLLOWED.items() if self.config.get(name)]
        return f"otter_config.json: not followed here: {'; '.join(found)}." if found else ""


def located(given: Path) -> Path:
    """The bundle where a folder is given in which `otter assign` left its zip, or the one above it.

    Any other path is returned as it is.

    Raises:
        BundleError: several bundles lie there.
    """
    folders = [folder for folder in (given, given / "autograder") if folder.is_dir()]
    for folder in folders:
        found = sorted(folder.glob(OF_OTTER))
        # Beside its zip Otter may leave tests and settings, but the data files in other places.
        tests = any((folder / "tests").glob("*.py"))
        if tests and (not found or (folder / UNPACKED).is_file()):
            return folder
        if found:
            return _only(found, given)
    for folder in folders:
        found = [path for path in sorted(folder.glob("*.zip")) if _is_bundle(path)]
        if found:
            return _only(found, given)
    return given


def _only(found: list[Path], given: Path) -> Path:
    """The only one.

    Raises:
        BundleError: there are more.
    """
    if len(found) > 1:
        names = ", ".join(str(path.relative_to(given)) for path in found[:10])
        more = f" and {len(found) - 10} more" if len(found) > 10 else ""
        raise BundleError(
            f"{given} holds {len(found)} bundles: {names}{more}. Name the one that is meant."
        )
    return found[0]


def _is_bundle(path: Path) -> bool:
    """Whether a zip is one for the autograder; what is packed for students has no settings."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    return SETTINGS in names and any(re.fullmatch(r"tests/[^/]+\.py", name) for name in names)


def unpack(bundle: Path, into: Path) -> Path:
    """The folder of a bundle; a zip is unpacked into `into`.

    Raises:
        BundleError: it is neither, or has paths that lead elsewhere.
    """
    if bundle.is_dir():
        return bundle
    try:
        with zipfile.ZipFile(bundle) as archive:
            for name in archive.namelist():
                if name.startswith(("/", "\\")) or ".." in Path(name).parts:
                    raise BundleError(f"{bundle.name}: {name} leads out of the bundle.")
            archive.extractall(into)
    except (OSError, zipfile.BadZipFile) as error:
        raise BundleError(
            f"{bundle} is no bundle ({error}). Give the zip or folder that `otter assign` "
            "or `course exercises` writes for the autograder."
        ) from None
    return into


def open_bundle(bundle: Path, work: Path) -> Assignment:
    """Read a bundle; a zip is unpacked into `work`, which has to live as long as the assignment.

    Raises:
        BundleError: see `located`, `unpack` and `read`.
    """
    bundle = located(bundle)
    return read(unpack(bundle, work), bundle.stem)


def digest(folder: Path) -> str:
    """SHA-256 over the paths and contents of a bundle."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def _in_order(path: Path) -> list[tuple[int, str]]:
    """A key that puts q2 before q10."""
    return [(int(n or 0), text) for text, n in re.findall(r"(\D*)(\d*)", path.stem)]


def read(folder: Path, name: str) -> Assignment:
    """Read an unpacked bundle.

    Args:
        folder: of the bundle.
        name: to be called where neither exercise.toml has a title nor Otter's settings a name.

    Raises:
        BundleError: files are missing or cannot be read, or it is not for Python.
    """
    paths = sorted((folder / "tests").glob("*.py"), key=_in_order)
    paths = [path for path in paths if path.name != "__init__.py"]
    if not paths:
        raise BundleError(f"{name} has no tests/*.py; is it the autograder zip of `otter assign`?")
    try:
        settings = folder / SETTINGS
        config = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        extra_path = folder / "exercise.toml"
        extra = tomllib.loads(extra_path.read_text("utf-8")) if extra_path.is_file() else {}
        tests = tuple(test(path) for path in paths)
        held_back = plan.read(extra.get("held_back"))
    except (ValueError, SyntaxError) as error:
        raise BundleError(f"{name}: {error}. Make the bundle again.") from None
    for key in SCALING:
        value = config.get(key)
        if value is not None and not (type(value) in (int, float) and math.isfinite(value)):
            raise BundleError(f"{name}: {key} in otter_config.json is no number. Make it one.")
    if config.get("lang", "python") != "python":
        raise BundleError(
            f"{name} is an assignment in {config['lang']}; only Python is graded here."
        )
    if extra.get("schema", SCHEMA) > SCHEMA:
        raise BundleError(
            f"{name} is of a newer kind (schema {extra['schema']}); update autograder."
        )
    files = folder / "files"
    every = sorted(p.relative_to(files).as_posix() for p in files.rglob("*") if p.is_file())
    given = extra.get("files", {}).get("student")
    return Assignment(
        folder=folder,
        name=str(extra.get("title") or config.get("assignment_name") or name),
        config=config,
        tests=tests,
        student_files=tuple(every if given is None else [path for path in every if path in given]),
        digest=digest(folder),
        manual={q["name"]: q["points"] for q in extra.get("questions", []) if q.get("manual")},
        limits=limits(extra.get("limits", {})),
        held_back=held_back,
    )


def test(path: Path) -> Test:
    """Read a test file without running it."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path.name))
    return Test(path.stem, ok_style(tree), needed(tree))


def limits(given: Mapping[str, Any]) -> Limits:
    """Limits of an assignment; what it does not set is as `Limits` has it."""
    known = {name: given[name] for name in Limits.__dataclass_fields__ if name in given}
    return Limits(**known)
