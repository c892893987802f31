"""A grader that needs no sandbox: points by what the notebook says of itself."""

import hashlib
import json
import os
import sys
import threading
from pathlib import Path

from autograder.errors import Rejected, SandboxError
from autograder.intake import Upload
from autograder.intake.entries import Entry
from autograder.records import Case, Grade, Question

LOG = "STANDIN_LOG"
# A file that is there once a notebook that waits for the end of its worker has begun.
BEGUN = "STANDIN_BEGUN"


def grade(notebook: Path) -> Grade:
    """Two questions, whose points follow from the bytes of the notebook."""
    if os.environ.get(LOG):
        with open(os.environ[LOG], "a") as file:
            file.write(f"{notebook.name}\n")
    data = notebook.read_bytes()
    source = "".join(json.loads(data)["cells"][0]["source"])
    if "raise" in source:
        raise RuntimeError("the grader stumbled")
    if "leave" in source:
        sys.exit(3)
    if "beside" in source:
        await_the_end_once(Path(os.environ[BEGUN]))
    if "die" in source:
        while os.environ.get(BEGUN) and not Path(os.environ[BEGUN]).exists():
            os.sched_yield()
        os._exit(9)
    if "no sandbox" in source:
        raise SandboxError("Install bubblewrap.")
    if "refuse" in source:
        raise Rejected("This is not for me.")
    if "files" in source:
        found = sorted(str(p.relative_to(notebook.parent)) for p in notebook.parent.rglob("*.csv"))
        return Grade("", "", "graded", (Question("q1", len(found), 2),), reason=",".join(found))
    points = hashlib.sha256(data).digest()[0] % 5
    case = Case("q1 - 1", points > 0, True, 4, "", f"the test saw {points}")
    provenance = {"sandbox": "none"}
    return Grade("x", "y", "graded", (Question("q1", points, 4, (case,)),), provenance=provenance)


def await_the_end_once(begun: Path) -> None:
    """Stay until this process is killed; at the second time go on."""
    if not begun.exists():
        begun.touch()
        threading.Event().wait()


def more(notebook: Path) -> Grade:
    """A point more for everybody: a test that was mended."""
    found = grade(notebook)
    question = Question("q1", found.questions[0].score + 1, 5)
    return Grade("", "", "graded", (question,))


def upload(name: str, source: str = "x = 1", student: str = "", identifier: str = "") -> Upload:
    """An upload of a notebook with this one cell."""
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    data = json.dumps(content).encode()
    return Upload(name, student, identifier, (Entry(name, len(data), "", lambda most: data),))
