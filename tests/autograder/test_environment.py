"""The interpreter that runs notebooks says what it is."""

from __future__ import annotations

import platform
import sys
import venv
from importlib import metadata
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.environment import examine
from autograder.errors import SandboxError
from autograder.grading import provenance
from autograder.sandbox.limits import Limits
from autograder.settings import Settings
from tests.autograder.bundles import bundle, exceptions


def test_an_environment_names_its_packages() -> None:
    found = examine(Path(sys.executable))
    assert found.python == platform.python_version()
    assert f"numpy {metadata.version('numpy')}" in found.versions.split(", ")
    assert len(found.digest) == 64


def test_a_grade_records_the_notebooks_environment_and_not_the_graders(tmp_path: Path) -> None:
    venv.create(tmp_path / "other", symlinks=True)
    packages = next((tmp_path / "other").glob("lib/python*/site-packages"))
    info = packages / "numpy-1.2.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: NumPy\nVersion: 1.2.3\n")
    test = exceptions("q1", "@test_case(points=1)\ndef t(x): pass\n")
    assignment = open_bundle(bundle(tmp_path / "bundle", {"q1": test}, seed=42), tmp_path)
    python = tmp_path / "other" / "bin" / "python"
    made = provenance(assignment, b"{}", Settings(python=python), Limits(threads=3))
    assert made["versions"] == "numpy 1.2.3"
    assert f"numpy {metadata.version('numpy')}" in made["grader"]
    assert f"otter-grader {metadata.version('otter-grader')}" in made["grader"]
    assert made["environment"] != examine(Path(sys.executable)).digest
    assert made["seed"] == "42"
    assert "threads 3" in made["limits"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#!/bin/sh\necho no JSON\n", "what it answers is none"),
        ("#!/bin/sh\necho broken >&2\nexit 3\n", "broken"),
        ('#!/bin/sh\necho "no such file: $*" >&2\nexit 2\n', "it ended with 2"),
        ("\0\0", "Exec format error"),
    ],
)
def test_what_is_no_python_is_named(tmp_path: Path, text: str, reason: str) -> None:
    script = tmp_path / "python"
    script.write_text(text)
    script.chmod(0o755)
    with pytest.raises(SandboxError, match="does not say which packages it has") as refused:
        examine(script)
    assert reason in str(refused.value)
    assert "import" not in str(refused.value)
    with pytest.raises(SandboxError, match="Give --python"):
        examine(tmp_path / "missing")
