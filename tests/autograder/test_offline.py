"""What a notebook loses because it has no network is left to a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.notebook import Cell
from autograder.offline import asked, left
from autograder.records import Case, Question
from autograder.settings import MODES, Settings
from tests.autograder.bundles import WARM, bundle, exceptions, notebook

CASE = "@test_case(points=1)\ndef t({0}):\n    assert {1}\n"
HIDDEN = "@test_case(points=1, hidden=True)\ndef t2({0}):\n    assert {1}\n"
FETCH = "import urllib.request\ntable = urllib.request.urlopen('http://192.0.2.1/x.csv').read()"


@pytest.mark.parametrize("mode", MODES)
def test_points_that_the_network_costs_are_left_to_a_teacher(tmp_path: Path, mode: str) -> None:
    tests = {
        "q1": exceptions("q1", CASE.format("x", "x == 1"), HIDDEN.format("x", "x == 1")),
        "q2": exceptions("q2", CASE.format("n", "n == 2"), HIDDEN.format("x", "x == 1")),
    }
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    path = notebook(tmp_path / "a.ipynb", ["x = 1", FETCH, "n = len(table)"])
    found = grade(assignment, path, Settings(mode=mode))
    assert found.status == "needs a teacher"
    assert [[case.passed for case in q.cases] for q in found.questions] == [
        [True, True],
        [None, True],
    ]
    assert [q.score for q in found.questions] == [2, 1]
    assert found.questions[0].reason == ""
    assert "the network in cell 2 (URLError)" in found.questions[1].reason
    assert "handed out with the assignment" in found.questions[1].reason


def test_a_function_that_downloads_when_it_is_called_is_left_to_a_teacher(tmp_path: Path) -> None:
    tests = {
        "q1": exceptions("q1", CASE.format("load", "load() == 1")),
        "q2": exceptions("q2", CASE.format("x", "x == 2")),
    }
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    load = "x = 1\ndef load():\n    import socket\n    socket.create_connection(('a.test', 80))"
    found = grade(assignment, notebook(tmp_path / "a.ipynb", [load]), WARM)
    assert [q.cases[0].passed for q in found.questions] == [None, False]
    assert "a function that it called" in found.questions[0].reason


def test_without_a_sandbox_there_is_a_network(tmp_path: Path) -> None:
    tests = {"q1": exceptions("q1", CASE.format("x", "x == 1"))}
    assignment = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    refused = "import urllib.error\nraise urllib.error.URLError('no such host')"
    path = notebook(tmp_path / "a.ipynb", [refused])
    assert grade(assignment, path, Settings(sandbox="none")).status == "graded"
    assert grade(assignment, path, WARM).status == "needs a teacher"


@pytest.mark.parametrize(
    ("error", "text", "named"),
    [
        ("gaierror", "[Errno -3] Temporary failure in name resolution", "cell 2 (gaierror)"),
        ("ConnectionError", "HTTPSConnectionPool(host='a'): Max retries", "(ConnectionError)"),
        ("Exception", "URL fetch failure on https://a: None", "(an error of the network)"),
        ("OSError", "[Errno 101] Network is unreachable", "(an error of the network)"),
        ("NameError", "name 'x' is not defined", ""),
        ("BrokenPipeError", "", ""),
    ],
)
def test_errors_of_the_network_are_known(error: str, text: str, named: str) -> None:
    said = asked([{"cell": 2, "error": error, "text": text}], [Cell(2, "")])
    assert named in said
    assert bool(named) == bool(said)


@pytest.mark.parametrize(
    ("source", "error", "found"),
    [
        ("!wget https://a/x.csv", "FileNotFoundError", True),
        ("out = !curl -O https://a/x.csv", "FileNotFoundError", True),
        ("%%bash\ncd /tmp\ngit clone https://a/b", "ModuleNotFoundError", True),
        ("%pip install -q there", "ModuleNotFoundError", True),
        ("%pip install -q there", "FileNotFoundError", False),
        ("!wget https://a/x.csv", "NameError", False),
        ("# wget is not used", "FileNotFoundError", False),
    ],
)
def test_a_program_that_downloads_shows_in_what_is_missing(
    source: str, error: str, found: bool
) -> None:
    cells = [Cell(1, source), Cell(4, "")]
    assert ("cell 1" in asked([{"cell": 4, "error": error, "text": ""}], cells)) is found
    # What came before it is none of its faults.
    assert asked([{"cell": 4, "error": error, "text": ""}], [Cell(5, source), Cell(4, "")]) == ""


MANY = 2_000_000


@pytest.mark.parametrize(
    "source",
    [
        "\n" * MANY + "x = 1",
        "%" + "\n" * MANY + "x = 1",
        "\x0b\n" * MANY + "x = 1",
        " " * MANY + "x = 1",
        "a" * MANY + "!",
        "a" + " " * MANY + "!",
        "!" * MANY,
        "!" + "pip " * MANY,
        "!git" + " " * MANY,
        "!git\n" * MANY,
        "%%bash\n" + "git \n" * MANY,
    ],
    ids=lambda source: repr(source[:8]),
)
def test_a_long_cell_is_read_once(source: str) -> None:
    lacking = [{"cell": 2, "error": "ModuleNotFoundError", "text": ""}]
    assert asked(lacking, [Cell(1, source), Cell(2, "import nonexistent_module")]) == ""


def test_a_long_traceback_is_read_once() -> None:
    case = Case("q1 - 1", False, False, 1, "", "\n" * MANY + "\tURLError: x")
    (found,) = left([Question("q1", 0, 1, (case,))], [], [])
    assert found.cases[0].passed is None


@pytest.mark.parametrize(
    "errors",
    [
        [{}],
        [3, None, "URLError"],
        [{"cell": 9, "error": "URLError", "text": "hidden"}],
        [{"cell": None, "error": [], "text": {}}],
        [{"cell": [1], "error": "URLError"}],
    ],
)
def test_what_a_notebook_says_of_no_cell_counts_for_nothing(errors: list[Any]) -> None:
    assert asked(errors, [Cell(1, "")]) == ""


def test_many_cells_are_counted_and_not_named() -> None:
    errors = [{"cell": n, "error": "URLError", "text": "a secret"} for n in range(1, 51)]
    said = asked(errors, [Cell(n, "") for n in range(1, 51)])
    assert said.endswith("and 47 more")
    assert "secret" not in said


def test_a_notebook_that_speaks_of_the_network_gets_no_points() -> None:
    case = Case("q1 - 1", False, True, 2, "Not for all numbers.", "URLError: urlopen error")
    questions = (Question("q1", 0, 2, (case,)), Question("q2", 0, 3, manual=True))
    errors = [{"cell": 1, "error": "URLError", "text": ""}]
    found = left(questions, errors, [Cell(1, "")])
    assert [q.score for q in found] == [0, 0]
    assert [c.passed for q in found for c in q.cases] == [None]
    assert found[0].cases[0].message == "Not for all numbers."
    assert found[1] == questions[1]
