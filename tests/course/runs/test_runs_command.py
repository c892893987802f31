"""`course runs`: from the outputs of the book to a student's run store."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from small_course import Command, Project

from course import runs
from course.runs import fetch, models, packs, store

NAME = "a/first"


@pytest.fixture
def book(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The small course; its models are no Keras models, so nobody looks into them."""
    monkeypatch.setattr(models, "check", lambda path: None)
    monkeypatch.setenv("CNN_COURSE_CACHE", str(project.root / "cache"))
    monkeypatch.delenv("CNN_COURSE_RUNS", raising=False)
    return project


@pytest.fixture
def student(
    book: Project, course: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty machine, and the folder of packs that somebody gave to it."""
    assert course("runs", "pack", str(tmp_path / "packs")).status == 0
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "student"))
    # The chapter belongs to the copy of the package that lies in the small course.
    monkeypatch.setattr(fetch, "__file__", str(book.root / "course" / "runs" / "fetch.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "packs"


def test_the_runs_of_this_machine_are_listed(book: Project, course: Command) -> None:
    result = course("runs", "list")
    assert result.status == 0
    line, _, last = result.out.splitlines()
    assert line.startswith(f"{NAME} ")
    assert "2 parameters" in line
    assert line.endswith("seeds 0, 1")
    assert last == f"1 names, profile cpu, in {book.root / 'cache' / 'runs'}"


def test_what_is_packed_says_what_it_is_and_where_the_address_belongs(
    book: Project, course: Command, tmp_path: Path
) -> None:
    result = course("runs", "pack", str(tmp_path / "packs"), "a")
    assert result.status == 0
    assert 'Runs = "https://ADDRESS-OF-THE-FILES#sha256=' in result.out
    (pack,) = packs.read_index((tmp_path / "packs" / packs.INDEX).read_bytes(), "index")
    assert (pack.name, pack.seeds, pack.made.chapter) == (NAME, [0, 1], "a-train")
    assert pack.bytes == (tmp_path / "packs" / pack.file).stat().st_size
    assert pack.digest == store.digest_of(NAME, "cpu")
    assert pack.made.libraries.keys() == {"numpy"}


def test_a_second_pack_adds_to_the_index_and_replaces_its_own_line(
    book: Project, course: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "packs"
    assert course("runs", "pack", str(folder)).status == 0
    (pack,) = packs.read_index((folder / packs.INDEX).read_bytes(), "index")
    other = packs.Pack(**{**vars(pack), "name": "b/other"})
    old = packs.Pack(**{**vars(pack), "sha256": "0" * 64})
    (folder / packs.INDEX).write_text(packs.index([old, other]), encoding="utf-8")
    assert course("runs", "pack", str(folder), NAME).status == 0
    assert packs.read_index((folder / packs.INDEX).read_bytes(), "index") == [pack, other]


def test_runs_that_are_not_those_of_the_outputs_are_not_packed(
    book: Project, course: Command, tmp_path: Path
) -> None:
    store.name_runs(NAME, "cpu", store.keys_of(NAME, "cpu")[:1])
    result = course("runs", "pack", str(tmp_path / "packs"), NAME)
    assert result.status == 1
    assert "has other runs than the outputs" in result.err
    assert "`course execute --all a-train`" in result.err
    result = course("runs", "pack", str(tmp_path / "packs"))
    assert result.status == 1
    assert "has none of the runs that the outputs were made of" in result.err
    assert not (tmp_path / "packs").exists()


def test_a_run_that_no_outputs_have_is_not_packed(book: Project, course: Command) -> None:
    result = course("runs", "pack", "packs", "a/frist")
    assert result.status == 1
    assert "The book has no runs 'a/frist'. Did you mean a/first?" in result.err


def test_fetched_runs_say_that_the_notebook_will_find_them(
    student: Path, course: Command, book: Project
) -> None:
    result = course("runs", "fetch", NAME, "--from", str(student))
    assert (result.status, result.err) == (0, "")
    assert f"{NAME}: fetched and verified, 2 runs" in result.out
    assert "A notebook with the chapter's code loads them and does not train." in result.out
    assert [run.seed for run in runs.load(NAME)] == [0, 1]
    result = course("runs", "fetch", "a", "--from", str(student))
    assert f"{NAME}: here already, 2 runs" in result.out


def test_a_notebook_in_the_folder_is_compared(
    student: Path, course: Command, book: Project, tmp_path: Path
) -> None:
    code = (book.root / "book" / "a-train.md").read_text(encoding="utf-8").split("python\n")[1:]
    sources = [part.partition("\n```")[0] for part in code]
    cells = [{"cell_type": "code", "source": source} for source in sources]
    own = tmp_path / "a-train.ipynb"
    own.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    result = course("runs", "fetch", NAME, "--from", str(student))
    assert "a-train: a-train.ipynb loads them and does not train." in result.out
    cells[0]["source"] += "\nSTEPS = 7"
    own.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    result = course("runs", "fetch", NAME, "--from", str(student), "--notebook", str(own))
    assert result.status == 0
    assert "a-train: not everything here is as it was where they were trained." in result.out
    assert "- a-train.ipynb: 1 of the chapter's 5 code cells are not in it" in result.out
    assert "runs.repeat does not take the fetched runs and trains." in result.out
    assert f"A cell with runs.load({NAME!r}) gives you them all the same." in result.out


def test_the_variable_names_the_place_for_a_whole_class(
    student: Path, course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_COURSE_RUNS", str(student))
    assert course("runs", "fetch", NAME).status == 0


def test_without_a_place_the_command_says_that_nothing_is_published(
    book: Project, course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_published", lambda: "")
    result = course("runs", "fetch", NAME)
    assert result.status == 1
    assert "No trained networks are published for this course yet" in result.err


def test_what_a_place_offers_is_listed(student: Path, course: Command) -> None:
    result = course("runs", "list", "--from", str(student))
    assert "here already" not in result.out
    assert "\n1 names, " in result.out
    course("runs", "fetch", NAME, "--from", str(student))
    assert "here already" in course("runs", "list", "--from", str(student)).out


def test_runs_of_ones_own_are_told_apart(student: Path, course: Command) -> None:
    shutil.copytree(student, student.parent / "copy")
    course("runs", "fetch", NAME, "--from", str(student))
    store.name_runs(NAME, "cpu", store.keys_of(NAME, "cpu")[:1])
    result = course("runs", "fetch", NAME, "--from", str(student))
    assert f"You have runs of your own with the names {NAME}" in result.out


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_trained_network_goes_from_one_store_to_another_and_predicts_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras
    import numpy as np

    from .conftest import notebook, packed

    def train(source_of: dict[str, object]) -> list[runs.Run]:
        return runs.repeat(source_of["train"], name="ch01/x", seeds=(0,))  # type: ignore[arg-type]

    cells = (
        "import keras\nX = np.arange(64, dtype='float32').reshape(16, 4) / 64\nY = X[:, 0] > 0.5",
        "def train(seed):\n"
        "    keras.utils.set_random_seed(seed)\n"
        "    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, 'sigmoid')])\n"
        "    model.compile('adam', loss='binary_crossentropy', metrics=['accuracy'])\n"
        "    fit = model.fit(X, Y, epochs=2, verbose=0)\n"
        "    return model, fit.history, {'loss': fit.history['loss'][-1]}",
    )
    (first,) = train(notebook(*cells))
    probe = np.ones((1, 4), dtype="float32")
    expected = first.model.predict(probe, verbose=0)
    pack = packed(tmp_path / "packs", "ch01/x", [first.key])
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "student"))
    assert fetch.fetch(pack, fetch.place(str(tmp_path / "packs")))
    monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: pytest.fail("it was trained"))
    (again,) = train(notebook(*cells))
    assert again.digest == first.digest
    np.testing.assert_array_equal(again.model.predict(probe, verbose=0), expected)
