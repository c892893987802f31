"""Runs the cells of a notebook in this process: for measuring and for tests of our own notebooks.

Nothing is held back from the notebook here. Strangers' notebooks are the business of the package
`autograder`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class _Grader:
    """Stands in for Otter's notebook: checks nothing."""

    def __getattr__(self, name: str) -> Any:
        return _nothing


def _nothing(*arguments: Any, **options: Any) -> None:
    del arguments, options


def _notebook(*arguments: Any, **options: Any) -> _Grader:
    del arguments, options
    return _Grader()


def cells(path: Path) -> list[str]:
    """Code of a notebook, cell by cell, without the cell that installs things."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]
    return [text for text in code if "%pip" not in text]


def run(code: list[str], folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Run cells one after the other; a cell that raises does not keep the next from running.

    Args:
        code: of the cells.
        folder: the current folder while they run; it has the data.

    Returns:
        The names that the notebook has at its end, and what was raised.
    """
    import matplotlib

    matplotlib.use("agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    raised = []
    with _stub(), contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        for text in code:
            try:
                exec(compile(text, "<cell>", "exec"), names)  # noqa: S102 - our own notebooks
            except Exception as error:  # whatever the cell does
                raised.append(f"{type(error).__name__}: {error}")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    return names, raised


@contextlib.contextmanager
def _stub() -> Iterator[None]:
    """A module `otter` that checks nothing, so that a notebook can be run without its tests."""
    stub = types.ModuleType("otter")
    stub.Notebook = _notebook  # type: ignore[attr-defined]
    before = sys.modules.get("otter")
    sys.modules["otter"] = stub
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        yield
    finally:
        if before is None:
            del sys.modules["otter"]
        else:
            sys.modules["otter"] = before
