"""The lock files: one exact version of everything, for every Python that the course supports."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from course.errors import CourseError
from course.storage import write_text

OLDEST = "3.11"
# Lock file to the extras it holds. The full lock comes first: the others take its versions.
FILES = {
    "requirements.txt": ("site", "train", "exercises", "grader", "dev"),
    "requirements-site.txt": ("site",),
    "requirements-gpu.txt": ("site", "train", "exercises", "grader", "dev", "gpu"),
}
MARK = "# Dependencies of pyproject.toml: "


def wanted(root: Path) -> str:
    """Digest of the dependency lists in pyproject.toml: what the lock files answer to."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return hashlib.sha256(json.dumps([parts, FILES], sort_keys=True).encode()).hexdigest()


def outdated(root: Path) -> list[str]:
    """The lock files that are missing or were made from other dependencies."""
    mark = MARK + wanted(root)
    found = []
    for name in FILES:
        path = root / name
        if not path.is_file() or mark not in path.read_text(encoding="utf-8").splitlines()[:4]:
            found.append(name)
    return found


def write(root: Path, *, upgrade: bool = False) -> None:
    """Resolve the dependencies with uv and write all lock files.

    Args:
        root: the folder of the course.
        upgrade: take the newest version of everything. Otherwise a version in the lock stays
            where pyproject.toml still allows it: outputs must not grow stale by an edit elsewhere.

    Raises:
        CourseError: uv is missing, or the dependencies have no solution.
    """
    full = root / next(iter(FILES))
    for name, extras in FILES.items():
        chosen = [part for extra in extras for part in ("--extra", extra)]
        limits = [] if root / name == full else ["--constraint", str(full)]
        before = full if full.is_file() and not upgrade else None
        text = _resolve(root, [*chosen, *limits], before)
        header = (
            f"# Written by `course lock` from pyproject.toml; do not edit.\n"
            f"{MARK}{wanted(root)}\n"
            f"# Exact versions for Python {OLDEST} and newer; extras: {', '.join(extras)}.\n"
        )
        write_text(root / name, header + text)


def _resolve(root: Path, options: list[str], before: Path | None) -> str:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        raise CourseError("uv is not installed; `make test` installs all that locking needs.")
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--no-header", "--quiet"]
    # One version of a library for all Pythons: results must not depend on the reader's Python.
    command += ["--fork-strategy", "fewest", "--python-version", OLDEST, *options]
    with tempfile.TemporaryDirectory() as folder:
        # uv prefers the versions that it finds in the file it writes.
        written = Path(folder) / "lock.txt"
        if before is not None:
            shutil.copyfile(before, written)
        command += ["--output-file", str(written)]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        if done.returncode:
            raise CourseError(f"The dependencies have no solution:\n{done.stderr.strip()}")
        return written.read_text(encoding="utf-8")
