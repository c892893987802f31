"""The interpreter that runs notebooks says what it is."""

from __future__ import annotations

import platform
import sys
import sysconfig
import venv
from importlib import metadata
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.environment import examine, of_assignment
from autograder.errors import SandboxError
from autograder.grading import grade, provenance
from autograder.rooms import package
from autograder.sandbox.limits import Limits
from autograder.settings import MODES, Settings
from autograder.warm import shared
from tests.autograder.bundles import bundle, doctests, exceptions, notebook


def test_an_environment_names_its_packages() -> None:
    found = examine(Path(sys.executable))
    assert found.python == platform.python_version()
    assert f"numpy {metadata.version('numpy')}" in found.versions.split(", ")
    assert len(found.digest) == 64


def pretend(environment: Path, name: str) -> None:
    """Let an environment say that it has a package."""
    info = next(environment.glob("lib/python*/site-packages")) / f"{name}-1.2.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2.3\n")


def test_an_environment_without_what_runs_the_tests_is_refused(tmp_path: Path) -> None:
    venv.create(tmp_path / "other", symlinks=True)
    python = tmp_path / "other" / "bin" / "python"
    pretend(tmp_path / "other", "numpy")
    with pytest.raises(SandboxError, match="has no otter-grader, pandas: the tests run") as refused:
        of_assignment(python)
    wanted = f"{python} -m pip install otter-grader=={metadata.version('otter-grader')} pandas\n"
    assert wanted in str(refused.value)


def test_a_grade_records_the_notebooks_environment_and_not_the_graders(tmp_path: Path) -> None:
    venv.create(tmp_path / "other", symlinks=True)
    for name in ("NumPy", "otter_grader", "pandas"):
        pretend(tmp_path / "other", name)
    test = exceptions("q1", "@test_case(points=1)\ndef t(x): pass\n")
    assignment = open_bundle(bundle(tmp_path / "bundle", {"q1": test}, seed=42), tmp_path)
    python = tmp_path / "other" / "bin" / "python"
    made = provenance(assignment, b"{}", Settings(python=python), Limits(threads=3))
    assert made["versions"] == "numpy 1.2.3, pandas 1.2.3"
    # The tests run in it, too.
    assert "numpy 1.2.3, pandas 1.2.3, sources" in made["grader"]
    assert made["environment"] != examine(Path(sys.executable)).digest
    assert made["seed"] == "42"
    assert "threads 3" in made["limits"]


@pytest.mark.parametrize("mode", MODES)
def test_tests_run_in_the_notebooks_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    packages = Path(sysconfig.get_path("purelib"))
    monkeypatch.setattr(
        "autograder.session.package", lambda side: {str(packages): packages, **package(side)}
    )
    venv.create(tmp_path / "other", symlinks=True)
    (own,) = (tmp_path / "other").glob("lib/python*/site-packages")
    (own / "more.pth").write_text(f"{packages}\n")
    (own / "brought.py").write_text("VALUE = 7\n")
    test = exceptions(
        "q1", "@test_case(points=1)\ndef t(x):\n    import brought\n    assert x == brought.VALUE\n"
    )
    assignment = open_bundle(bundle(tmp_path / "bundle", {"q1": test}), tmp_path)
    path = notebook(tmp_path / "a.ipynb", ["import brought", "x = brought.VALUE"])
    python = tmp_path / "other" / "bin" / "python"
    found = grade(assignment, path, Settings(python=python, mode=mode))
    assert (found.status, found.score) == ("graded", 1.0), found
    assert found.provenance["mode"] == mode
    shared().close()


def test_a_module_that_the_tests_lack_costs_no_points(tmp_path: Path) -> None:
    tests = {
        "q1": exceptions("q1", "@test_case(points=1)\ndef t(x):\n    import not_installed\n"),
        # Otter says it in another form.
        "q2": doctests("q2", {"code": ">>> import written\n>>> written.VALUE\n7\n"}, points=1),
        # The student's own lack.
        "q3": exceptions("q3", "@test_case(points=1)\ndef t(f):\n    f()\n"),
    }
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    cells = ["%%writefile written.py\nVALUE = 7", "x = 1\ndef f():\n    import not_installed"]
    found = grade(assignment, notebook(tmp_path / "a.ipynb", cells))
    assert found.status == "needs a teacher"
    assert [q.cases[0].passed for q in found.questions] == [None, None, False]
    assert "imports not_installed, which is not in" in found.questions[0].reason
    assert "imports written, which is not in" in found.questions[1].reason


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
