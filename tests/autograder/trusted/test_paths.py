"""Which paths have to do with what a notebook has said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.student.references import References
from autograder.trusted.paths import Paths
from autograder.values.encode import Encoder


def heard(value: Any, **about: Any) -> Paths:
    """After the notebook has handed over a value."""
    encoder = Encoder(References().refer)
    node = encoder.value(value)
    paths = Paths(**about)
    paths.heard([node], encoder.blob)
    return paths


@pytest.mark.parametrize(
    "value",
    [
        "truth.txt",
        "./truth.txt",
        "saved as truth.txt\n",
        ["x", ("y", "truth.txt")],
        {"truth.txt": 1},
        {"a": {"truth.txt"}},
        np.array(["x", "truth.txt"]),
        pd.DataFrame({"name": ["truth.txt", "x"]}),
        pd.Series([1], index=["truth.txt"]),
        "truth",
    ],
    ids=str,
)
def test_one_that_it_has_named_is_refused(value: Any) -> None:
    paths = heard(value)
    assert paths.named("truth.txt")
    assert paths.named(Path("truth.txt"))
    assert paths.named(b"truth.txt")
    assert not paths.named("other.txt")


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("../truth.txt", "out/../truth.txt"),
        ("truth.txt", "data/truth.txt"),
        ("/tests/q1.py", "/tests/q1.py"),
        ("/proc/self/cmdline", "/proc/self/cmdline"),
        ("/tests", "/tests"),
    ],
)
def test_so_is_one_that_is_made_of_it(said: str, path: str) -> None:
    assert heard(said, kept=["held-back", "/tests"]).named(path)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("cup", "held-back/cup/001.jpg"),
        (["001.jpg", "photos/cup/002.jpg"], "held-back/cup/001.jpg"),
        ("total", "/tests/total.py"),
        ("given.txt", "given.txt"),
        ("data", "data"),
        ("data/given.csv", "data/given.csv"),
        ("cat", "truth.txt"),
        ("0.5", "truth.txt"),
        ("", "truth.txt"),
        (3, "3"),
    ],
    ids=str,
)
def test_what_it_shares_or_what_only_looks_alike_is_not(said: Any, path: str) -> None:
    shared = ["given.txt", "data/given.csv"]
    assert not heard(said, shared=shared, kept=["held-back", "/tests"]).named(path)


def test_names_of_functions_and_variables_are_no_paths() -> None:
    def truth() -> None:
        """truth"""

    assert not heard(truth).named("truth.txt")


def test_who_says_more_than_can_be_kept_names_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.trusted.paths.MOST", 100)
    paths = heard([f"text {number}" for number in range(100)])
    assert paths.named("truth.txt")


def test_the_environments_files_are_no_secret() -> None:
    assert not heard("/usr/share/x").named("/usr/share/x")


@pytest.mark.parametrize(
    "path", ["/etc/../tests/q1.py", "/usr/./../tests/q1.py", "/etcetera", "/dev/fd/3"]
)
def test_what_only_begins_like_the_environments_is_none_of_it(path: str) -> None:
    assert heard(path).named(path)
