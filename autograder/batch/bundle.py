"""An assignment as workers need it: its bytes, so that they may stand on other machines."""

from __future__ import annotations

import atexit
import functools
import hashlib
import io
import sys
import tempfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, located, open_bundle
from autograder.batch.alike import About, Facts, grader
from autograder.environment import grader_versions, of_assignment
from autograder.errors import BundleError
from autograder.grading import grade
from autograder.records import Grade
from autograder.rooms import readable
from autograder.settings import Settings

_unpacking = threading.Lock()


@dataclass(frozen=True)
class BundleGrader:
    """Grades notebooks with the tests of a bundle; travels to workers.

    Attributes:
        name: of the assignment.
        data: the bundle as a zip.
        python: interpreter of the assignment's environment, on the worker.
        sandbox, mode, image, second_look: as in the grader's settings.
        given: the path of the bundle, for messages.
    """

    name: str
    data: bytes = field(repr=False)
    python: str = sys.executable
    sandbox: str = "bubblewrap"
    mode: str = "cold"
    image: str = ""
    given: str = ""
    second_look: bool = False

    def __call__(self, notebook: Path) -> Grade:
        """The grade of a notebook.

        Raises:
            GraderError: see `autograder.grading.grade`.
        """
        settings = Settings(
            python=Path(self.python),
            sandbox=self.sandbox,
            mode=self.mode,
            image=self.image,
            second_look=self.second_look,
        )
        return grade(self.assignment(), notebook, settings, beside=notebook.parent)

    def assignment(self) -> Assignment:
        """The assignment, unpacked once in each process.

        Raises:
            BundleError: it cannot be read.
        """
        return _assignment(self.name, self.data, self.given)

    def settings_digest(self) -> str:
        """SHA-256 of what beside bundle and submission can change a grade; the mode cannot.

        Raises:
            SandboxError: the assignment's Python does not run, or lacks what runs the tests.
        """
        contained = self.sandbox == "docker"
        environment = of_assignment(Path(self.python), self.image if contained else "")
        # Its sources stand for the grader's version: an edited grader grades anew.
        versions = grader_versions(environment)
        where = self.image if contained else self.python
        parts = [where, self.sandbox, environment.digest, versions]
        parts += ["second look"] if self.second_look else []
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def about(self) -> About:
        """What of a machine can change a grade, to be asked of each that is to grade."""
        image = self.image if self.sandbox == "docker" else ""
        return functools.partial(surroundings, self.python, image)


def surroundings(python: str, image: str = "") -> Facts:
    """The grader, and the assignment's environment: of this interpreter, or of an image if named.

    Raises:
        SandboxError: the interpreter or the image does not run, or lacks what runs the tests.
    """
    found = of_assignment(Path(python), image)
    told = f"Python {found.python}, {found.versions}, all packages {found.digest[:16]}"
    return {**grader(), f"the environment of {image or python}": told}


def read_bundle(
    path: Path, python: Path, sandbox: str, mode: str = "cold", image: str = ""
) -> BundleGrader:
    """A grader from what `otter assign` or `course exercises` wrote.

    Args:
        path: a zip or a folder; see `located`.
        python: interpreter of the assignment's environment.
        sandbox, mode, image: as in the grader's settings.

    Raises:
        BundleError: it cannot be read.
    """
    path = located(path)
    try:
        data = _packed(path) if path.is_dir() else path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror}).") from None
    # Not resolved: the name of a virtual environment's interpreter says which one it is.
    return BundleGrader(path.stem, data, str(python.absolute()), sandbox, mode, image, str(path))


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                # A fixed date: the same folder gives the same bytes.
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def _assignment(name: str, data: bytes, given: str) -> Assignment:
    # Of several jobs in a process the first unpacks it.
    with _unpacking:
        return _unpacked(name, data, given)


@functools.lru_cache(maxsize=2)
def _unpacked(name: str, data: bytes, given: str) -> Assignment:
    # Lives as long as the process: an assignment is read from its folder again and again.
    folder = tempfile.TemporaryDirectory(prefix="assignment-")
    atexit.register(folder.cleanup)
    bundle = Path(folder.name) / f"{name}.zip"
    bundle.write_bytes(data)
    work = Path(folder.name) / "work"
    work.mkdir()
    try:
        found = open_bundle(bundle, work)
    except BundleError as error:
        # Nobody knows the copy that was read.
        raise BundleError(str(error).replace(str(bundle), given or bundle.name)) from None
    # Whoever runs the tests in the sandbox is another user, whatever the umask is. The folder above
    # is closed to all others.
    readable(work)
    return found
