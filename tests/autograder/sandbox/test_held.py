"""What the kernel holds where a part of the tree of cgroup v2 was delegated to the tests.

`systemd-run --user --scope --property=Delegate=yes python -m pytest …` delegates one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment import Assignment, open_bundle
from autograder.commands.grade import command
from autograder.grading import grade
from autograder.sandbox import cgroups, watch
from autograder.sandbox.limits import Limits
from autograder.settings import MODES, Settings
from autograder.warm import shared
from tests.autograder.assignments import SQUARES
from tests.autograder.bundles import bundle, notebook
from tests.autograder.sandbox.test_process import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(cgroups.place().folder is None, reason="no cgroup v2 was delegated"),
]
LIMITS = Limits(memory_mb=200)
# A room that is watched as well: looks that see nothing leave the kernel alone with it.
GULP = "kept = bytearray(600 << 20)\nprint('KEPT', flush=True)"
MANY = """
import os, time
for _ in range(12):
    if not os.fork():
        kept = bytearray(40 << 20)
        os.write(1, b"kept\\n")
        time.sleep(60)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "resident_mb", lambda *_, **__: 0.0)


@pytest.fixture
def assignment(tmp_path: Path) -> Iterator[Assignment]:
    yield open_bundle(bundle(tmp_path / "bundle", SQUARES.tests), tmp_path)
    shared().close()


def rooms() -> list[Path]:
    """Groups of rooms that are there."""
    folder = cgroups.place().folder
    assert folder is not None
    return list(folder.glob("room-*"))


def test_memory_is_not_passed_between_two_looks(tmp_path: Path) -> None:
    held = run(tmp_path, GULP, LIMITS)
    assert (held.ended, "KEPT" in held.text) == ("memory", False)
    assert not rooms()


def test_memory_of_many_processes_counts_together(tmp_path: Path) -> None:
    held = run(tmp_path, MANY, LIMITS)
    assert held.ended == "memory"
    assert held.text.count("kept") < 6
    assert not rooms()


@pytest.mark.parametrize("mode", MODES)
def test_a_notebook_that_takes_too_much_is_told_and_the_next_is_untouched(
    mode: str, assignment: Assignment, tmp_path: Path
) -> None:
    cells = [*SQUARES.notebooks["right"], GULP]
    limits = Limits(memory_mb=400)
    settings = Settings(mode=mode, limits=limits)
    found = grade(assignment, notebook(tmp_path / "much.ipynb", cells), settings)
    assert "The notebook was ended: it used up 400 MB of memory." in found.warnings
    assert (found.provenance["mode"], found.provenance["cgroup"]) == (mode, "v2")
    right = grade(assignment, notebook(tmp_path / "a.ipynb", cells[:-1]), settings)
    assert (right.status, right.score, right.warnings) == ("graded", 6, ())
    assert not rooms()


def test_workers_of_a_batch_have_groups_too(tmp_path: Path) -> None:
    made, out = bundle(tmp_path / "bundle", SQUARES.tests), tmp_path / "out"
    (tmp_path / "in").mkdir()
    for name in "ab":
        notebook(tmp_path / "in" / f"{name}.ipynb", SQUARES.notebooks["right"])
    asked = [str(tmp_path / "in"), "--assignment", str(made), "--out", str(out)]
    done = CliRunner().invoke(command, [*asked, "--jobs", "2", "--json"])
    assert done.exit_code == 0, done.output
    records = [json.loads(path.read_text()) for path in (out / "grades").glob("*.json")]
    assert [record["provenance"]["cgroup"] for record in records] == ["v2", "v2"]
    assert not rooms()
