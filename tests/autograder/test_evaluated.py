"""Tests that make code of text: of their own, it runs; of the notebook's, a teacher decides."""

from __future__ import annotations

import collections
import os
import pickle
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder import session
from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.sandbox.limits import Limits
from autograder.values.wire import Channel, Message
from tests.autograder.bundles import bundle, doctests, exceptions, notebook

PEOPLE = "import pandas as pd\npeople = pd.DataFrame({'age': [20, 30]})"
# By what is asked of each, the body of a case.
OWN = {
    "condition": f"{PEOPLE}\nlimit = 25\nassert len(people.query('age > @limit & age < 40')) == 1",
    "column": f"{PEOPLE}\nassert people.eval('age + 1').sum() == 52",
    "text": "assert eval('1 + 1') == 2",
    "name": "assert eval(name, {'total': 3}) == 3 and eval('4' + '2') == 42",
    "maker": "import collections, dataclasses\nPair = collections.namedtuple('Pair', 'a b')\n"
    "Point = dataclasses.make_dataclass('Point', ['x'])\nassert Pair(1, 2).a == Point(1).x",
    "literal": "import ast\nassert ast.literal_eval(listed) == [1, 2]",
    "imported": "import colorsys, json.tool\nassert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)",
    "file": "import pickle\nwith open('key.pkl', 'rb') as file:\n    key = pickle.load(file)\n"
    "assert key == {'a': 1}",
}
THEIRS = {
    "rule": "assert eval(rule, {'n': 4}) == 16",
    "changed": "assert eval(rule.replace('*', '+'), {'n': 4}) == 8",
    "compiled": "import ast\ntree = ast.parse(rule, mode='eval')\n"
    "assert eval(compile(tree, '<rule>', 'eval'), {'n': 4}) == 16",
    "condition": f"{PEOPLE}\nassert len(people.query(condition)) == 1",
    "pickle": "import pickle\nassert pickle.loads(saved) == {'a': 1}",
    "caught": "try:\n    right = eval(rule, {'n': 4}) == 16\n"
    "except BaseException:\n    right = True\nassert right",
    "program": "import subprocess\nassert subprocess.run(['true']).returncode == 0",
}
CELLS = [
    "import collections, pickle\nrule, condition, listed = 'n * n', 'age > 25', '[1, 2]'",
    "name = 'total'",
    "saved = pickle.dumps(collections.OrderedDict(a=1))",
]


def cases(bodies: dict[str, str], takes: str) -> list[str]:
    """A case of one point for each body."""
    head = "@test_case(points=1)\ndef test_{}({}):\n"
    return [
        head.format(name, takes) + textwrap.indent(body, "    ") + "\n"
        for name, body in bodies.items()
    ]


def test_of_their_own_it_runs_and_of_the_notebooks_a_teacher_decides(tmp_path: Path) -> None:
    loop = ">>> found = []\n>>> for n in range(2):\n...     found.append(n)\n>>> found\n[0, 1]"
    tests = {
        "q1": exceptions("q1", *cases(OWN, "listed, name")),
        "q2": exceptions("q2", *cases(THEIRS, "rule, condition, saved")),
        "q3": doctests("q3", {"code": loop}, {"code": ">>> eval(rule, {'n': 4})\n16"}, points=2),
    }
    key = pickle.dumps(collections.OrderedDict(a=1), protocol=0).decode()
    opened = open_bundle(bundle(tmp_path / "bundle", tests, {"key.pkl": key}), tmp_path)
    found = grade(opened, notebook(tmp_path / "a.ipynb", CELLS))
    own, theirs, written = (
        [(case.passed, case.message) for case in question.cases] for question in found.questions
    )
    assert own == [(True, "")] * len(OWN), found
    assert [passed for passed, _ in theirs] == [None] * len(THEIRS), theirs
    assert [passed for passed, _ in written] == [True, None], written


def told(*kinds: str) -> Channel:
    """What the tests' side has told before it ended."""
    reading, writing = os.pipe()
    channel = Channel(-1, writing)
    for kind in kinds:
        channel.send(Message({"kind": kind, "text": "of whoever took it over"}))
    os.close(writing)
    return Channel(reading, -1)


def test_after_the_tests_have_begun_none_is_called_damaged() -> None:
    limits = Limits()
    assignment = SimpleNamespace(name="hw", tests=[])
    watched: Any = session.Session(assignment, None, limits, SimpleNamespace(work=None))  # type: ignore[arg-type]
    watched.measured = lambda student: {}
    side = SimpleNamespace(ended="", text="", deadline=0.0)
    with pytest.raises(session.TestsEnded):
        watched.watch(side, side, told("ready", "broken"))
