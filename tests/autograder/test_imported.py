"""A test finds submodules that the notebook's imports would have loaded in one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from autograder.settings import MODES, Settings
from autograder.warm import shared
from tests.autograder.bundles import bundle, doctests, exceptions, notebook
from tests.autograder.test_carrying import case

# Whether a case passes, by its body; None for a teacher.
CASES: dict[str, bool | None] = {
    "import matplotlib\nassert matplotlib.colors.to_rgb('red') == (1, 0, 0)": True,
    "import matplotlib as m\nassert m.pyplot.get_backend": True,
    "import matplotlib\nassert isinstance(env['ax'], matplotlib.axes.Axes)": None,
    "import PIL\nassert PIL.Image.MAX_IMAGE_PIXELS": True,
    "import xml\nassert xml.etree.ElementTree.fromstring('<a/>').tag == 'b'": False,
    # Not read from the syntax tree.
    "import email\nassert getattr(email, 'mime')": None,
    "import notes\nassert notes.inner": None,
    # The notebook wrote the text.
    "env['lie']()": False,
}
NOTEBOOK = """
import matplotlib.pyplot, PIL.Image, email.mime, notes.inner, xml.etree.ElementTree
class Ax: pass
ax = Ax()
def lie():
    raise AttributeError("module 'matplotlib' has no attribute 'axes'")
"""
FILES = {"notes/__init__.py": "", "notes/inner.py": ""}


@pytest.fixture(scope="module", autouse=True)
def own_templates() -> Iterator[None]:
    yield
    shared().close()


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    tests = {
        "q1": exceptions(
            "q1",
            *(case(body, "env").replace("test_it", f"t{n}") for n, body in enumerate(CASES)),
        ),
        "q2": doctests(
            "q2",
            {"code": ">>> import PIL\n>>> PIL.Image.MAX_IMAGE_PIXELS > 0\nTrue"},
            {"code": ">>> matplotlib.colors.to_hex('red')\n'#ff0000'"},
            {"code": ">>> import email\n>>> getattr(email, 'mime').audio\n1"},
        ),
    }
    return open_bundle(bundle(tmp_path / "bundle", tests, FILES), tmp_path / "opened")


@pytest.mark.parametrize("mode", [MODES[0], pytest.param(MODES[1], marks=pytest.mark.slow)])
def test_cold_and_warm_find_the_same(mode: str, assignment: Assignment, tmp_path: Path) -> None:
    path = notebook(tmp_path / "answers.ipynb", ["import matplotlib", NOTEBOOK])
    found = grade(assignment, path, Settings(mode=mode))
    assert found.provenance["mode"] == mode
    first, second = found.questions
    ended = [one.passed for one in first.cases]
    assert ended == list(CASES.values()), [one.detail for one in first.cases]
    assert [one.passed for one in second.cases] == [True, True, None], second
    assert "import of the notebook" in first.cases[5].detail
