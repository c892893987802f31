"""Whatever is handed in is graded or refused, and harms nobody who comes after it.

The mutations are the same in every run. Others: `FUZZ_SEED=7 python -m pytest -m slow
tests/autograder/test_fuzzed_grading.py`; what fails is printed as cells.
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given

from autograder.assignment import Assignment, open_bundle
from autograder.batch.work import Task, work
from autograder.errors import Rejected
from autograder.grading import grade
from autograder.intake import discover
from autograder.records import Grade
from autograder.sandbox import running
from autograder.settings import Settings
from autograder.warm import shared
from tests.autograder import mutants
from tests.autograder.bundles import bundle

POSSIBLE = 4.0
# How many mutants there are in all, and how many of them at least have to be run.
MANY, RUN = 2000, 1000


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assignment]:
    folder = tmp_path_factory.mktemp("fuzzed")
    yield open_bundle(bundle(folder / "bundle", mutants.TESTS, exercise=mutants.LIMITS), folder)
    shared().close()


def graded(assignment: Assignment, data: bytes, folder: Path) -> list[Grade]:
    """The grades of an upload of these bytes, as a batch gives them."""
    grader = functools.partial(grade, assignment, settings=Settings(mode="warm"))
    path = folder / "upload.ipynb"
    path.write_bytes(data)
    found = []
    for upload in discover([path], ["*.csv", "*.py"]):
        try:
            submission = upload.read()
        except Rejected as reason:
            found.append(Grade(upload.name, "", "rejected", reason=str(reason)))
        else:
            found.append(Grade.from_json(work(grader, Task("key", submission))))
    return found


def faults(found: Grade) -> list[str]:
    """What must not be so, in words."""
    said = []
    if found.status not in ("graded", "needs a teacher", "rejected"):
        said.append(f"{found.status}: {found.reason} {' '.join(found.warnings)}")
    if found.status == "rejected" and not found.reason.endswith("."):
        said.append(f"rejected without a sentence: {found.reason}")
    if not 0 <= found.score <= POSSIBLE:
        said.append(f"{found.score} points")
    if found.status != "rejected" and found.possible != POSSIBLE:
        said.append(f"of {found.possible} points")
    return said


def test_the_honest_notebook_gets_all_points(assignment: Assignment, tmp_path: Path) -> None:
    (found,) = graded(assignment, mutants.honest(), tmp_path)
    assert (found.status, found.score) == ("graded", POSSIBLE), found.to_json()
    assert found.provenance["mode"] == "warm"


def test_the_memory_of_a_run_between_two_looks_is_recorded(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PAUSE", 60.0)
    (found,) = graded(assignment, mutants.honest(), tmp_path)
    assert float(found.provenance["peak MB"]) > 10


@pytest.mark.slow
def test_2000_mutants_are_graded_or_refused(assignment: Assignment, tmp_path: Path) -> None:
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    seed = os.environ.get("FUZZ_SEED", "")

    @hypothesis.settings(
        max_examples=MANY,
        deadline=None,
        derandomize=not seed,
        database=None,
        # What fails is collected, and none is tried again.
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @given(mutants.uploads)
    def fuzz(data: bytes) -> None:
        for found in graded(assignment, data, tmp_path):
            counted[found.status] += 1
            # These are in the record of what was run, and of nothing else.
            counted["run"] += "peak MB" in found.provenance
            counted["run, warm"] += found.provenance.get("mode") == "warm"
            counted["some points"] += 0 < found.score < POSSIBLE
            wrong.extend(f"{said}\n{mutants.text(data)}" for said in faults(found))
        counted["uploads"] += 1

    (hypothesis.seed(int(seed))(fuzz) if seed else fuzz)()
    print(dict(counted))
    assert not wrong, "\n=====\n".join(wrong[:20])
    assert counted["uploads"] >= MANY
    assert counted["run"] >= RUN, counted
    assert counted["some points"] >= 100, counted
    assert counted["rejected"] >= 100, counted
    (after,) = graded(assignment, mutants.honest(), tmp_path)
    assert (after.status, after.score) == ("graded", POSSIBLE), after.to_json()
    assert after.provenance["mode"] == "warm"
