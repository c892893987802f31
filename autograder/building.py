"""Makes the environment of an assignment from its lock, for `autograder grade --python`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock
import platformdirs

from autograder.environment import TESTS_NEED
from autograder.errors import BundleError, GraderError
from autograder.requirements import FILE, Lock
from autograder.storage import write_whole

# In the folder of an environment: what it was made of, and whether it is finished. An environment
# cannot be moved once it is made, so this says what a name that appears at the end would say.
MARK = "autograder-environment.json"
# What the process that runs a notebook imports.
NEEDED = "IPython"
# Of what a command said: characters of its end, and lines of a list.
MOST_SAID, MOST_LISTED = 2000, 20
Run = Callable[[Sequence[str]], tuple[int, str]]


def run(command: Sequence[str]) -> tuple[int, str]:
    """Run a command to its end; its status, and what it said."""
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace", cwd="/"
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, (done.stdout + done.stderr).strip()


@dataclass(frozen=True)
class Recipe:
    """What an environment is made of.

    Attributes:
        lock: of the assignment.
        python: interpreter that the environment is made with.
        version: of this interpreter.
        unpinned: whether pip may choose versions.
    """

    lock: Lock
    python: Path
    version: str
    unpinned: bool

    @property
    def mark(self) -> dict[str, str | bool]:
        """What an environment remembers of it."""
        return {"lock": self.lock.digest, "python": self.version, "unpinned": self.unpinned}

    def place(self, name: str) -> Path:
        """The folder for the environment of a bundle with this name, if nobody says otherwise."""
        plain = re.sub(r"[^\w.-]", "_", name)[:60]
        digest = hashlib.sha256(json.dumps(self.mark, sort_keys=True).encode()).hexdigest()
        chosen = os.environ.get("CNN_COURSE_CACHE")
        folder = Path(chosen) if chosen else platformdirs.user_cache_path("cnn-course", False)
        return folder.expanduser() / "environments" / f"{plain}-{digest[:12]}"


def recipe(lock: Lock, python: Path, *, unpinned: bool, run: Run = run) -> Recipe:
    """See whether an environment can be made of a lock.

    Args:
        lock: of the assignment.
        python: interpreter that it is made with.
        unpinned: whether pip may choose the versions that the lock leaves open.
        run: runs a command.

    Raises:
        BundleError: the lock leaves versions open, or lacks what every notebook needs.
        GraderError: the interpreter does not run.
    """
    if lock.loose and not unpinned:
        listed = ", ".join(lock.loose[:10]) + (", …" if len(lock.loose) > 10 else "")
        raise BundleError(
            f"{FILE} leaves versions open: {listed}. Pin every package with its version "
            "(`pip freeze` lists those of an environment that works), or let pip choose today's "
            "with --unpinned; then another day or machine may grade differently."
        )
    if NEEDED.lower() not in lock.names and not unpinned:
        raise BundleError(f"{FILE} has no {NEEDED}, which runs the notebooks. Add ipykernel to it.")
    missing = ", ".join(name for name in TESTS_NEED if name not in lock.names)
    if missing and not unpinned:
        raise BundleError(f"{FILE} has no {missing}, which runs the tests. Add it to {FILE}.")
    status, said = run([str(python), "-I", "-c", "import platform as p; print(p.python_version())"])
    if status:
        raise GraderError(f"{python} does not run: {said[-500:]}\nGive --python another one.")
    return Recipe(lock, python, said, unpinned)


def build(wanted: Recipe, target: Path, run: Run = run) -> bool:
    """Make an environment, if it is not there.

    Args:
        wanted: what it is made of.
        target: its folder. Whatever goes wrong, there is a whole environment in it or no folder.
        run: runs a command.

    Returns:
        Whether it was made; False where the same was there.

    Raises:
        GraderError: something else is there, somebody else makes it, or pip fails.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(target.parent / f".{target.name}.lock", timeout=0):
            if finished(wanted, target):
                return False
            try:
                target.mkdir(exist_ok=True)
                fill(wanted, target, run)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
    except filelock.Timeout:
        raise GraderError(f"{target} is being made by another command. Wait for it.") from None
    except OSError as error:
        raise GraderError(f"{target} cannot be made ({error.strerror or error}).") from None
    return True


def finished(wanted: Recipe, target: Path) -> bool:
    """Whether the environment is there; what a command that was killed has left is removed.

    Raises:
        GraderError: something else is there.
    """
    if not target.exists() and not target.is_symlink():
        return False
    try:
        if target.is_dir() and not any(target.iterdir()):
            return False
        mark = json.loads((target / MARK).read_text(encoding="utf-8"))
        whole = mark.pop("finished")
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        raise GraderError(
            f"{target} is no environment that `autograder env build` has made, and is left as it "
            "is. Give another folder with --out."
        ) from None
    if whole is True and mark != wanted.mark:
        raise GraderError(
            f"{target} holds an environment of another lock or another Python. Remove it, or give "
            "another folder with --out."
        )
    if whole is True and (target / "bin" / "python").exists():
        return True
    shutil.rmtree(target)
    return False


def ending(said: str) -> str:
    """The last whole lines of what a command said: its errors stand there."""
    kept = said[-MOST_SAID:]
    return kept if len(said) <= MOST_SAID else kept.partition("\n")[2] or kept


def beginning(said: str) -> str:
    """The first lines of a list, whole, and how many there are more."""
    lines = said.splitlines()
    more = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    return "\n".join([*(text[:MOST_SAID] for text in lines[:MOST_LISTED]), *more])


def fill(wanted: Recipe, target: Path, run: Run) -> None:
    """Make it in an empty folder.

    Raises:
        GraderError: a step fails.
    """

    def step(
        what: str, command: Sequence[str], mend: str, part: Callable[[str], str] = ending
    ) -> None:
        status, said = run(command)
        if status:
            raise GraderError(f"{what}:\n{part(said)}\n{mend} Nothing is left of it.")

    write_whole(target / MARK, json.dumps({**wanted.mark, "finished": False}))
    step(
        f"{wanted.python} cannot make an environment",
        [str(wanted.python), "-m", "venv", str(target)],
        "Debian and Ubuntu: apt-get install python3-venv.",
    )
    python = str(target / "bin" / "python")
    pip = [python, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        file = Path(folder) / FILE
        file.write_text(wanted.lock.text, encoding="utf-8")
        install = [*pip, "install", "--quiet", "--requirement", str(file)]
        # A lock names everything: what it lacks is not to be found by chance.
        install += [] if wanted.unpinned else ["--no-deps"]
        install += ["--require-hashes"] if wanted.lock.hashed else []
        step(
            "pip could not install the packages", install, "Look at the last lines, and try again."
        )
    step(
        "The packages do not go together",
        [*pip, "check"],
        f"Add to {FILE} what is missing, with its version; or give --unpinned.",
        beginning,
    )
    step(
        f"The environment has no {NEEDED} that works, and no notebook runs without it",
        [python, "-I", "-c", f"import {NEEDED}"],
        f"Add ipykernel to {FILE}.",
    )
    step(
        "The environment has no Otter that works, and no test runs without it",
        [python, "-I", "-c", "import otter.test_files"],
        f"Add otter-grader, or what its last line names, to {FILE}.",
    )
    write_whole(target / MARK, json.dumps({**wanted.mark, "finished": True}))
