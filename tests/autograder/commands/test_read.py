import json
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from autograder.commands import read, similar
from autograder.errors import GraderError


def test_every_submission_gets_a_page_and_a_broken_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text(
        '[[questions]]\nname = "q1"\ntitle = "Judge"\npoints = 2\nmanual = true\n'
    )
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        for text in ("<!-- BEGIN QUESTION -->\n## 1. Judge", "It bends.", "<!-- END QUESTION -->")
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(json.dumps(notebook))
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
