"""The secret of this installation, from which held-out data are drawn.

Publishing the repository publishes no held-out data: they depend on a file that is in no commit.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from course.errors import CourseError
from course.exercises.plan import SOLUTIONS

FILE = f"{SOLUTIONS}/.secret"
VARIABLE = "COURSE_EXERCISE_SECRET"


def read(root: Path) -> str:
    """The secret: the environment variable, else the file, which is made on first use.

    Args:
        root: the folder of the course.

    Raises:
        CourseError: the file is empty or cannot be read.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return chosen
    path = root / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_text(encoding="utf-8").strip()
        if not found:
            raise CourseError(
                f"{path} is empty. Bring its old content back from your backup; if there is none, "
                "delete the file, and grades before and after do not compare exactly."
            ) from None
        return found
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        made = secrets.token_hex(32)
        file.write(made + "\n")
    return made


def seed(secret: str, exercise: str) -> int:
    """A seed for an exercise's held-out data; from it nobody gets back to the secret."""
    digest = hmac.new(secret.encode(), exercise.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest, "big")


def held_back(secret: str, exercise: str) -> str:
    """A seed from which a grader chooses the files it holds back; hexadecimal.

    It belongs into the bundle, never into what students receive. It is not the seed of the held-out
    data, so that neither tells the other.
    """
    return hmac.new(secret.encode(), f"held back: {exercise}".encode(), hashlib.sha256).hexdigest()
