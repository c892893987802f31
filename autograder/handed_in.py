"""Files that a student hands in beside a notebook: who gets which of them."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.held_back.held import NOTHING, Held
from autograder.held_back.plan import HeldBack
from autograder.intake.entries import shown
from autograder.rooms import TRUSTED_MB, Rooms, package, readable
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running

# Where the process that opens pictures finds them.
PHOTOS = "/photos"


@dataclass(frozen=True)
class Uploads:
    """Files that a student handed in beside the notebook, checked and laid out by the intake.

    Attributes:
        folder: in which they lie.
        notebook: the notebook among them.
        held: what the notebook does not get of them, and the tests get.
    """

    folder: Path
    notebook: Path
    held: Held = NOTHING

    def files(self) -> dict[str, Path]:
        """The files by their paths beside the notebook; links and devices are none."""
        return {
            path.relative_to(self.folder).as_posix(): path
            for path in sorted(self.folder.rglob("*"))
            if not path.is_symlink() and path.is_file() and path != self.notebook
        }

    def fault(self, given: Iterable[str]) -> str:
        """Why they cannot lie beside the assignment's files, for the student, or "".

        Args:
            given: paths of the assignment's files that students have.
        """
        taken = set(given)
        for name in self.files():
            for folder in PurePosixPath(name).parents:
                if str(folder) in taken:
                    return (
                        f"You handed in a folder {shown(str(folder))}, and the assignment has a "
                        "file of this name. Rename or remove the folder."
                    )
        return ""

    def copy(self, target: Path) -> None:
        """Copy them to where the notebook runs, except over the assignment's own files."""
        for name, path in self.files().items():
            place = target / name
            if (
                name in self.held.left_out
                or place.exists()
                or place.is_relative_to(target / "tests")
            ):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        readable(target)


def hold_back(
    plan: HeldBack, uploads: Uploads, sandbox: str, limits: Limits, work: Path, image: str = ""
) -> Uploads:
    """Choose what the notebook does not get of the files handed in.

    Args:
        plan: of the assignment.
        uploads: the files.
        sandbox: "bubblewrap", "docker" or "none".
        limits: of the submission.
        work: a folder that lives until the tests have begun.
        image: for Docker.

    Raises:
        SandboxError: the process that opens pictures does not start.
    """
    # Imported here: most assignments need neither NumPy nor Pillow in this process.
    from autograder.held_back.hold import hold

    def start(folder: Path, told: dict[str, Any], fd: int) -> Running:
        """Start the process that opens pictures; it is given them and nothing else."""
        empty = work / "no-files"
        empty.mkdir()
        readable(empty)
        room = Room(readable=package("photos"), own={FILES: empty, PHOTOS: folder})
        most = dataclasses.replace(limits, memory_mb=TRUSTED_MB)
        told = {**told, "photos": rooms.path("photos", PHOTOS)}
        fds = {"reading": fd, "writing": fd}
        return rooms.start("photos", room, most, told, fds, None)

    # Cold: a process that a picture has taken over must have no sister.
    rooms = Rooms(sandbox, work, warm=False, image=image)
    return dataclasses.replace(uploads, held=hold(plan, uploads.files(), work, start))
