"""Small assignments and notebooks, made in the test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.settings import Settings

# For tests that say nothing of cold and warm rooms: the interpreters of the first notebook wait for
# the next ones.
WARM = Settings(mode="warm")


def notebook(path: Path, cells: Iterable[str], **metadata: Any) -> Path:
    """Write a notebook with these code cells."""
    listed = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "cells": listed,
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def bundle(
    folder: Path,
    tests: Mapping[str, str],
    files: Mapping[str, str] | None = None,
    exercise: str = "",
    **config: Any,
) -> Path:
    """Write a folder as `otter assign` writes it for the autograder."""
    (folder / "tests").mkdir(parents=True)
    (folder / "files").mkdir()
    for name, text in tests.items():
        (folder / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    for name, text in (files or {}).items():
        (folder / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "files" / name).write_text(text, encoding="utf-8")
    settings = {"lang": "python", "pdf": False, "show_hidden": True, **config}
    (folder / "otter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    if exercise:
        (folder / "exercise.toml").write_text(exercise, encoding="utf-8")
    return folder


def exceptions(name: str, *cases: str, points: Any = None, all_or_nothing: bool = False) -> str:
    """The text of an exception-style test file; a case is a decorated function."""
    head = "from otter.test_files import test_case\n\nOK_FORMAT = False\n\n"
    head += f"name = {name!r}\npoints = {points!r}\n"
    if all_or_nothing:
        head += "all_or_nothing = True\n"
    return head + "\n" + "\n\n".join(cases) + "\n"


def doctests(name: str, *cases: Mapping[str, Any], points: Any = None, **more: Any) -> str:
    """The text of an ok-style test file; a case has `code` and may have what Otter knows."""
    listed = [{"hidden": False, "locked": False, **case} for case in cases]
    suite = {"cases": listed, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": points, "suites": [suite], **more}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"
