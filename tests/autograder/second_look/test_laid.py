"""What Otter's own grading gets for a second look."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.handed_in import Uploads
from autograder.held_back.held import Held
from autograder.notebook import cells
from autograder.second_look.laid import OTHERWISE, lay, name
from tests.autograder.bundles import bundle, exceptions, notebook

TESTS = {"q": exceptions("q", "@test_case(points=1)\ndef test_q(x):\n    assert x")}


def named(source: str, folder: Path) -> str:
    return name(cells(notebook(folder / "a.ipynb", ["import otter", source]).read_bytes()))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("grader = otter.Notebook('hw 1 (new).ipynb')", "hw 1 (new).ipynb"),
        ('grader = otter.Notebook( "./hw1.ipynb", tests_dir="t")', "hw1.ipynb"),
        ("grader = otter.Notebook(nb_path='hw1.ipynb')", "hw1.ipynb"),
        ("grader = otter.Notebook()", OTHERWISE),
        ("otter.Notebook('../../hw1.ipynb')", OTHERWISE),
        ("otter.Notebook('week 3/4.ipynb')", OTHERWISE),
        (f"# Notebook('{'a' * 70_000}.ipynb')", OTHERWISE),
        ("otter.Notebook('\ud800.ipynb')", OTHERWISE),
    ],
)
def test_the_notebook_has_the_name_that_it_was_given_out_with(
    source: str, found: str, tmp_path: Path
) -> None:
    assert named(source, tmp_path) == found


def laid(folder: Path, handed_in: dict[str, str], **config: Any) -> dict[str, dict[str, bytes]]:
    """The contents of both zips."""
    files = {"data/one.txt": "1", "given.txt": "of the assignment", "hidden/key.txt": "secret"}
    exercise = "[files]\nstudent = ['data/one.txt', 'given.txt']\n"
    opened = open_bundle(bundle(folder / "bundle", TESTS, files, exercise, **config), folder)
    beside = folder / "beside"
    path = notebook(folder / "a.ipynb", ["x = 1"], kernelspec={"name": "my-env"})
    for place, text in handed_in.items():
        (beside / place).parent.mkdir(parents=True, exist_ok=True)
        (beside / place).write_text(text)
    uploads = Uploads(beside, beside / "none", Held(left_out=frozenset({"photos/held.png"})))
    content = path.read_bytes()
    found = {}
    for archive in lay(opened, cells(content), content, uploads, folder).iterdir():
        with zipfile.ZipFile(archive) as opened_archive:
            found[archive.stem] = {
                entry.filename: opened_archive.read(entry)
                for entry in opened_archive.infolist()
                if not entry.is_dir()
            }
    return found


def test_files_stand_where_the_notebook_finds_them(tmp_path: Path) -> None:
    handed_in = {
        "data/mine.txt": "2",
        "given.txt": "another",
        "photos/seen.png": "seen",
        "photos/held.png": "held back",
        "tests/q.py": "of the student's own",
        "second.ipynb": "{}",
        "below/third.ipynb": "{}",
        "folder.ipynb/x.txt": "x",
    }
    found = laid(tmp_path, handed_in)["submission"]
    assert found.keys() == {
        OTHERWISE,
        "data/one.txt",
        "data/mine.txt",
        "given.txt",
        "hidden/key.txt",
        "photos/seen.png",
        "below/third.ipynb",
    }
    assert found["given.txt"] == b"of the assignment"


def test_a_file_called_tests_is_left_out(tmp_path: Path) -> None:
    assert "tests" not in laid(tmp_path, {"tests": "no folder"})["submission"]


def test_it_runs_in_the_kernel_that_is_there(tmp_path: Path) -> None:
    content = json.loads(laid(tmp_path, {"a.txt": "a"})["submission"][OTHERWISE])
    assert content["metadata"]["kernelspec"]["name"] == "python3"


def test_what_is_not_for_a_notebook_is_left_out_of_the_assignment(tmp_path: Path) -> None:
    config = {"token": "of the teacher", "plugins": ["x.Y"], "pdf": True, "seed": 3}
    found = laid(tmp_path, {"a.txt": "a"}, **config)["autograder"]
    assert "exercise.toml" not in found
    assert {"tests/q.py", "files/given.txt"} <= found.keys()
    assert json.loads(found["otter_config.json"]) == {
        "lang": "python",
        "show_hidden": True,
        "seed": 3,
    }
