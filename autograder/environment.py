"""The environment that a notebook runs in, asked of its interpreter before the notebook runs."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from autograder.errors import SandboxError

PACKAGE = Path(__file__).parent
# Versions that a grade's record writes out; all others are in the digest.
NAMED = (
    "numpy",
    "pandas",
    "scikit-learn",
    "tensorflow",
    "keras",
    "torch",
    "matplotlib",
    "pillow",
    "ipython",
)
SECONDS = 60
# One line of JSON, the same for the same environment.
QUESTION = (
    "import importlib.metadata as m, json, platform, sys;"
    "found = {str(d.metadata['Name']).lower(): d.version for d in m.distributions()};"
    "print(json.dumps([platform.python_version(), sys.version, sorted(found.items())]))"
)


@dataclass(frozen=True)
class Environment:
    """An interpreter and its packages.

    Attributes:
        python: its version.
        versions: of the packages that matter to most notebooks, as one line.
        digest: SHA-256 of the interpreter's whole version and of all packages with theirs.
    """

    python: str
    versions: str
    digest: str


@functools.lru_cache(maxsize=8)
def examine(python: Path) -> Environment:
    """Ask an interpreter; once in each process, since grading a class does not change it.

    Raises:
        SandboxError: it does not run, or is no Python that tells its packages.
    """
    try:
        # Isolated: neither this folder nor the user's own packages are the notebook's.
        done = subprocess.run(
            [str(python), "-I", "-c", QUESTION],
            check=True,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        version, _, packages = json.loads(done.stdout)
        found = {str(name): str(number) for name, number in packages}
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise SandboxError(
            f"{python} does not say which packages it has: {said.strip()[-500:]}\n"
            "Give --python the interpreter of the assignment's environment."
        ) from None
    named = ", ".join(f"{name} {found[name]}" for name in NAMED if name in found)
    return Environment(str(version), named, hashlib.sha256(done.stdout.encode()).hexdigest())


@functools.cache
def grader_versions() -> str:
    """What ran the tests, as one line; the digest is of this package's own sources."""
    sources = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        sources.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    found = [f"Python {platform.python_version()}"]
    for name in ("cnn-course", "otter-grader", "numpy", "pandas"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return ", ".join([*found, f"sources {sources.hexdigest()[:16]}"])
