import json
from pathlib import Path
from typing import Any

import pytest
from click import Command
from click.testing import CliRunner

from autograder.commands import read, similar
from autograder.errors import GraderError
from autograder.reading import page
from tests.autograder.intake.uploaded import cell, notebook


def test_every_submission_gets_a_page_and_a_broken_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text(
        '[[questions]]\nname = "q1"\ntitle = "Judge"\npoints = 2\nmanual = true\n'
    )
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        for text in ("<!-- BEGIN QUESTION -->\n## 1. Judge", "It bends.", "<!-- END QUESTION -->")
    ]
    handed_in = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(json.dumps(handed_in))
    (folder / "bob.ipynb").write_text("{")
    out = tmp_path / "pages"
    arguments = [str(folder), f"{folder}/", "--assignment", str(tmp_path), "--out", str(out)]
    done = CliRunner().invoke(read.command, arguments)
    assert done.exit_code == 1
    assert "Submissions refused: 1." in done.output
    assert "bob.ipynb" in done.stderr
    assert f"Named more than once, counted once: {folder}" in done.stderr
    (written,) = out.iterdir()
    assert "It bends." in written.read_text(encoding="utf-8")


def test_a_notebook_of_which_no_page_can_be_made_keeps_none_from_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exercise.toml").write_text("questions = []\n")
    for name in ("ada", "bob", "cid"):
        (tmp_path / f"{name}.ipynb").write_bytes(notebook(cell(name)))

    def fails(name: str, *rest: Any) -> str:
        if name == "bob.ipynb":
            raise TypeError("odd\x1b[31m")
        return page(name, *rest)

    monkeypatch.setattr(read, "page", fails)
    out = tmp_path / "pages"
    named = [str(path) for path in tmp_path.glob("*.ipynb")]
    arguments = [*named, "--assignment", str(tmp_path), "--out", str(out)]
    done = CliRunner().invoke(read.command, arguments)
    assert done.exit_code == 1
    assert "bob.ipynb: No page could be made of it (TypeError: odd" in done.stderr
    assert "\x1b" not in done.stderr
    assert "Submissions refused: 1." in done.output
    assert len(list(out.iterdir())) == 2


@pytest.mark.parametrize("command", [read.command, similar.command], ids=["read", "similar"])
@pytest.mark.parametrize("place", ["in", "in/pages"])
def test_pages_do_not_lie_among_the_submissions(
    command: Command, place: str, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    arguments = [str(folder), "--out", str(tmp_path / place)]
    more = ["--assignment", str(tmp_path)] if command is read.command else []
    refused = CliRunner().invoke(command, arguments + more)
    assert isinstance(refused.exception, GraderError)
    assert f"{tmp_path / place} lies in {folder}" in str(refused.exception)
    assert not list(folder.iterdir())
