"""Whatever is handed in is taken or refused; nothing else happens."""

import tempfile
from pathlib import Path

import hypothesis
import mutated
import pytest
from hypothesis import given

from autograder.errors import Rejected
from autograder.intake import Submission, discover


def taken(data: bytes, folder: Path) -> list[Submission]:
    """The submissions in an upload of these bytes; refusals must be for a reader."""
    (folder / "upload").write_bytes(data)
    found = []
    for upload in discover([folder / "upload"], ["*"]):
        try:
            found.append(upload.read())
        except Rejected as reason:
            told = str(reason)
        else:
            continue
        assert told.endswith(".")
        assert told.isprintable()
    return found


@given(mutated.uploads)
def test_only_refusals_come_out_of_mutated_uploads(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken(data, Path(folder))


@pytest.mark.slow
def test_of_2000_mutated_uploads_half_are_taken_and_the_others_refused(tmp_path: Path) -> None:
    count = {True: 0, False: 0}

    @hypothesis.settings(
        max_examples=2000,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @given(mutated.uploads)
    def fuzz(data: bytes) -> None:
        count[bool(taken(data, tmp_path))] += 1

    fuzz()
    assert count[True] >= 900
    assert count[False] >= 300
