import json
from pathlib import Path

from click.testing import CliRunner

from autograder.commands.read import command


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
    arguments = [str(folder), "--assignment", str(tmp_path), "--out", str(out)]
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 1
    assert "Submissions refused: 1." in done.output
    assert "bob.ipynb" in done.stderr
    (written,) = out.iterdir()
    assert "It bends." in written.read_text(encoding="utf-8")
