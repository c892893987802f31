"""A student's own module means the same in a warm room as in a cold one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading import Settings, grade
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
