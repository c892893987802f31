"""Files that a test opens because the notebook named them.

The tests' room has files that the notebook's has not: hidden data, the tests themselves. A test
that opens whatever a notebook names would show them, or take them for the notebook's own. So a path
that has to do with a text of the notebook's is refused, unless the notebook has the same file.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.trusted.changed import FLAGS, WRITES, Changed
from autograder.trusted.opened import Opened

# Events of Python's audit whose first argument is a path.
EVENTS = frozenset(("open", "os.listdir", "os.scandir", "sqlite3.connect", "os.chdir"))
# Those whose second is the new name of a file.
MOVES = frozenset(("os.rename", "os.link", "os.symlink"))
# Characters: of all texts that are kept, of one that can be a path, of one that says much.
MOST, LONG, SHORT = 32_000_000, 4_000, 3
MOST_DOCS = 10_000
# `"{x.part}".format(x=…)`, `"{x[0]}"`: from any part, more can be asked for.
TEMPLATE = re.compile(r"\{[^{}]*[.\[]")
REFERENCES = frozenset(("function", "object"))
# What lies there is the environment's, which every notebook can read.
ELSEWHERE = tuple(f"{place}/" for place in (sys.prefix, sys.base_prefix, "/usr", "/etc", "/grader"))
# In `/proc/self/fd/3` and `/dev/fd/3`.
NUMBERED = "/fd/"
UNSEEN = "a test opens a file that the notebook names, with a library that does not tell of it"
BLIND = "the kernel does not tell which files a test opens"


class Paths:
    """Knows the texts that came from the notebook, and the files that it has.

    Args:
        shared: files of the assignment that the notebook has too.
        kept: folders of the grader's own, whose files have names that many things have.
        uploads: folders of what the student has handed in, which the tests have too.

    Attributes:
        watching: whether a test case runs.
        opened: files of the assignment's, as they were named, that it has opened.
        wrote: whether it has opened any to write, or one that an earlier case has written.
        written: files that a case has written, by their real paths: what is in them may be the
            notebook's.
        templates: whether a text of the notebook's asks for parts of what is filled in.
        kernel: tells of all files that are opened, or None where it cannot.
        blind: whether it should, and does not.
        numbered: whether the notebook has named an open file by its number, which the kernel tells
            of by the file's own name.
        unseen: why the case needs a teacher for a file that it may have opened without Python's
            knowledge, or "".
        changed_here: is told of all files that were opened, or None.
    """

    def __init__(
        self, shared: Iterable[str] = (), kept: Iterable[str] = (), uploads: Iterable[str] = ()
    ) -> None:
        self.shared = {os.path.normpath(path) for path in shared}
        for path in list(self.shared):
            while path := os.path.dirname(path):  # noqa: PTH120 - text, not a file
                self.shared.add(path)
        self.kept = tuple(f"{os.path.normpath(folder)}/" for folder in kept)
        self.uploads = tuple(f"{os.path.normpath(folder)}/" for folder in uploads)
        self.texts, self.length = set[str](), 0
        self.blobs: list[bytes] = []
        self.changed = set[str]()
        self.watching = self.wrote = self.templates = False
        self.opened: list[str] = []
        self.docs, self.written = set[str](), set[str]()
        self.kernel: Opened | None = None
        self.blind = self.numbered = False
        self.unseen = ""
        self.changed_here: Changed | None = None

    def watch(self, folders: Iterable[str]) -> None:
        """Let the kernel tell of all files below these folders that are opened from now on."""
        try:
            self.kernel = Opened(folders)
        except AttributeError:
            # Another system than Linux, on which a student looks at a notebook of their own.
            self.kernel = None
        except OSError:
            # Notebooks can take all that the kernel has for this.
            self.blind = True

    def look(self) -> str:
        """Why the running case needs a teacher, if it has opened a file in silence that the
        notebook had named; or ""."""
        opened = set[str]() if self.kernel is None else self.kernel.paths()
        if self.changed_here is not None:
            self.changed_here.opened(opened or ())
        if not self.watching or self.unseen:
            return self.unseen
        if self.blind or opened is None:
            self.unseen = BLIND
        elif any(self.numbered or self.rewritten(path) or self.named(path) for path in opened):
            self.unseen = UNSEEN
        return self.unseen

    def heard(self, node: Any, blob: bytes = b"") -> None:
        """Keep all texts of what the notebook sends.

        Args:
            node: JSON, as it arrived.
            blob: bytes of arrays and tables beside it.
        """
        # What was opened before could not be named by it.
        self.look()
        waiting = [node]
        while waiting:
            item = waiting.pop()
            if type(item) is str:
                if item not in self.texts and self.length <= MOST:
                    self.texts.add(item)
                    self.length += len(item) + 1
                    self.templates = self.templates or TEMPLATE.search(item) is not None
                    self.numbered = self.numbered or NUMBERED in item
            elif type(item) is dict:
                # Keys are the format's. What a function is called is no text that a test opens.
                waiting += [item[key] for key in item if key not in REFERENCES]
                self.document([item[key] for key in REFERENCES.intersection(item)])
            elif type(item) is list:
                waiting += item
        if blob:
            self.blobs.append(blob)
            self.templates = self.templates or b"{" in blob
            self.numbered = self.numbered or any(part in blob for part in spelt(NUMBERED))

    def document(self, items: list[Any]) -> None:
        """Keep what functions and objects say of themselves."""
        for item in items:
            doc = item.get("doc") if type(item) is dict else None
            if type(doc) is str and len(self.docs) < MOST_DOCS:
                self.docs.add(doc)
                self.templates = self.templates or TEMPLATE.search(doc) is not None

    def said(self, text: str) -> bool:
        """Whether a text is one that the notebook has said, or stands in a documentation of its."""
        bare = text.strip()
        return (
            self.length > MOST
            or len(self.docs) >= MOST_DOCS
            or text in self.texts
            or bare in self.texts
            or any(bare in doc for doc in self.docs)
            or (len(bare) > SHORT and self.inside(bare))
        )

    def inside(self, text: str) -> bool:
        """Whether a text stands in an array or a table."""
        return any(part in blob for blob in self.blobs for part in spelt(text))

    def told(self, paths: Any) -> None:
        """Keep which of the given files the notebook says it has changed now.

        That can only leave a case to a teacher: what is said is not checked.
        """
        if type(paths) is list:
            self.changed = {os.path.normpath(path) for path in paths if type(path) is str}

    def rewritten(self, path: Any) -> bool:
        """Whether a path is a given file that the notebook has changed."""
        if not self.changed or isinstance(path, int):
            return False
        try:
            return os.path.relpath(os.fsdecode(path)) in self.changed
        except (TypeError, ValueError):
            return False

    def begin(self) -> None:
        """A case begins."""
        self.watching, self.wrote, self.unseen = False, False, ""
        self.look()
        self.watching, self.opened = True, []

    def end(self) -> str:
        """A case has ended; gives what `look` does."""
        found = self.look()
        self.watching = False
        return found

    def open(self, path: Any, mode: Any = None, flags: Any = 0) -> None:
        """A case opens a file, which is none that the notebook has named.

        Args:
            path: of the file, or a descriptor.
            mode: as for `open`, or None.
            flags: as for `os.open`.
        """
        writes = type(mode) is str and not WRITES.isdisjoint(mode)
        writes |= type(flags) is int and flags & FLAGS != 0
        self.wrote |= writes
        with contextlib.suppress(TypeError, ValueError):
            real = os.path.realpath(os.fsdecode(path))
            if writes:
                self.written.add(real)
            self.wrote |= real in self.written
            inside = os.path.relpath(os.fsdecode(path)).split("/")[0] != os.pardir
            if inside or os.fsdecode(path).startswith(self.kept):
                self.opened.append(os.fsdecode(path))

    def moved(self, path: Any) -> None:
        """A case gives a file another name, under which what it holds is found as well."""
        with contextlib.suppress(TypeError, ValueError):
            self.written.add(os.path.realpath(os.fsdecode(path)))
        self.wrote = True

    def own(self) -> list[str]:
        """What the case has opened of the assignment's files, if none of its files was written."""
        return [] if self.wrote else self.opened

    def read(self, source: str) -> bool:
        """Whether a text is all of one of these files."""
        self.look()
        self.watching = False
        try:
            return any(content(path) == source for path in dict.fromkeys(self.own()))
        finally:
            self.look()
            self.watching = True

    def forget_blobs(self) -> None:
        """Values of another question come now."""
        self.blobs.clear()

    def named(self, path: Any) -> bool:
        """Whether a path is one of the notebook's, or made of one of its texts, and not shared."""
        if isinstance(path, int):
            # A descriptor: behind those of this process lies only what goes to and from a notebook.
            return False
        try:
            text = os.fsdecode(path)
        except TypeError:
            return False
        plain = os.path.normpath(text)
        if plain.startswith(ELSEWHERE) or plain in self.shared or plain == ".":
            return False
        if f"{plain}/".startswith(self.uploads):
            return False
        if text in self.texts or plain in self.texts or self.length > MOST:
            return True
        if len(plain) >= SHORT and any(plain in said or text in said for said in self.texts):
            return True
        if self.inside(plain):
            return True
        if plain.startswith(self.kept):
            return False
        stem = os.path.splitext(os.path.basename(plain))[0]  # noqa: PTH119, PTH122 - text
        return (len(stem) >= SHORT and stem in self.texts) or any(
            SHORT <= len(said) <= LONG and ("/" in said or "." in said) and said in text
            for said in self.texts
        )


def content(path: str) -> str | None:
    """The text of a file, or None where there is none."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None


def spelt(path: str) -> tuple[bytes, ...]:
    """A path as it can be in the bytes of tables and of arrays of text."""
    return (path.encode(errors="surrogatepass"), path.encode("utf-32-le", errors="surrogatepass"))
