"""A notebook that ends its own process: the pages say in which cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.reports import student_page, teacher_page
from autograder.session import in_words
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook

TEST = "@test_case(points=2)\ndef t(x):\n    assert x == 9\n"
IMPORT = "import os, otter\ngrader = otter.Notebook()"


@pytest.mark.parametrize(
    "ends", ["os._exit(0)", "os.kill(os.getpid(), 9)", "await asyncio.sleep(0)\nos._exit(0)"]
)
def test_the_cell_that_ends_the_process_is_named(tmp_path: Path, ends: str) -> None:
    made = bundle(tmp_path / "bundle", {"q1": exceptions("q1", TEST)})
    path = notebook(tmp_path / "hw.ipynb", [IMPORT, "import asyncio", ends, "grader.check('q1')"])
    content = json.loads(path.read_text("utf-8"))
    # Cells with text count, as on the pages.
    content["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "Text"})
    path.write_text(json.dumps(content), encoding="utf-8")
    found = grade(open_bundle(made, tmp_path), path, Settings(sandbox="none"))
    assert found.warnings == ("cell 4 ended the notebook's process",)
    assert (found.status, found.score) == ("needs a teacher", 0)
    for page in (student_page, teacher_page):
        assert "cell 4 ended the notebook&#39;s process" in page(found, "Homework")


def test_a_notebook_cannot_name_a_cell_that_is_none(tmp_path: Path) -> None:
    made = bundle(tmp_path / "bundle", {"q1": exceptions("q1", TEST)})
    forged = (
        "import gc\nfrom autograder.student.driver import Driver\n"
        "from autograder.values.wire import Message\n"
        "driver = next(item for item in gc.get_objects() if type(item) is Driver)\n"
        "for cell in (-3, 10**9, True, '<b>', [1], None):\n"
        "    driver.channel.send(Message({'kind': 'cell', 'cell': cell}))\n"
        "grader.check('q1')\nos._exit(0)"
    )
    path = notebook(tmp_path / "hw.ipynb", [IMPORT, "x = 9\n" + forged])
    found = grade(open_bundle(made, tmp_path), path, Settings(sandbox="none"))
    assert found.score == 2
    assert found.warnings == ("cell 0: Closed: the other side has ended",)


def test_a_cell_in_which_the_grader_ends_the_process_is_not_blamed() -> None:
    item = {"cell": 4, "ended": True, "error": "Closed", "text": "the other side has ended"}
    assert in_words(item, "memory") == (
        "cell 4 ran when the notebook was ended for its limit of memory"
    )
    assert in_words(item, "") == "cell 4 ended the notebook's process"
