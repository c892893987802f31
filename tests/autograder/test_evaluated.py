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
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook

PEOPLE = "import pandas as pd\npeople = pd.DataFrame({'age': [20, 30]})"
# By what is asked of each, the body of a case.
OWN = {
    "condition": f"{PEOPLE}\nlimit = 25\nassert len(people.query('age > @limit & age < 40')) == 1",
    "column": f"{PEOPLE}\nassert people.eval('age + 1').sum() == 52",
    "text": "assert eval('1 + 1') == 2",
    "number": "assert eval('4' + '2') == 42 and eval('tot' + 'al', {'total': 3}) == 3",
    "filled": f"{PEOPLE}\nlimit = 25\nassert len(people.query(f'age > {{limit}}')) == 1",
    "pieces": f"{PEOPLE}\nassert len(people.query('age > 25 '\n    'and age < 40')) == 1",
    "spaced": f"{PEOPLE}\npeople['full name'] = 'x'\n"
    "assert len(people.query('`full name` == \"x\"')) == 2",
    "frozen": "import scipy.stats\nassert scipy.stats.norm(0, 1).cdf(0) == 0.5",
    "timed": "import timeit\nassert timeit.timeit(lambda: 1, number=2) > 0",
    "mocked": "from unittest import mock\nassert mock.create_autospec(len)([]) is not None",
    "fields": "import dataclasses\n@dataclasses.dataclass\nclass Point:\n    x: int = 1\n"
    "assert Point().x == 1",
    "example": "import doctest\nparser, text = doctest.DocTestParser(), '>>> 1 + 1\\n2\\n'\n"
    "own = parser.get_doctest(text, {}, 'own', None, 0)\n"
    "assert doctest.DocTestRunner().run(own).failed == 0",
    "given": "import json, pandas as pd\nassert json.loads('1') == 1\n"
    "assert pd.read_pickle('key.pkl')['a'] == 1",
    "helper": "import runpy\nassert runpy.run_path('helper.py')['three'] == 3\n"
    "known = {}\nexec(open('helper.py').read(), known)\nassert known['three'] == 3",
    "template": "assert '{0.real}'.format(3) == '3'",
    "maker": "import collections, dataclasses\nPair = collections.namedtuple('Pair', 'a b')\n"
    "Point = dataclasses.make_dataclass('Point', ['x'])\nassert Pair(1, 2).a == Point(1).x",
    "literal": "import ast\nassert ast.literal_eval(listed) == [1, 2]",
    "imported": "import colorsys, json.tool\nassert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)",
    "file": "import pickle\nwith open('key.pkl', 'rb') as file:\n    key = pickle.load(file)\n"
    "assert key == {'a': 1}",
}
THEIRS = {
    "name": "assert eval(name, {'total': 3}) == 3",
    "docstring": "import doctest\nparser = doctest.DocTestParser()\n"
    "found = parser.get_doctest(square.__doc__, {'square': square}, 'square', None, 0)\n"
    "assert doctest.DocTestRunner().run(found).failed == 0",
    "written": "import pickle\nwith open('written.pkl', 'wb') as file:\n    file.write(saved)\n"
    "with open('written.pkl', 'rb') as file:\n    assert pickle.load(file) == {'a': 1}",
    "helper": "with open('helper.py', 'w') as file:\n    file.write(rule)\n"
    "import runpy\nassert runpy.run_path('helper.py')",
    "columns": "import dataclasses\nmade = dict.fromkeys(columns, int)\n"
    "fields = {'__module__': __name__, '__annotations__': made}\n"
    "assert dataclasses.dataclass(type('Row', (), fields))(1)",
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
# Of these, all cases of a question wait for a teacher.
WHOLE = {
    "template": "import collections\nPoint = collections.namedtuple('Point', 'x y')\n"
    "assert template.format(p=Point(1, 2)) == '1'",
    "built": "import yaml\nassert yaml.load(rule, yaml.UnsafeLoader) == 'n * n'",
}
# In one case the bytes are written, in the next they are read.
KEPT = {
    "written": "with open('kept.new', 'wb') as file:\n    file.write(saved)\n"
    "import os\nos.rename('kept.new', 'kept.pkl')",
    "read": "import pickle\nassert pickle.load(open('key.pkl', 'rb')) == {'a': 1}\n"
    "assert pickle.load(open('kept.pkl', 'rb')) == {'a': 1}",
}
CELLS = [
    "import collections, pickle\nrule, condition, listed = 'n * n', 'age > 25', '[1, 2]'",
    "name, columns, template = 'total', ['x: print(1)'], '{p.x}'",
    'def square(x):\n    """Its square.\n\n    >>> square(3)\n    9\n    """\n    return x * x',
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
        "q1": exceptions("q1", *cases(OWN, "listed")),
        "q2": exceptions("q2", *cases(THEIRS, "rule, condition, saved, name, columns, square")),
        **{
            f"w-{name}": exceptions(f"w-{name}", *cases({name: body}, "rule, template"))
            for name, body in WHOLE.items()
        },
        "r-kept": exceptions("r-kept", *cases(KEPT, "saved")),
        "q3": doctests(
            "q3",
            {"code": loop},
            {"code": ">>> square(3)\n9"},
            {"code": ">>> eval(rule, {'n': 4})\n16"},
            points=3,
        ),
    }
    key = pickle.dumps(collections.OrderedDict(a=1), protocol=0).decode()
    opened = open_bundle(
        bundle(tmp_path / "bundle", tests, {"key.pkl": key, "helper.py": "three = 1 + 2\n"}),
        tmp_path,
    )
    found = grade(opened, notebook(tmp_path / "a.ipynb", CELLS), WARM)
    own, theirs, written, kept, *whole = (
        [(case.passed, case.message) for case in question.cases]
        for question in sorted(found.questions, key=lambda question: question.name)
    )
    assert [passed for passed, _ in kept] == [True, None], kept
    assert [[passed for passed, _ in each] for each in whole] == [[None]] * len(WHOLE), whole
    assert own == [(True, "")] * len(OWN), found
    assert [passed for passed, _ in theirs] == [None] * len(THEIRS), theirs
    assert [passed for passed, _ in written] == [True, True, None], written


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
