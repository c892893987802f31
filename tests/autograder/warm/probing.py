"""What code of a notebook finds out about its room, told through a test that always fails."""

from __future__ import annotations

from pathlib import Path

from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from autograder.records import Grade
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook

PYTHON = Settings().python
TELLING = exceptions("q1", "@test_case(points=1)\ndef test_it(said):\n    raise ValueError(said)\n")
EXERCISE = """\
schema = 1
[limits]
seconds = 60
cell_seconds = 60
memory_mb = 500
processes = 60
[files]
student = ["data.txt"]
"""


class Prober:
    """An assignment whose only test tells the value of `said`."""

    def __init__(self, folder: Path, exercise: str = EXERCISE, **config: object) -> None:
        folder.mkdir(exist_ok=True)
        files = {"data.txt": "1 2 3\n", "hidden.txt": "for the tests alone\n"}
        path = bundle(folder / "bundle", {"q1": TELLING}, files, exercise, **config)
        self.folder = folder
        self.assignment: Assignment = open_bundle(path, folder)

    def grade(self, *cells: str, mode: str = "warm", python: Path = PYTHON) -> Grade:
        """Grade a notebook with these cells."""
        path = notebook(self.folder / "answers.ipynb", cells)
        return grade(self.assignment, path, Settings(python=python, mode=mode))

    def said(self, *cells: str, mode: str = "warm", python: Path = PYTHON) -> str:
        """What `said` is after these cells, run in a room that is as warm as asked for."""
        found = self.grade(*cells, mode=mode, python=python)
        assert found.provenance["mode"] == mode, found.provenance
        told = found.questions[0].cases[0].detail
        assert "ValueError" in told, (told, found.warnings)
        return told.partition("ValueError: ")[2].strip()
