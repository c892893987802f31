"""What students read names no folder of the teacher's machine."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import open_bundle
from autograder.commands.table import show
from autograder.grading import grade
from autograder.reports import student_page, teacher_page
from autograder.settings import SANDBOXES, Settings
from autograder.values.folders import imported_from, shortened
from tests.autograder.bundles import bundle, doctests, notebook

CASES = (
    "import numpy as np\n>>> np.testing.assert_allclose(x, [1, 3])",
    "import pandas as pd\n>>> pd.DataFrame({'a': x})['nope']\n1",
    "invert(1)\n0",
)
CELLS = [
    "import numpy as np\nx = [1, 2]\ndef invert(n):\n    return np.linalg.inv(np.zeros((2, 2)))",
    "from numpy import nothing",
]
PACKAGES = str(Path(np.__file__).parents[1])


@pytest.mark.parametrize("how", [{}, {"mode": "warm"}, {"sandbox": SANDBOXES[-1]}])
def test_a_students_page_names_files_of_packages_and_not_their_folders(
    how: dict[str, str], tmp_path: Path
) -> None:
    listed = [{"code": f">>> {code}", "points": 1, "hidden": False} for code in CASES]
    assignment = open_bundle(bundle(tmp_path / "b", {"q1": doctests("q1", *listed)}), tmp_path)
    found = grade(assignment, notebook(tmp_path / "a.ipynb", CELLS), Settings(**how))  # type: ignore[arg-type]
    assert [case.passed for case in found.questions[0].cases] == [False] * 3
    for text in (student_page(found, "A"), show(found)):
        for folder in (PACKAGES, sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])):
            assert folder not in text
        for name in ("numpy/testing/_private/utils.py", "pandas/core/frame.py"):
            assert name in text
        assert "(numpy/__init__.py)" in text
    assert f"{PACKAGES}/numpy/testing" in teacher_page(found, "A")


def test_folders_in_which_the_assignment_lies_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    monkeypatch.chdir(tmp_path / "files")
    places = ["", "/", "here", str(tmp_path), str(tmp_path / "files"), "/a", "/a/b b"]
    monkeypatch.setattr(sys, "path", places)
    assert imported_from() == ("/a/b b", "/a")
    assert shortened('"/a/b b/c.py" /a/c.py /ab/c.py', imported_from()) == '"c.py" c.py /ab/c.py'
