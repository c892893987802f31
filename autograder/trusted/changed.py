"""Files and folders that tests make or change, which the notebook's functions do not see."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from typing import Any

# How a file is opened to write.
WRITES, FLAGS = frozenset("wax+"), os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Events of Python's audit by which something is made, changed or removed, with the places of the
# paths and of the open folder that a path is meant from.
EVENTS: dict[str, tuple[tuple[int, ...], int]] = {
    "os.mkdir": ((0,), 2),
    "os.remove": ((0,), 1),
    "os.rmdir": ((0,), 1),
    "os.rename": ((0, 1), 2),
    "os.link": ((1,), 3),
    "os.symlink": ((1,), 2),
    "os.truncate": ((0,), 99),
    "os.chmod": ((0,), 2),
    "os.utime": ((0,), 3),
    "shutil.rmtree": ((0,), 1),
    "sqlite3.connect": ((0,), 99),
}
# What libraries write by themselves: folders, and how names of folders begin.
CACHES = frozenset("__pycache__ .cache .config .ipython .keras .local .matplotlib".split())
TEMPORARY = ("matplotlib-", "pymp-", "joblib_memmapping_folder_")
# Files that are kept in mind.
MOST = 10_000

State = tuple[int, ...] | None


class Changed:
    """What differs from the files that the notebook's functions find, since tests have run.

    Only the working folder and the one for temporary files count. What is again as it was, such as
    a temporary file that is gone, does not; nor what tests of another question have left there.

    Attributes:
        question: that runs.
        questions: of each file the questions that may have changed it.
        before: how files were before the first change, by their paths.
        given: how those of the working folder were at the beginning.
    """

    def __init__(self) -> None:
        # The real ones, where a test replaces something in `os`.
        self.home = os.path.realpath(os.curdir)
        self.temporary = os.path.realpath(tempfile.gettempdir())
        self.question = ""
        self.questions: dict[str, set[str]] = {}
        self.before: dict[str, State] = {}
        self.given: dict[str, State] = {}
        self.full = False
        for folder, folders, names in os.walk(self.home):
            for name in [*folders, *names][: MOST - len(self.given)]:
                path = f"{folder}/{name}"
                self.given[path] = state(path)

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python is about to do something, as it tells its audit."""
        if event == "open":
            path, mode, flags = (*arguments, None, 0)[:3]
            if (type(mode) is str and not WRITES.isdisjoint(mode)) or (
                type(flags) is int and flags & FLAGS
            ):
                self.changes(path, follow=True)
        elif event in EVENTS:
            places, folder = EVENTS[event]
            if folder < len(arguments) and arguments[folder] not in (-1, None):
                # From an open folder: of a tree that is removed, whose own path is told before.
                return
            for place in places:
                self.changes(arguments[place], follow=event == "sqlite3.connect")

    def changes(self, path: Any, *, follow: bool) -> None:
        """Something is about to happen to a path.

        Args:
            path: or a descriptor, whose file was opened by its path before.
            follow: whether it happens to what a link leads to.
        """
        if isinstance(path, int):
            return
        with contextlib.suppress(TypeError, ValueError, OSError):
            text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - text, links stay
            folder, name = os.path.split(text)
            real = os.path.realpath(text) if follow else f"{os.path.realpath(folder)}/{name}"
            self.note(real, state(real))

    def opened(self, paths: Iterable[str]) -> None:
        """Files of the working folder were opened, as the kernel tells afterwards."""
        for path in paths:
            real = os.path.normpath(f"{self.home}/{path}" if path[:1] != "/" else path)
            if real.startswith(f"{self.home}/"):
                self.note(real, self.given.get(real))

    def note(self, path: str, before: State) -> None:
        """Keep how a file was, if it is one that counts."""
        inside = next(
            (path[len(top) + 1 :] for top in (self.home, self.temporary) if below(path, top)), ""
        )
        parts = inside.split("/")
        if not inside or any(part in CACHES or part.startswith(TEMPORARY) for part in parts):
            return
        if path in self.before or len(self.before) < MOST:
            self.before.setdefault(path, before)
            self.questions.setdefault(path, set()).add(self.question)
        else:
            self.full = True

    def found(self) -> str:
        """What is not as the notebook's functions find it, in words, or ""."""
        with contextlib.suppress(OSError):
            if os.path.realpath(os.curdir) != self.home:
                return "the working folder"
        for path, before in self.before.items():
            if self.question in self.questions[path] and state(path) != before:
                # Names there are drawn at random: a reason is the same each time.
                own = below(path, self.home)
                return path[len(self.home) + 1 :] if own else "a temporary file"
        return "many files" if self.full else ""


def below(path: str, folder: str) -> bool:
    """Whether a path lies in a folder, at any depth."""
    return path.startswith(f"{folder}/")


def state(path: str) -> State:
    """What changes when a file is made, written or replaced; None where there is none.

    What lies in a folder is looked at by itself.
    """
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(found.st_mode):
        return found.st_mode, found.st_ino
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns
