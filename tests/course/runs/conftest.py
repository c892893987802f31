"""Notebooks without a kernel, models without Keras, and a run store of its own for each test."""

from __future__ import annotations

import hashlib
import linecache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Notebook = dict[str, Any]


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("COURSE_PROFILE", "COURSE_RECORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "cache"))


def notebook(*cells: str) -> Notebook:
    """What the cells define, with their sources where a kernel keeps them."""
    names: Notebook = {"__name__": "__main__", "np": np}
    for cell in cells:
        file = f"/tmp/ipykernel_1/{hashlib.sha256(cell.encode()).hexdigest()[:10]}.py"
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        exec(compile(cell, file, "exec"), names)
    return names


class Model:
    """All of a Keras model that a run asks for."""

    def __init__(self, value: float = 0.0, error: BaseException | None = None) -> None:
        self.value = value
        self.error = error

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        return [np.full((2, 3), self.value)]

    def count_params(self) -> int:
        return 6

    def save(self, path: Path) -> None:
        path.write_bytes(b"half")
        if self.error is not None:
            raise self.error
        path.write_bytes(b"whole")
