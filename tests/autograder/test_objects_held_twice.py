"""Objects of the notebook's in containers that are one in two places; odd names of classes."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.settings import Settings
from autograder.trusted.generators import Left
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.run import Session
from autograder.values.wire import Message
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.test_carrying import case

CELLS = [
    "from pathlib import Path\nclass Dog:\n    def __init__(self, n='a'):\n        self.n = n",
    "team = [Dog()]\nbest = team\nrow = [Dog()]\ngrid = [row, row]\nd = {'x': Dog()}\ne = d",
    "ps = [Path('a')]\nqs = ps\nempty = Dog()\nboard = [[empty] * 3] * 2\nk = 1",
    "def made():\n    row = [Dog('b')]\n    return [row, row]",
    *(
        f"class {name}:\n    def __init__(self, value):\n        self.value, self.size = value, 2\n"
        f"    def double(self):\n        return {name}(self.value * 2)\nv{place} = {name}(3)"
        for place, name in enumerate(("Tensor", "Variable", "DataFrame", "ndarray"))
    ),
]
CASES = {
    "two names": ("assert team[0].n == 'a' and best[0].n == 'a'", "team, best"),
    "two rows": ("assert grid[0][0].n == grid[1][0].n", "grid"),
    "two dictionaries": ("assert d['x'].n == e['x'].n", "d, e"),
    "two lists of paths": ("assert ps[0].name == qs[0].name", "ps, qs"),
    "a board": ("assert len(board) == 2 and board[1][2].n == 'a'", "board"),
    "an answer": ("found = made()\nassert found[0][0].n == 'b'", "made"),
    "appended": ("rows = made()\nrows[0].append(1)\nassert len(rows[1]) == 2", "made"),
    "Tensor": ("assert v0.double().value == 6 and Tensor(2).size == 2", "v0, Tensor"),
    "Variable": ("assert v1.double().value == 6 and Variable(2).size == 2", "v1, Variable"),
    "DataFrame": ("assert v2.double().value == 6 and DataFrame(2).size == 2", "v2, DataFrame"),
    "array": ("assert v3.double().value == 6 and v3.size == 2", "v3"),
    "number": ("assert k == 1", "k"),
}


@pytest.mark.parametrize("mode", ["cold", "warm"])
def test_they_cost_nothing(mode: str, tmp_path: Path) -> None:
    tests = {name: exceptions(name, case(*asked)) for name, asked in CASES.items()}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    found = grade(opened, notebook(tmp_path / "a.ipynb", CELLS), Settings(mode=mode))
    assert found.status == "graded", found.reason
    assert {question.name: question.score for question in found.questions} == dict.fromkeys(
        CASES, 1.0
    ), found


@pytest.mark.parametrize("error", [NeedsTeacher("a look"), ValueError("no"), RecursionError()])
def test_values_that_cannot_be_read_cost_one_question(error: BaseException, tmp_path: Path) -> None:
    tests = {name: exceptions(name, case("pass", "x")) for name in ("one", "two")}
    folder = bundle(tmp_path / "bundle", tests) / "tests"

    def environment(expected: Any, nodes: Any, *_: Any) -> Any:
        if "bad" in nodes:
            raise error
        return {"x": 1}

    told: list[Message] = []
    kept = SimpleNamespace(start=lambda *_: None, leave=Left, resume=lambda *_: None)
    student: Any = SimpleNamespace(modules=frozenset(), environment=environment, shared=None)
    student.around = SimpleNamespace(generators=kept)
    stems = dict.fromkeys(tests, False)
    settings = {"tests": str(folder), "formats": stems, "names": {name: ["x"] for name in tests}}
    settings |= {"seed": None, "case_seconds": 5}
    results: Any = SimpleNamespace(send=told.append)
    session = Session(settings, student, results)
    session.public(Message({"kind": "check", "question": "one", "values": {"bad": 1}}))
    session.cases(session.questions["one"], hidden=True)
    result = session.questions["one"].result()
    assert [found["passed"] for found in result["cases"]] == [None]
    assert "could not be read" in result["reason"]
    assert json.dumps([message.head for message in told])
    assert session.seen == {"one"}
    # It may be checked again.
    session.questions["one"].forget()
    assert session.questions["one"].unread == ""


def test_of_checks_without_end_some_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.trusted.run.MOST_DRAWN", 3)
    folder = bundle(tmp_path / "bundle", {"one": exceptions("one", case("pass", "x"))}) / "tests"
    kept = SimpleNamespace(start=lambda *_: None, leave=Left, resume=lambda *_: None)
    student: Any = SimpleNamespace(modules=frozenset(), around=SimpleNamespace(generators=kept))

    def environment(*_: Any) -> Any:
        raise ValueError("no")

    student.environment = environment
    settings = {"tests": str(folder), "formats": {"one": False}, "names": {"one": ["x"]}}
    results: Any = SimpleNamespace(send=lambda _: None)
    session = Session(settings | {"seed": None, "case_seconds": 5}, student, results)
    for _ in range(5):
        session.public(Message({"kind": "check", "question": "one", "values": {}}))
    assert session.said()["shown"] == [("one", [])] * 3
