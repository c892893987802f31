"""The notebooks that readers download or open in Colab."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest
from small_course import Project

from course.execution import status
from course.execution.keys import State
from course.site import downloads

WHEEL = "https://example.org/course/wheels/cnn_course-0.1.0-py3-none-any.whl"
NAMES = ("a-train", "b-compare", "c-pictures")


def state(project: Project, name: str) -> State:
    return next(s for s in status.states(project.root) if s.chapter.name == name)


def made(project: Project, name: str) -> Any:
    return downloads.notebook(state(project, name), WHEEL)


@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_notebook_is_valid_and_has_the_chapters_code(
    project: Project, name: str
) -> None:
    notebook = made(project, name)
    nbformat.validate(notebook)
    read = nbformat.reads(nbformat.writes(notebook), as_version=4)
    code = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert tuple(code[1:]) == state(project, name).chapter.sources
    assert read.metadata["kernelspec"]["language"] == "python"


@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_notebook_holds_no_syntax_of_the_site_and_no_outputs(
    project: Project, name: str
) -> None:
    for cell in made(project, name).cells:
        assert cell.get("outputs", []) == []
        assert cell.metadata == {}
        if cell.cell_type == "markdown":
            assert "{" not in cell.source
            assert ":::" not in cell.source
            assert ")=" not in cell.source


def test_a_downloaded_notebook_begins_by_installing_the_course(project: Project) -> None:
    first = made(project, "c-pictures").cells[0]
    assert first.cell_type == "code"
    magic = first.source.splitlines()[-1]
    assert magic == f"    %pip install --quiet {WHEEL} numpy"
    # Without the magic it is plain Python, and does nothing where the course is installed.
    ast.parse(first.source.replace("%pip", "pass; '") + "'")
    assert 'if importlib.util.find_spec("course") is None:' in first.source


def test_the_installed_libraries_have_the_names_of_their_distributions(project: Project) -> None:
    chapter = state(project, "c-pictures")
    assert chapter.outputs is not None
    chapter.outputs.key["libraries"]["numpy"]["distribution"] = "scikit-learn"
    text = downloads.notebook(chapter, WHEEL).cells[0].source
    assert text.endswith(" scikit-learn")


def test_glued_values_stand_in_the_text(project: Project) -> None:
    text = made(project, "a-train").cells[1].source
    assert text.startswith("# Training\n\nThe score is 0.")
    assert "(2 seeds), with 2 weights." in text


def test_a_chapter_that_was_never_executed_can_be_downloaded_too(project: Project) -> None:
    project.outputs("a-train").unlink()
    notebook = made(project, "a-train")
    nbformat.validate(notebook)
    assert notebook.cells[0].source.endswith("numpy")
