"""The cells that set a notebook up and hand it in, as a student meets them: here and in Colab."""

from __future__ import annotations

import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from course.exercises import answers, plan, student
from course.exercises.master import Cell

ROOT = Path(__file__).parents[3]
PLANS = {planned.label: planned for planned in plan.listed(ROOT)}


class Grader:
    """Stands for Otter's; remembers what it was asked to export."""

    def __init__(self) -> None:
        self.exported: list[tuple[Any, dict[str, Any]]] = []

    def export(self, path: str | None, **options: Any) -> None:
        """Remember."""
        self.exported.append((path, options))


def run(cell: str, **names: Any) -> None:
    exec(TransformerManager().transform_cell(cell), names)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_tests_of_another_exercise_are_refused(folder: Path) -> None:
    (folder / "tests").mkdir()
    marker = folder / student.MARKER
    marker.write_text("e2-foxtrot-syndrome\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match="belongs to e2-foxtrot-syndrome"):
        run(student.setup(PLANS["E1"]))
    run(student.setup(PLANS["E2"]))


def test_a_grader_has_tests_without_a_marker(folder: Path) -> None:
    (folder / "tests").mkdir()
    run(student.setup(PLANS["E1"]))
    assert [path.name for path in folder.rglob("*")] == ["tests"]


@pytest.mark.parametrize("planned", PLANS.values(), ids=list(PLANS))
def test_the_folder_that_students_get_is_marked(planned: plan.Plan) -> None:
    marker = ROOT / "exercises" / planned.name / student.MARKER
    assert marker.read_text(encoding="utf-8").strip() == planned.name


@pytest.mark.parametrize(("label", "files"), [("E1", None), ("E3", ["photos"])])
def test_one_notebook_is_exported(label: str, files: list[str] | None, folder: Path) -> None:
    (folder / "mine (1).ipynb").touch()
    grader = Grader()
    run(student.export(PLANS[label]), grader=grader)
    [(path, options)] = grader.exported
    assert path is None
    assert options.get("files") == files


def test_of_several_notebooks_yours_has_to_be_named(folder: Path) -> None:
    for name in ("e1.ipynb", "e2.ipynb"):
        (folder / name).touch()
    grader = Grader()
    cell = student.export(PLANS["E1"])
    with pytest.raises(ValueError, match="Put the name of yours into NOTEBOOK"):
        run(cell, grader=grader)
    run(cell.replace('NOTEBOOK = ""', 'NOTEBOOK = "e1.ipynb"'), grader=grader)
    assert [path for path, _ in grader.exported] == ["e1.ipynb"]


@pytest.fixture
def downloaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was downloaded from a stand-in for Colab, where a notebook is chosen for upload."""
    got: list[str] = []
    files = types.ModuleType("files")
    files.upload = lambda: {"mine.ipynb": b"{}"}  # type: ignore[attr-defined]
    files.download = got.append  # type: ignore[attr-defined]
    colab = types.ModuleType("google.colab")
    colab.files = files  # type: ignore[attr-defined]
    google = types.ModuleType("google")
    google.colab = colab  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", google)
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    return got


def test_in_colab_the_notebook_itself_is_handed_in(
    folder: Path, downloaded: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    grader = Grader()
    run(student.export(PLANS["E1"]), grader=grader)
    assert "Download .ipynb" in capsys.readouterr().out
    assert not grader.exported
    assert not downloaded


def test_in_colab_photos_are_handed_in_with_the_notebook(
    folder: Path, downloaded: list[str]
) -> None:
    photo = folder / "photos" / "cats" / "001.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    run(student.export(PLANS["E3"]), grader=Grader())
    assert downloaded == ["hand-in.zip"]
    with zipfile.ZipFile(folder / "hand-in.zip") as made:
        assert {name for name in made.namelist() if not name.endswith("/")} == {
            "mine.ipynb",
            "photos/cats/001.jpg",
        }
        assert made.read("photos/cats/001.jpg") == b"a photo"


def test_every_line_of_a_written_answer_is_hidden() -> None:
    text = "My conclusion has a first line.\n\nAnd a second one."
    cell = Cell(1, 1, "markdown", text, part="solution", question="q9")
    assert [line for _, line in answers.hidden(cell)] == [text.split("\n")[0], text.split("\n")[2]]
    given = Cell(1, 1, "markdown", text)
    assert answers.shown(given) == text.split("\n")
