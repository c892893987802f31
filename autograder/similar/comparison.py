"""Compares code by its fingerprints; names, comments and text of strings do not count."""

from __future__ import annotations

import importlib
import io
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import GraderError

# Characters of simplified code (a name is one of them) that have to agree to count as copied:
# about two lines. Shorter stretches are what everybody writes.
STRETCH = 25
# Every stretch is a fingerprint: a sample of them would depend on Python's random hashes.
WINDOW = 1
LONGEST = 300_000  # characters of one notebook's code


@dataclass(frozen=True)
class Pair:
    """Two submissions that share code.

    Attributes:
        first, second: names of the submissions.
        shares: of each one's own code, how much the other has too, from 0 to 1.
        amount: characters of simplified code that are shared.
        lines: of each, the numbers (from 0) of the lines with shared code.
    """

    first: str
    second: str
    shares: tuple[float, float]
    amount: int
    lines: tuple[frozenset[int], frozenset[int]]

    @property
    def share(self) -> float:
        """The greater of both shares: who copies a part and writes much else is found too."""
        return max(self.shares)


def code(notebook: bytes) -> str:
    """The code of a notebook that passed the intake, as one text; magic lines become comments."""
    parts = []
    for number, cell in enumerate(json.loads(notebook.decode("utf-8-sig"))["cells"], start=1):
        if cell["cell_type"] == "code":
            lines = "".join(cell.get("source", "")).splitlines()
            shown = [f"# {line}" if line.lstrip()[:1] in ("!", "%") else line for line in lines]
            parts.append("\n".join((f"# --- cell {number} ---", *shown)))
    return "\n".join(parts)[:LONGEST]


def rank(codes: Mapping[str, str], templates: Sequence[str] = (), least: float = 0.3) -> list[Pair]:
    """Find pairs that share code.

    Args:
        codes: of the submissions, by name.
        templates: code that everybody was given, which does not count.
        least: share of shared code from which a pair is listed.

    Returns:
        The pairs, those with the greatest share first.

    Raises:
        GraderError: the library that compares is missing.
    """
    given: set[int] = set()
    for text in templates:
        given |= _fingerprint(text).hashes
    prints = {name: _fingerprint(text, given) for name, text in codes.items()}
    compare = _library().compare_files
    pairs = []
    for first, second in itertools.combinations(sorted(prints), 2):
        # Most pairs share nothing; the library is asked about the others only.
        if prints[first].hashes.isdisjoint(prints[second].hashes):
            continue
        amount, shares, slices = compare(prints[first], prints[second])
        bounded = (min(float(shares[0]), 1.0), min(float(shares[1]), 1.0))
        if max(bounded) < least:
            continue
        lines = (_lines(codes[first], slices[0]), _lines(codes[second], slices[1]))
        pairs.append(Pair(first, second, bounded, int(amount), lines))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.amount, pair.first, pair.second))


def _fingerprint(text: str, without: set[int] | None = None) -> Any:
    """The library's fingerprint of a text.

    Stretches of the template are taken out here: the library's own way supposes that no stretch
    occurs twice in a file.
    """
    found = _library().CodeFingerprint(
        "notebook.py", STRETCH, WINDOW, language="python3", fp=io.StringIO(text)
    )
    if without:
        found.hashes = {value for value in found.hashes if value not in without}
        found.hash_idx = {key: at for key, at in found.hash_idx.items() if key not in without}
        coverage = importlib.import_module("copydetect.utils").get_token_coverage
        found.token_coverage = coverage(found.hash_idx, STRETCH, len(found.filtered_code))
    return found


def _lines(text: str, slices: Any) -> frozenset[int]:
    """The numbers of the lines that slices of a text touch."""
    found: set[int] = set()
    for begin, end in zip(*(part.tolist() for part in slices), strict=True):
        first = text.count("\n", 0, max(int(begin), 0))
        last = first + text.count("\n", max(int(begin), 0), max(int(end) - 1, 0))
        found.update(range(first, last + 1))
    return frozenset(found)


def _library() -> Any:
    try:
        return importlib.import_module("copydetect")
    except ImportError:
        raise GraderError(
            "copydetect is not installed, and `autograder similar` needs it. "
            "Run: pip install 'cnn-course[grader]'"
        ) from None
