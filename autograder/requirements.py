"""The lock of an assignment: exact versions of what its notebooks run in.

It is the `requirements.txt` of a bundle. What is read here goes to pip in a file of our own: names
of packages with versions, and nothing that says where they come from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograder.errors import BundleError

FILE = "requirements.txt"
MOST_BYTES = 1 << 20
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})")
COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True)
class Lock:
    """What is to be installed.

    Attributes:
        lines: of a requirements file, sorted.
        names: of the packages, in their normal form.
        loose: names of packages whose version is left open.
        hashed: whether the files of all packages are known by their hashes.
    """

    lines: tuple[str, ...]
    names: frozenset[str]
    loose: tuple[str, ...]
    hashed: bool

    @property
    def text(self) -> str:
        """As a requirements file."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def digest(self) -> str:
        """SHA-256 of what it says; not of its comments and its order."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def of_bundle(folder: Path, name: str) -> Lock:
    """The lock of an unpacked bundle.

    Raises:
        BundleError: it has none, or one that is not to be followed.
    """
    path = folder / FILE
    if not path.is_file():
        raise BundleError(
            f"{name} has no {FILE}. Name one as `requirements` in the settings of the master, make "
            "the bundle again; or give `autograder grade` an environment of your own with --python."
        )
    if path.stat().st_size > MOST_BYTES:
        raise BundleError(f"{name}: {FILE} is larger than {MOST_BYTES >> 20} MB.")
    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BundleError(f"{name}: {FILE} is no text in UTF-8.") from None
    except BundleError as error:
        raise BundleError(f"{name}: {error}") from None


def read(text: str) -> Lock:
    """Read a requirements file.

    Raises:
        BundleError: a line is no package, or says where to get one.
    """
    lines, names, loose, hashed = [], set(), [], []
    for number, line in logical(text):
        words, hashes = line, []
        while " --" in words:
            words, _, option = words.rpartition(" --")
            found = HASH.fullmatch(f"--{option.strip()}")
            if not found:
                raise refusal(number, line)
            hashes.append(found[1])
        try:
            wanted = Requirement(words.strip())
        except InvalidRequirement:
            raise refusal(number, line) from None
        if wanted.url:
            raise refusal(number, line)
        names.add(canonicalize_name(wanted.name))
        if not exact(wanted):
            loose.append(wanted.name)
        hashed.append(bool(hashes))
        lines.append(" ".join([str(wanted), *(f"--hash={item}" for item in sorted(hashes))]))
    if not lines:
        raise BundleError(f"{FILE} names no package.")
    if any(hashed) and not all(hashed):
        raise BundleError(f"{FILE} has hashes for some packages only; give all of them, or none.")
    return Lock(tuple(sorted(lines)), frozenset(names), tuple(loose), all(hashed))


def refusal(number: int, line: str) -> BundleError:
    """Why a line is not followed."""
    return BundleError(
        f"line {number} of {FILE} is not followed: {line[:200]!r}. A package stands there as "
        "NAME==VERSION. Where packages come from is for the settings of your own pip to say."
    )


def logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, those that go on after a backslash as one; each with its number."""
    begun, parts = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        told = COMMENT.sub("", line).rstrip()
        if told.endswith("\\"):
            parts += told[:-1] + " "
            continue
        if whole := (parts + told).strip():
            yield begun, whole
        begun, parts = 0, ""
    if parts.strip():
        yield begun, parts.strip()


def exact(wanted: Requirement) -> bool:
    """Whether one version alone will do."""
    found = list(wanted.specifier)
    return len(found) == 1 and found[0].operator in ("==", "===") and "*" not in found[0].version
