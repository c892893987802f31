"""Notebooks without a kernel, models without Keras, and a run store of its own for each test."""

from __future__ import annotations

import hashlib
import linecache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.data import checksums
from course.runs import packs, store
from course.storage import write_text

Notebook = dict[str, Any]


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("COURSE_PROFILE", "COURSE_RECORD", "CNN_COURSE_RUNS"):
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


def record(seed: int, **other: Any) -> dict[str, Any]:
    """A finished run as the store keeps it."""
    return {
        "name": "ch07/published",
        "seed": seed,
        "history": {"loss": [1.0, 0.5]},
        "scores": {"test accuracy": 0.9 + seed / 100},
        "parameters": 10,
        "seconds": 1.0,
        "cpu_seconds": 120.0,
        "digest": f"{seed}" * 64,
        **other,
    }


def packed(folder: Path, name: str, keys: list[str], **made: Any) -> packs.Pack:
    """Write runs of the store into a pack and an index of it; what that says."""
    folder.mkdir(exist_ok=True)
    path = folder / packs.file_name(name, "cpu")
    packs.write(path, keys)
    records = [found for key in keys if (found := store.find(key)) is not None]
    with_what: dict[str, Any] = {
        "chapter": "07-cifar10",
        "date": "2026-01-31",
        "device": "A processor, 2 cores",
        "python": "3.11.7",
        "libraries": {"numpy": {"distribution": "numpy", "version": np.__version__}},
        "definitions": {},
        "data": [],
        "cells": ["c" * 64],
    }
    pack = packs.Pack(
        name=name,
        profile="cpu",
        bytes=path.stat().st_size,
        sha256=checksums.of_file(path),
        digest=store.joined([found["digest"] for found in records]),
        keys=keys,
        seeds=[found["seed"] for found in records],
        parameters=10,
        cpu_seconds=240.0,
        scores=[found["scores"] for found in records],
        made=packs.Made(**{**with_what, **made}),
    )
    write_text(folder / packs.INDEX, packs.index([pack]))
    return pack
