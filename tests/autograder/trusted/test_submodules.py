"""Submodules that tests name are imported, whatever the notebook has imported."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from autograder.trusted import submodules
from autograder.trusted.lacking import Lacking


def chains(source: str, *imports: str) -> list[submodules.Chain]:
    return submodules.chains([source], submodules.bound([source, *imports]))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import matplotlib\nmatplotlib.axes.Axes", ("matplotlib", ("axes", "Axes"))),
        ("import matplotlib as m\nisinstance(x, m.axes.Axes)", ("matplotlib", ("axes", "Axes"))),
        ("from scipy import stats as s\ns.norm.cdf(0)", ("scipy", ("stats", "norm", "cdf"))),
        ("import scipy.stats as s\ns.norm", ("scipy.stats", ("norm",))),
        ("import scipy.stats\nscipy.special.erf", ("scipy", ("special", "erf"))),
        ("mpl.pyplot", ("matplotlib", ("pyplot",))),
        ("scipy.stats.norm", ("scipy", ("stats", "norm"))),
    ],
)
def test_what_is_looked_up_is_read_from_the_test(source: str, found: submodules.Chain) -> None:
    assert found in chains(source)


def test_an_import_of_another_case_counts() -> None:
    assert chains("PIL.Image", "import PIL") == [("PIL", ("Image",))]


@pytest.mark.parametrize(
    "source",
    [
        "x.axes",
        "env['matplotlib'].axes",
        "PIL.Image",
        "torch.nn",
        "def (",
        "from . import y\ny.axes",
        "f().axes",
    ],
)
def test_other_names_lead_to_no_module(source: str) -> None:
    assert chains(source) == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with a submodule, which can be imported from the folder `tmp_path`."""
    name = "notes_of_a_test"
    (tmp_path / name).mkdir()
    for file in ("__init__", "inner", "broken"):
        (tmp_path / name / f"{file}.py").write_text("1 / 0\n" if file == "broken" else "")
    (tmp_path / name / "folder").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    for gone in (name, f"{name}.inner"):
        monkeypatch.delitem(sys.modules, gone, raising=False)
    return name


def test_a_submodule_is_imported(package: str) -> None:
    submodules.load([(package, ("inner", "x"))])
    assert f"{package}.inner" in sys.modules


def test_what_is_none_or_breaks_is_passed_over(package: str) -> None:
    submodules.load(
        [(package, steps) for steps in (("x", "y"), ("broken", "x"), ("folder", "x"))]
        + [("no_such_module", ("x",)), ("math", ("pi", "x"))]
    )
    found = {name for name in sys.modules if name.startswith(f"{package}.")}
    assert not found
    submodules.load([(package, ("inner",))])
    assert f"{package}.inner" in sys.modules


def test_no_file_where_the_tests_run_is_imported(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    submodules.load([(package, ("inner",))])
    assert package not in sys.modules


def looks_in_vain() -> None:
    """As a library does: it looks for a name, and has another way."""
    try:
        types.nothing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        raise ValueError("wrong") from None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("types.nothing", "types.nothing"),
        ("getattr(types, 'nothing')", "types.nothing"),
        ("try:\n    types.nothing\nexcept AttributeError:\n    assert False", "types.nothing"),
        ("types.FunctionType.nothing", ""),
        ("looks_in_vain()", ""),
        ("raise AttributeError(\"module 'types' has no attribute 'nothing'\")", ""),
    ],
)
def test_an_error_says_what_a_module_lacks(body: str, found: str) -> None:
    lacking = Lacking()
    lacking.begin(None)
    try:
        exec(body, {"types": types, "looks_in_vain": looks_in_vain})
    except Exception as error:
        lacking.look(error)
    assert lacking.found == found
