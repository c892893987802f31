"""A student's own files mean the same in a warm room as in a cold one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading import grade
from autograder.settings import Settings
from autograder.warm import shared
from tests.autograder.bundles import notebook
from tests.autograder.warm.probing import Prober


@pytest.fixture
def prober(tmp_path: Path) -> Iterator[Prober]:
    yield Prober(tmp_path / "assignment")
    shared().close()


# `cycler` comes with matplotlib, which no room but a warm one has before it is asked for.
@pytest.mark.parametrize(("name", "mode"), [("cycler", "cold"), ("mine", "warm")])
def test_a_file_is_imported_and_not_the_module_of_its_name(
    prober: Prober, tmp_path: Path, name: str, mode: str
) -> None:
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / f"{name}.py").write_text("WHOSE = 'my own'\n")
    path = notebook(folder / "answers.ipynb", [f"import {name}\nsaid = {name}.WHOSE"])
    found = grade(prober.assignment, path, Settings(mode="warm"), beside=folder)
    assert "ValueError: my own" in found.questions[0].cases[0].detail, found.warnings
    assert found.provenance["mode"] == mode


def test_a_folder_lists_its_files_in_the_same_order(prober: Prober, tmp_path: Path) -> None:
    folder = tmp_path / "handed-in"
    (folder / "photos").mkdir(parents=True)
    # In an order that no file system makes of them by itself.
    for number in (7, 1, 11, 4, 9, 2, 0, 10, 5, 3, 8, 6):
        (folder / "photos" / f"{number:02}").touch()
    code = "import os\nsaid = ' '.join(os.listdir('photos'))"
    path = notebook(folder / "answers.ipynb", [code])
    told = [
        grade(prober.assignment, path, Settings(mode=mode), beside=folder).questions[0].cases[0]
        for mode in ("cold", "warm")
    ]
    assert told[0].detail == told[1].detail
    assert "07" in told[0].detail
