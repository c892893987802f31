"""Finds the written questions of an assignment, and their answers in a submission."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import located
from autograder.errors import BundleError
from autograder.reading.cells import joined

BEGIN = "<!-- BEGIN QUESTION -->"
END = "<!-- END QUESTION -->"
NUMBER = re.compile(r"\d+[.)]\s*")
# Far more than any assignment has; a damaged entry is not read into memory as a whole.
MOST = 1_000_000


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that a teacher marks.

    Attributes:
        name: `q11`.
        title: as its heading in the notebook says it.
        points: that can be had.
        rubric: pairs of points and what they are given for.
    """

    name: str
    title: str
    points: float
    rubric: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a student wrote to one question.

    Attributes:
        question: None where the notebook has a written part that the assignment does not name.
        cells: as they stand in the notebook, the question's own text first.
    """

    question: WrittenQuestion | None
    cells: tuple[Mapping[str, Any], ...] = ()


def questions(bundle: Path) -> tuple[WrittenQuestion, ...]:
    """The written questions of an assignment, in its order.

    Args:
        bundle: zip or folder with an `exercise.toml`. One without has none that can be named.

    Raises:
        BundleError: there is no such bundle, or its `exercise.toml` cannot be read.
    """
    text = _exercise(bundle)
    if not text:
        return ()
    try:
        found = tomllib.loads(text)
        return tuple(
            WrittenQuestion(
                str(entry["name"]),
                str(entry["title"]),
                float(entry["points"]),
                tuple((float(row["points"]), str(row["for"])) for row in entry.get("rubric", [])),
            )
            for entry in found["questions"]
            if entry.get("manual")
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"exercise.toml in {bundle.name} cannot be read ({error}). Make the bundle anew."
        ) from error


def _exercise(bundle: Path) -> str:
    try:
        if not (bundle / "exercise.toml").is_file():
            bundle = located(bundle)
        if bundle.is_dir():
            file = bundle / "exercise.toml"
            return file.read_text(encoding="utf-8") if file.is_file() else ""
        with zipfile.ZipFile(bundle) as archive:
            if "exercise.toml" not in archive.namelist():
                return ""
            with archive.open("exercise.toml") as opened:
                return opened.read(MOST).decode("utf-8")
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise BundleError(
            f"{bundle} cannot be read as a bundle ({error}). Give the zip or folder that "
            "holds otter_config.json and tests/."
        ) from error


def answers(notebook: Mapping[str, Any], asked: Sequence[WrittenQuestion]) -> tuple[Answer, ...]:
    """The written parts of a notebook, in the order of the questions.

    A part runs from the cell with Otter's mark to the one that ends it; where the end was deleted,
    to the next beginning. A part belongs to the question whose title its first heading is, and,
    where the heading was changed, to the first question left over. A question without a part gets
    an answer without cells.

    Args:
        notebook: parsed, with a list of cells, checked by the intake.
        asked: the assignment's written questions.
    """
    parts = _parts(notebook.get("cells", []))
    left = list(asked)
    owners: list[WrittenQuestion | None] = []
    headings = [_title(part) for part in parts]
    for heading in headings:
        owner = next((one for one in left if one.title == heading), None)
        if owner:
            left.remove(owner)
        owners.append(owner)
    # In a duplicated part the second copy is not another question's answer.
    titles = {one.title for one in asked}
    for place, heading in enumerate(headings):
        if owners[place] is None and left and heading not in titles:
            owners[place] = left.pop(0)
    found = [Answer(owner, tuple(part)) for owner, part in zip(owners, parts, strict=True)]
    found += [Answer(one) for one in left]
    order = {one.name: place for place, one in enumerate(asked)}
    return tuple(
        sorted(found, key=lambda one: order[one.question.name] if one.question else len(order))
    )


def _parts(cells: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    parts: list[list[Mapping[str, Any]]] = []
    inside = False
    for cell in cells:
        text = joined(cell.get("source"))
        if cell.get("cell_type") == "markdown" and BEGIN in text:
            parts.append([])
            inside = True
        if inside:
            parts[-1].append(cell)
        if cell.get("cell_type") == "markdown" and END in text:
            inside = False
    return parts


def _title(part: Sequence[Mapping[str, Any]]) -> str:
    """The first heading without its number, or ""."""
    # By hand: a regular expression that may give blanks back takes the cube of their number.
    for line in joined(part[0].get("source")).split("\n"):
        words = line.lstrip("#").strip() if line.startswith("#") else ""
        numbered = NUMBER.match(words)
        title = (words[numbered.end() :] if numbered else "") or words
        title = title.rstrip("#").rstrip()
        if title:
            return title
    return ""
