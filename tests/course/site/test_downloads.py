"""The notebooks that readers download or open in Colab."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from small_course import Project

from course.execution import status
from course.execution.keys import State
from course.runs import carry
from course.site import downloads

SITE = "https://example.org/course/"
WHEEL = "cnn_course-0.1.0+abcd1234-py3-none-any.whl"
NAMES = ("a-train", "b-compare", "c-pictures")


def state(project: Project, name: str) -> State:
    return next(s for s in status.states(project.root) if s.chapter.name == name)


@pytest.fixture
def made(project: Project, tmp_path: Path) -> Callable[..., Any]:
    """Makes the notebook of a chapter, with a wheel and the runs of the first chapter."""
    wheel = tmp_path / WHEEL
    wheel.write_bytes(b"a wheel")
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "a--first.zip").write_bytes(b"two runs")

    def make(chapter: str | State, site: str = SITE) -> Any:
        found = chapter if isinstance(chapter, State) else state(project, chapter)
        return downloads.notebook(found, wheel, site, runs)

    return make


@pytest.mark.parametrize("site", [SITE, ""])
@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_notebook_is_valid_and_has_the_chapters_code(
    project: Project, made: Callable[..., Any], name: str, site: str
) -> None:
    notebook = made(name, site)
    nbformat.validate(notebook)
    read = nbformat.reads(nbformat.writes(notebook), as_version=4)
    code = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert tuple(code[1 if site else 2 :]) == state(project, name).chapter.sources
    assert read.metadata["kernelspec"]["language"] == "python"


@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_notebook_holds_no_syntax_of_the_site_and_no_outputs(
    made: Callable[..., Any], name: str
) -> None:
    for cell in made(name).cells:
        assert cell.get("outputs", []) == []
        assert cell.metadata == {}
        if cell.cell_type == "markdown":
            assert "{" not in cell.source
            assert ":::" not in cell.source
            assert ")=" not in cell.source


def test_a_figures_caption_stands_below_the_cell_that_draws_it(made: Callable[..., Any]) -> None:
    cells = made("c-pictures").cells
    (index,) = (i for i, c in enumerate(cells) if c.source.startswith("plots.pictures"))
    assert cells[index + 1].cell_type == "markdown"
    assert cells[index + 1].source == "_A *ramp* from black to white, the first of `two`._\n"


def test_with_an_address_the_notebook_installs_from_the_site(made: Callable[..., Any]) -> None:
    first = made("c-pictures").cells[0].source
    address = "https://example.org/course/wheels/cnn_course-0.1.0%2Babcd1234-py3-none-any.whl"
    assert f"    %pip install --quiet {address} numpy\n" in first
    assert carry.SITE not in first
    assert f'os.environ.setdefault("{carry.SITE}", "https://example.org/course")' in (
        made("b-compare").cells[0].source
    )


def test_without_an_address_the_notebook_carries_the_wheel_and_the_runs_that_it_loads(
    made: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(carry.RUNS, "restored after the test")
    monkeypatch.delenv(carry.RUNS)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    hidden, first = made("b-compare", "").cells[:2]
    assert hidden.metadata["jupyter"] == {"source_hidden": True}
    assert hidden.metadata["tags"] == ["hide-input"]
    assert "http" not in hidden.source + first.source
    assert max(map(len, first.source.splitlines())) <= 100

    said = installed_by(hidden.source + "\n" + first.source, monkeypatch, None)

    folder = Path(os.environ[carry.RUNS])
    assert said == [f'--quiet "{folder}/{WHEEL}"']
    assert (folder / WHEEL).read_bytes() == b"a wheel"
    assert (folder / "a--first.zip").read_bytes() == b"two runs"
    assert "a--first" not in made("c-pictures", "").cells[0].source


@pytest.mark.parametrize(
    ("version", "importable", "installs"),
    [
        (None, False, True),
        (None, True, True),  # some other package of this name
        ("0.1.0+abcd1234", True, False),
        ("0.1.0+00000000", True, True),
        ("0.1.0", True, False),  # somebody who works on the course
        ("0.1.0", False, True),
    ],
)
def test_the_course_is_installed_unless_this_version_or_a_developers_is_there(
    made: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    version: str | None,
    importable: bool,
    installs: bool,
) -> None:
    source = made("c-pictures").cells[0].source
    said = installed_by(source, monkeypatch, version, importable=importable)
    assert bool(said) == installs


def test_a_library_that_an_earlier_chapter_did_not_need_is_installed(
    made: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = made("c-pictures").cells[0].source
    same = "0.1.0+abcd1234"
    assert not installed_by(source, monkeypatch, same, importable=True)
    (said,) = installed_by(source, monkeypatch, same, importable=True, absent=("numpy",))
    assert said.endswith(" numpy")
    own = installed_by(source, monkeypatch, "0.1.0", importable=True, absent=("numpy",))
    assert own == []


def test_an_installation_that_failed_says_what_to_do(
    made: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = made("c-pictures").cells[0].source
    with pytest.raises(ImportError, match="connect to the network and run this cell again"):
        installed_by(source, monkeypatch, None, importable=False, works=False)


def installed_by(
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    version: str | None,
    *,
    importable: bool = False,
    works: bool = True,
    absent: tuple[str, ...] = (),
) -> list[str]:
    """Run the first cells where a version of the course is installed; what pip was told."""
    said: list[str] = []
    there = [importable]

    def pip(arguments: str) -> None:
        said.append(arguments)
        there[0] = there[0] or works

    def installed(name: str) -> str:
        if name != "cnn-course":
            if name in absent:
                raise importlib.metadata.PackageNotFoundError(name)
            return "1.0"
        if version is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    plain = re.sub(r"%pip install (.*)", r"pip(f'\1')", source)
    with monkeypatch.context() as patch:
        patch.setattr(importlib.metadata, "version", installed)
        patch.setattr(importlib.util, "find_spec", lambda name: there[0] or None)
        exec(plain, {"pip": pip})
    return said


def test_the_installed_libraries_have_the_names_of_their_distributions(
    project: Project, made: Callable[..., Any]
) -> None:
    chapter = state(project, "c-pictures")
    assert chapter.outputs is not None
    chapter.outputs.key["libraries"]["numpy"]["distribution"] = "scikit-learn"
    text = made(chapter).cells[0].source
    assert ".whl scikit-learn\n" in text


def test_glued_values_stand_in_the_text(made: Callable[..., Any]) -> None:
    text = made("a-train").cells[1].source
    assert text.startswith("# Training\n\nThe score is 0.")
    assert "(2 seeds), with 2 weights." in text


def test_the_questions_stand_in_the_notebook_with_folded_answers_and_glued_values(
    project: Project, made: Callable[..., Any]
) -> None:
    text = made("a-train").cells[-1].source
    assert text.startswith("**1.** How many *weights* has `Model`, as in $1 < 2$?\n\n- a) None")
    assert "<summary>Answers to question 3, explained</summary>\n\n- **2 is right.**" in text
    assert "- **a is not right.** It has 2.\n- **b is right.** One of them is $w_1$:\n" in text


def test_questions_that_cannot_be_read_are_left_out_of_the_notebook(
    project: Project, made: Callable[..., Any]
) -> None:
    project.replace("book/quizzes/a-train.yml", "kind: multiple", "kind: many")
    cells = made("a-train").cells
    nbformat.validate(made("a-train"))
    assert "quiz" not in cells[-1].source


def test_a_chapter_that_was_never_executed_can_be_downloaded_too(
    project: Project, made: Callable[..., Any]
) -> None:
    project.outputs("a-train").unlink()
    notebook = made("a-train")
    nbformat.validate(notebook)
    assert ".whl numpy\n" in notebook.cells[0].source
