"""What came of holding files back: plain data that the grader works with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

# Where the tests find the pictures, one folder for each class.
FOLDER = "held-back"


@dataclass(frozen=True)
class Held:
    """What is held back of one submission.

    Attributes:
        left_out: paths that the notebook does not get: what is held back, and what is no picture.
        folder: of files that the tests find in their own folder, or None.
        doubt: why nothing could be held back, for the student; a teacher decides then.
        warnings: for the teacher.
        measured: for the record of the grade.
    """

    left_out: frozenset[str] = frozenset()
    folder: Path | None = None
    doubt: str = ""
    warnings: tuple[str, ...] = ()
    measured: dict[str, str] = field(default_factory=dict)

    def lay(self, target: Path) -> None:
        """Copy the files into the folder that the tests run in."""
        if self.folder is not None:
            shutil.copytree(self.folder, target, dirs_exist_ok=True, copy_function=shutil.copyfile)


NOTHING = Held()
