"""The environment that a notebook and its tests run in, asked before either of them runs."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import platform
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from autograder.errors import SandboxError
from autograder.sandbox import docker
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits

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
# What runs the tests.
PROJECT = "cnn-course"
OTTER = "otter-grader"
TESTS_NEED = (OTTER, "numpy", "pandas")
TESTING = (PROJECT, *TESTS_NEED)
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
        packages: names of all packages and their versions.
        digest: SHA-256 of the interpreter's whole version and of all packages with theirs.
    """

    python: str
    packages: Mapping[str, str]
    digest: str

    @property
    def versions(self) -> str:
        """Of the packages that matter to most notebooks, as one line."""
        found = self.packages
        return ", ".join(f"{name} {found[name]}" for name in NAMED if name in found)


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
        return _read(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SandboxError(
            f"{python} does not say which packages it has: {_reason(error)}\n"
            "Give --python the interpreter of the assignment's environment."
        ) from None


def _reason(error: Exception) -> str:
    """Why there is no answer, without the question: that is code of ours."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no answer within {SECONDS} s."
    if isinstance(error, subprocess.CalledProcessError):
        said = str(error.stderr).strip()
        # A program that is no Python complains of its arguments.
        return f"it ended with {error.returncode}." if QUESTION[:20] in said else said[-500:]
    return "what it answers is none."


@functools.lru_cache(maxsize=8)
def examine_image(image: str) -> Environment:
    """Ask the interpreter of an image, in a container; once in each process.

    Raises:
        SandboxError: the image is not pinned or not here, or has no Python that tells its packages.
    """
    docker.identified(image)
    name = f"autograder-{secrets.token_hex(8)}"
    line = docker.command(Room(), Limits(), ["-I", "-c", QUESTION], image, name)
    try:
        _, answer, said = docker.ask(*line[1:], seconds=SECONDS)
    except SandboxError:
        docker.ask("rm", "--force", name)
        raise
    try:
        return _read(answer)
    except ValueError:
        raise SandboxError(
            f"{image} does not say which packages it has: {(said or answer)[-500:]}\n"
            "Give --image an image whose `python` has what the notebook and the tests need."
        ) from None


def of_assignment(python: Path, image: str = "") -> Environment:
    """The environment of notebooks and tests: of an image if one is named, or of an interpreter.

    Raises:
        SandboxError: it does not say what it is, or lacks what runs the tests.
    """
    found = examine_image(image) if image else examine(python)
    names = {canonicalize_name(name) for name in found.packages}
    missing = [name for name in TESTS_NEED if name not in names]
    if missing:
        # The same Otter as here; which NumPy and pandas, is for the assignment to say.
        known = {OTTER: f"{OTTER}=={_own()[OTTER]}"} if OTTER in _own() else {}
        wanted = " ".join(known.get(name, name) for name in missing)
        mend = "Make an image that has it." if image else f"Run: {python} -m pip install {wanted}"
        raise SandboxError(
            f"{image or python} has no {', '.join(missing)}: the tests run in the assignment's "
            f"environment, as the notebook does.\n{mend}\n"
            f"A bundle whose requirements.txt names {', '.join(missing)} brings it along."
        )
    return found


def _read(answer: str) -> Environment:
    """The environment that answers so.

    Raises:
        ValueError: it is no answer.
    """
    version, _, packages = json.loads(answer)
    found = {str(name): str(number) for name, number in packages}
    return Environment(str(version), found, hashlib.sha256(answer.encode()).hexdigest())


def grader_versions(environment: Environment | None = None) -> str:
    """What ran the tests, as one line; the digest is of this package's own sources.

    Args:
        environment: that the tests ran in; None for that of this program.
    """
    found = _own()
    if environment is None:
        python = platform.python_version()
    else:
        python = environment.python
        # Of this package each room is shown the sources that are here.
        found = {**environment.packages, PROJECT: found.get(PROJECT, "")}
    named = [f"{name} {found[name]}" for name in TESTING if found.get(name)]
    return ", ".join([f"Python {python}", *named, f"sources {_sources()}"])


@functools.cache
def _own() -> dict[str, str]:
    """Versions of what runs the tests, in the environment of this program."""
    found = {}
    for name in TESTING:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


@functools.cache
def _sources() -> str:
    """The beginning of a digest of this package's own sources."""
    sources = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        sources.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return sources.hexdigest()[:16]
