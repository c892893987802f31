"""Submissions with pictures, graded: the tests ask about what the notebook never had."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment import Assignment, open_bundle
from autograder.commands import group
from autograder.errors import BundleError
from autograder.grading import grade
from autograder.held_back.plan import read
from autograder.records import Grade
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.held_back.drawn import EXERCISE, PLAN, folder

TESTS = {
    "q1": exceptions(
        "q1",
        "@test_case(points=1)\ndef test_seen(seen):\n    assert len(seen) == 32, seen\n",
        "@test_case(points=2, hidden=True)\ndef test_asked(predict):\n"
        "    from pathlib import Path\n    import numpy as np\n    from PIL import Image\n"
        "    held = sorted(Path('held-back').glob('*/*'))\n"
        "    assert [p.parent.name for p in held] == ['cup'] * 4 + ['glass'] * 4\n"
        "    shapes = {tuple(predict(np.asarray(Image.open(path)))) for path in held}\n"
        "    assert shapes == {(47, 63, 3)}\n",
    ),
    "q2": exceptions(
        "q2",
        "@test_case(points=1, hidden=True)\ndef test_none(seen):\n"
        "    from pathlib import Path\n    assert not Path('held-back').exists()\n"
        "    assert any(Path('photos').glob('*/*')) is (len(seen) > 0)\n",
    ),
}
CELLS = [
    "from pathlib import Path\nseen = sorted(str(p) for p in Path('photos').glob('*/*.jpg'))",
    "def predict(photo):\n    return photo.shape",
]


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return open_bundle(bundle(tmp_path / "bundle", TESTS, exercise=EXERCISE), tmp_path)


def graded(assignment: Assignment, tmp_path: Path, mode: str = "cold") -> Grade:
    path = notebook(tmp_path / "in" / "a.ipynb", CELLS)
    return grade(assignment, path, Settings(mode=mode), beside=path.parent)


@pytest.mark.parametrize("mode", ["cold", "warm"])
def test_the_tests_ask_about_what_the_notebook_did_not_have(
    mode: str, assignment: Assignment, tmp_path: Path
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    found = graded(assignment, tmp_path, mode)
    assert (found.status, found.questions[0].score, found.warnings) == ("graded", 3, ())
    assert found.provenance["held back"] == "cup 4 of 20, glass 4 of 20"
    assert len(found.provenance["held-back files"].split(", ")) == 8


def test_where_nothing_can_be_held_back_all_is_graded_and_a_teacher_decides(
    assignment: Assignment, tmp_path: Path
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 5})
    found = graded(assignment, tmp_path)
    assert found.status == "needs a teacher"
    assert "Your class glass has 5 pictures" in found.reason
    assert found.questions[1].score == 1
    assert found.provenance["held back"] == "nothing"


def test_without_pictures_nothing_changes(assignment: Assignment, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    found = graded(assignment, tmp_path)
    assert (found.status, found.questions[1].score) == ("graded", 1)
    assert "held back" not in found.provenance


def test_the_command_takes_the_folder_along_without_being_asked(
    assignment: Assignment, tmp_path: Path
) -> None:
    files = folder(tmp_path / "in", {"cup": 20, "glass": 20})
    path = notebook(tmp_path / "in" / "a.ipynb", CELLS)
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.write(path, "a.ipynb")
        for name, file in files.items():
            archive.write(file, name)
    out = tmp_path / "out"
    asked = ["grade", str(tmp_path / "ada.zip"), "--assignment", str(assignment.folder)]
    told = CliRunner().invoke(group, [*asked, "--out", str(out)])
    assert "1 graded" in told.output
    (kept,) = (out / "grades").glob("*.json")
    assert Grade.from_json(kept.read_text()).questions[0].score == 3
    (page,) = (out / "reports").glob("*.html")
    assert "photos/" not in page.read_text()
    (page,) = (out / "teacher").glob("*.html")
    named = re.search(r"<dt>held-back files</dt><dd>([^<]*)", page.read_text())
    assert named is not None
    assert named.group(1).count("photos/cup/") == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f'seed = "{PLAN.seed}"\n', "", "has no seed; `course exercises` writes it"),
        ("share = 0.2", "share = 2", "share, a number between 0 and 1"),
        ("at_least = 4", "at_least = 0", "at_least, a whole number above 0"),
        ('folder = "photos"', 'folder = "../photos"', "folder, the name of one folder"),
    ],
)
def test_a_bundle_that_does_not_say_what_is_held_back_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in EXERCISE
    folder = bundle(tmp_path / "bundle", TESTS, exercise=EXERCISE.replace(old, new))
    with pytest.raises(BundleError, match=said):
        open_bundle(folder, tmp_path)


def test_a_bundle_without_the_table_holds_nothing_back() -> None:
    assert read(None) is None
    with pytest.raises(ValueError, match="no table"):
        read(3)
