"""What an exercise is planned to be: `solutions/NAME/exercise.toml`.

Reading needs the standard library only: the site shows these facts where no Otter is installed.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import CourseError, nearest
from course.exercises.faults import ExerciseError, Fault

SOLUTIONS = "solutions"
FILE = "exercise.toml"
MASTER = "master.md"
SCHEMA = 1
# How a value travels from the student's notebook to the tests.
KINDS = ("array", "function", "history", "number", "text")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KEYS = {
    "": {"schema", "title", "label", "summary", "limits", "environment", "files", "values"}
    | {"held_back", "questions"},
    "limits": {"seconds", "cell_seconds", "memory_mb", "upload_mb"},
    "environment": {"python", "packages"},
    "files": {"student"},
    "held_back": {"folder", "share", "at_least"},
    "questions": {"name", "title", "points", "manual", "outcomes", "rubric"},
}


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        seconds: for the whole notebook.
        cell_seconds: for one cell.
        memory_mb: megabytes of memory.
        upload_mb: megabytes of the submission.
    """

    seconds: int
    cell_seconds: int
    memory_mb: int
    upload_mb: int


@dataclass(frozen=True)
class Question:
    """A question, as it is planned.

    Attributes:
        name: what `grader.check` calls it, and its test file.
        title: a few words.
        points: all that can be had.
        manual: whether a teacher reads it.
        outcomes: pairs of a chapter's name and words of one of its outcomes.
        rubric: for a manual question, pairs of points and what they are given for.
    """

    name: str
    title: str
    points: float
    manual: bool
    outcomes: tuple[tuple[str, str], ...]
    rubric: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class HeldBack:
    """What the grader takes away of a folder that students hand in, before the notebook runs.

    Attributes:
        folder: with one folder for each class, beside the notebook: `photos`.
        share: of the files of each class, above 0 and below 1.
        at_least: files of each class.
    """

    folder: str
    share: float
    at_least: int


@dataclass(frozen=True)
class Plan:
    """An exercise, as it is planned.

    Attributes:
        folder: `solutions/NAME`.
        label: how the course calls it for short: E1.
        title: its title.
        summary: one sentence.
        limits: of a submission.
        python: version for the grader's environment.
        packages: what the notebook imports, by the names of the distributions.
        files: what students get beside the notebook, relative to `folder`.
        held_back: what the grader takes away of files that students hand in; None for nothing.
        values: names of what the notebook hands over to the tests, with its kind.
        questions: in the order of the notebook.
    """

    folder: Path
    label: str
    title: str
    summary: str
    limits: Limits
    python: str
    packages: tuple[str, ...]
    files: tuple[str, ...]
    held_back: HeldBack | None
    values: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """Name of the folder, of the notebook and of the bundle."""
        return self.folder.name

    @property
    def automatic(self) -> float:
        """Points that tests give."""
        return sum(q.points for q in self.questions if not q.manual)

    @property
    def manual(self) -> float:
        """Points that a teacher gives."""
        return sum(q.points for q in self.questions if q.manual)

    def question(self, name: str) -> Question | None:
        """The question of this name, or None."""
        return next((q for q in self.questions if q.name == name), None)


def listed(root: Path) -> list[Plan]:
    """All exercises, sorted by name.

    Raises:
        ExerciseError: an `exercise.toml` is unreadable or incomplete.
    """
    found = (root / SOLUTIONS).glob(f"*/{FILE}")
    return [read(path.parent) for path in sorted(found)]


def chosen(root: Path, names: tuple[str, ...]) -> list[Plan]:
    """The exercises of the given names; all of them without a name.

    Raises:
        CourseError: a name is unknown; the message suggests the nearest.
        ExerciseError: see `read`.
    """
    folders = {path.parent.name: path.parent for path in (root / SOLUTIONS).glob(f"*/{FILE}")}
    wanted = set()
    for given in names:
        stem = Path(given).name
        short = [known for known in folders if known.split("-")[0] == stem.lower()]
        if stem in folders:
            wanted.add(stem)
        elif short:
            wanted.update(short)
        else:
            hint = nearest(stem, sorted(folders))
            raise CourseError(f"There is no exercise {given!r} in {SOLUTIONS}/. {hint}")
    return [read(folders[name]) for name in sorted(wanted if names else folders)]


def read(folder: Path) -> Plan:
    """Read the plan of an exercise.

    Args:
        folder: `solutions/NAME`.

    Raises:
        ExerciseError: the file is missing, unreadable or incomplete; every fault has its line.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError([Fault(folder.name, FILE, 0, 0, f"cannot be read: {error}")]) from None
    return _Reader(folder, text).plan()


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        self.lines = text.splitlines()
        self.faults: list[Fault] = []
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            number = int(line[1]) if line else len(self.lines)
            raise ExerciseError(
                [Fault(folder.name, FILE, number, 0, f"is no TOML: {error}")]
            ) from None

    def plan(self) -> Plan:
        """The plan, or all faults at once."""
        if not NAME.fullmatch(self.folder.name):
            self.fault("", f"call the folder in small letters, digits and hyphens: {NAME.pattern}")
        if self.data.get("schema") != SCHEMA:
            self.fault("schema", f"write `schema = {SCHEMA}`")
        self.keys("", self.data)
        for table in ("limits", "environment", "files", "held_back", "values"):
            if not isinstance(self.data.get(table, {}), dict):
                self.fault(table, f"write a table, [{table}]")
                self.data[table] = {}
            if table != "values":
                self.keys(table, self.data.get(table, {}))
        limits = {
            key: self.whole(self.data.get("limits", {}), key) for key in sorted(KEYS["limits"])
        }
        questions = tuple(self.questions())
        environment, files = self.data.get("environment", {}), self.data.get("files", {})
        plan = Plan(
            folder=self.folder,
            label=self.text(self.data, "label"),
            title=self.text(self.data, "title"),
            summary=self.text(self.data, "summary"),
            limits=Limits(**limits),
            python=self.text(environment, "python"),
            packages=tuple(self.texts(environment, "packages")),
            files=tuple(self.data_files(files)),
            held_back=self.held_back(self.data.get("held_back", {})),
            values=tuple(self.values()),
            questions=questions,
        )
        if self.faults:
            raise ExerciseError(self.faults)
        return plan

    def questions(self) -> Iterator[Question]:
        """The questions, in the order of the file."""
        entries = self.data.get("questions", [])
        if not isinstance(entries, list) or not entries:
            self.fault("questions", "write at least one question, [[questions]]")
            return
        seen: set[str] = set()
        for entry in entries:
            if not isinstance(entry, dict):
                self.fault("questions", f"write each question as a table, [[questions]]: {entry!r}")
                continue
            name = self.text(entry, "name", "questions")
            where = f'name = "{name}"'
            self.keys("questions", entry)
            if name in seen:
                self.fault(where, f"there are two questions {name}")
            if not re.fullmatch(r"[A-Za-z]\w*", name):
                self.fault(where, f"{name!r} must be a letter followed by letters and digits: q1")
            seen.add(name)
            points = entry.get("points")
            if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
                self.fault(where, f"give {name} points, a number above 0")
                points = 0.0
            rubric = self.rubric(entry, where, points)
            outcomes = self.outcomes(entry, where)
            manual = entry.get("manual", False) is True
            title = self.text(entry, "title", where)
            yield Question(name, title, points, manual, outcomes, rubric)

    def rubric(self, entry: Any, where: str, points: float) -> tuple[tuple[float, str], ...]:
        """For what a teacher gives the points of a manual question."""
        found = []
        lines = entry.get("rubric", [])
        for line in lines if isinstance(lines, list) else [lines]:
            share, text = (
                (line.get("points"), line.get("for")) if isinstance(line, dict) else (0, 0)
            )
            if not isinstance(share, int | float) or not isinstance(text, str):
                self.fault(where, 'write each line of the rubric as {points = 1, for = "…"}')
                return ()
            found.append((float(share), text))
        if entry.get("manual") and not found:
            self.fault(where, "a manual question needs a rubric: for what are the points given?")
        if found and abs(sum(share for share, _ in found) - points) > 1e-9:
            total = sum(share for share, _ in found)
            self.fault(where, f"the rubric adds up to {total:g} points, not to {points:g}")
        return tuple(found)

    def outcomes(self, entry: Any, where: str) -> tuple[tuple[str, str], ...]:
        """Outcomes of chapters that a question tests."""
        found = []
        for text in self.texts(entry, "outcomes"):
            chapter, colon, words = text.partition(": ")
            if not colon:
                self.fault(where, f"write {text!r} as `CHAPTER: words of one of its outcomes`")
            found.append((chapter, words))
        return tuple(found)

    def values(self) -> Iterator[tuple[str, str]]:
        """Names and kinds of what is handed over."""
        for name, kind in self.data.get("values", {}).items():
            if kind not in KINDS or not name.isidentifier():
                self.fault(f"{name} =", f"{name} is one of: {', '.join(KINDS)}")
            yield name, str(kind)

    def data_files(self, files: Any) -> Iterator[str]:
        """Files for students: they exist, below the exercise's folder."""
        for name in self.texts(files, "student"):
            inside = (self.folder / name).resolve().is_relative_to(self.folder.resolve())
            if not inside or not (self.folder / name).is_file():
                self.fault(f'"{name}"', f"there is no file {name} in the folder of the exercise")
            yield name

    def held_back(self, table: Any) -> HeldBack | None:
        """Which folder that students hand in loses files before the notebook runs."""
        if not table:
            return None
        folder = self.text(table, "folder", "[held_back]")
        if not re.fullmatch(r"[a-z][a-z0-9-]*", folder):
            self.fault("folder =", "the folder held back is one name in small letters: photos")
        share, least = table.get("share"), table.get("at_least")
        if not isinstance(share, int | float) or not 0 < share < 1:
            self.fault("share =", "the share held back is a number between 0 and 1")
            share = 0.5
        if isinstance(least, bool) or not isinstance(least, int) or least < 1:
            self.fault("at_least =", "at_least is a whole number above 0: files of each class")
            least = 1
        return HeldBack(folder, float(share), least)

    def keys(self, table: str, entry: Any) -> None:
        """No key may be misspelt: it would be left out without a word."""
        for key in entry if isinstance(entry, dict) else []:
            if key not in KEYS[table]:
                near = difflib.get_close_matches(key, KEYS[table], 1)
                self.fault(f"{key}", f"unknown key {key}{f'; {near[0]}?' if near else ''}")

    def text(self, entry: Any, key: str, where: str = "") -> str:
        """A text that must be there."""
        value = entry.get(key) if isinstance(entry, dict) else None
        if not isinstance(value, str) or not value.strip():
            self.fault(where or key, f'{key} is missing; write {key} = "…"')
            return ""
        return value

    def texts(self, entry: Any, key: str) -> list[str]:
        """A list of texts, empty where it is missing."""
        value = entry.get(key, []) if isinstance(entry, dict) else []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, f'write {key} as a list: ["…", "…"]')
            return []
        return list(value)

    def whole(self, entry: Any, key: str) -> int:
        """A whole number above 0."""
        value = entry.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fault(key, f"[limits] needs {key}, a whole number above 0")
            return 1
        return value

    def fault(self, words: str, problem: str) -> None:
        """Note a fault on the first line that has the words."""
        found = (n for n, line in enumerate(self.lines, 1) if words and words in line)
        self.faults.append(Fault(self.folder.name, FILE, next(found, 1), 0, problem))
