"""What a test asks across the border between two processes, and what is left to a teacher."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from autograder.settings import Settings
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook


def case(body: str, parameters: str) -> str:
    """A case of a point; its lines are indented here."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@test_case(points=1)\ndef test_it({parameters}):\n{lines}"


CARRIED = {
    "computed": "OK_FORMAT = True\ncode = '>>> total\\n6\\n'\n"
    "suite = {'cases': [{'code': code, 'hidden': False}], 'type': 'doctest'}\n"
    "test = {'name': 'computed', 'points': 1, 'suites': [suite]}\n",
    "undecorated": exceptions(
        "undecorated", "def look(total):\n    assert total == 6\ncase = test_case(points=1)(look)\n"
    ),
    "seeded": exceptions(
        "seeded",
        case(
            "import random\nimport numpy as np\nrandom.seed(3)\nnp.random.seed(4)\n"
            "expected = random.random(), np.random.rand()\nrandom.seed(3)\nnp.random.seed(4)\n"
            "assert draw() == expected\nassert draw() != expected",
            "draw",
        ),
    ),
    "a class": exceptions("a class", case("assert Box(3).side == 3", "Box")),
    "a comparison": doctests(
        "a comparison", {"code": ">>> allclose(total, 6) and isclose(total, 6)\nTrue\n"}
    ),
    "a variable like a module": doctests(
        "a variable like a module", {"code": ">>> time, queue.side\n(3.5, 2)\n"}
    ),
    "any name": doctests("any name", {"code": ">>> eval('tot' + 'al') + time\n9.5\n"}),
    "masks": exceptions("masks", case("import numpy as np\nassert np.ma.is_masked(gaps)", "gaps")),
    "empty bytes": exceptions("empty bytes", case("assert nothing == b''", "nothing")),
    "beside others": exceptions(
        "beside others", case("assert total == 6", "by_day, total, monthly, gaps, points")
    ),
    "a name": exceptions("a name", case("assert type(box).__name__ == 'Box'", "box")),
    "a name of a function": exceptions(
        "a name of a function", case("assert type(draw).__name__ == 'function'", "draw")
    ),
    "a class in print": doctests(
        "a class in print", {"code": ">>> type(day)\n<class 'uuid.UUID'>\n"}
    ),
    "no plain kind": exceptions(
        "no plain kind",
        case(
            "import numpy as np\nassert type(day) not in (int, list, np.ndarray, np.float64)\n"
            "assert type(day) is not str and len({type(day), type(box)}) == 2",
            "day, box",
        ),
    ),
    "kind of a copy": exceptions(
        "kind of a copy",
        case("import decimal\nassert type(total) != decimal.Decimal", "total"),
    ),
    "a stack of objects": exceptions(
        "a stack of objects", case("push(Box(3))\nassert len(boxes) == 1", "push, Box, boxes")
    ),
    "threads": exceptions(
        "threads",
        case(
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(4) as pool:\n"
            "    found = list(pool.map(where, [str(n) for n in range(40)]))\n"
            "assert found == [str(n) for n in range(40)]",
            "where",
        ),
    ),
    "no cause": exceptions(
        "no cause",
        case(
            "try:\n    pay(1)\nexcept ValueError as error:\n    assert error.__cause__ is None",
            "pay",
        ),
    ),
    "a default": exceptions(
        "a default",
        case("assert counts['a'] == 1 and counts['b'] == 0 and own['a'] == 1", "counts, own"),
    ),
    "a default there": exceptions(
        "a default there",
        case(
            "import collections\nd = collections.defaultdict(int)\nadd(d)\nassert d == {'k': 1}",
            "add",
        ),
    ),
    "resampled": exceptions(
        "resampled",
        case(
            "import pandas as pd\nweeks = pd.Series(1.0, pd.date_range('2024-01-01', periods=40))\n"
            "pd.testing.assert_series_equal(weekly, weeks.resample('W').sum())",
            "weekly",
        ),
    ),
    "the same": exceptions("the same", case("assert single() is single()", "single")),
    "objects given back": exceptions(
        "objects given back",
        case(
            "a, b = Box(1), Box(4)\nassert farther([a, b], than=box) is b\n"
            "a.pour(b, 2)\nassert (a.side, b.side) == (-1, 6) and Box(a).side is a",
            "Box, box, farther",
        ),
    ),
    "a function given back": doctests(
        "a function given back",
        {"code": ">>> call(draw) != call(draw), call(single) is box\n(True, True)\n"},
    ),
    "own exception": exceptions(
        "own exception",
        case(
            "import unittest\nunittest.TestCase().assertRaises(Poor, pay, 9)\n"
            "try:\n    pay(9)\n    assert False\nexcept Poor as error:\n"
            "    assert str(error) == 'no more' and isinstance(error, ValueError)",
            "Poor, pay",
        ),
    ),
    "base of an exception": exceptions(
        "base of an exception",
        case("try:\n    pay(9)\n    assert False\nexcept ValueError:\n    pass", "pay"),
    ),
    "exception in a doctest": doctests(
        "exception in a doctest",
        {"code": ">>> pay(9)\nTraceback (most recent call last):\n    ...\nPoor: no more\n"},
    ),
    "an exception of Python's modules": exceptions(
        "an exception of Python's modules",
        case(
            "import queue, sqlite3\nfor call, kind in ((take, queue.Empty), (add_user, "
            "sqlite3.IntegrityError)):\n    try:\n        call()\n        assert False\n"
            "    except kind:\n        pass",
            "take, add_user",
        ),
    ),
    "by the notebook's name": doctests(
        "by the notebook's name",
        {"code": ">>> try:\n...     take()\n... except Empty:\n...     print('empty')\nempty\n"},
    ),
    "place of an exception": exceptions(
        "place of an exception",
        case(
            "try:\n    fail(2)\n    assert False\nexcept UnicodeDecodeError as error:\n"
            "    assert error.start == 0 and error.object == b'\\xff'",
            "fail",
        ),
    ),
    "data of an exception": exceptions(
        "data of an exception",
        case(
            "try:\n    check_all([1, -2])\n    assert False\nexcept ValueError as error:\n"
            "    assert error.args[0] == [-2] and str(error) == '[-2]'",
            "check_all",
        ),
    ),
    "warned": exceptions(
        "warned",
        case(
            "import warnings\nwith warnings.catch_warnings(record=True) as found:\n"
            "    warnings.simplefilter('always')\n    assert risky(1) == 1\n"
            "assert [(w.category, str(w.message)) for w in found] == [(FutureWarning, 'soon')]",
            "risky",
        ),
    ),
    "a library's warning": exceptions(
        "a library's warning",
        case(
            "import unittest\nimport pandas as pd\nimport pandas.errors\n"
            "with unittest.TestCase().assertWarns(pd.errors.PerformanceWarning):\n    slow()",
            "slow",
        ),
    ),
    "a warning raised": exceptions(
        "a warning raised",
        case(
            "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
            "    try:\n        risky(1)\n        assert False\n"
            "    except FutureWarning:\n        pass",
            "risky",
        ),
    ),
    "no warning": exceptions(
        "no warning",
        case(
            "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
            "    assert len(draw()) == 2",
            "draw",
        ),
    ),
    "errors of NumPy": exceptions(
        "errors of NumPy",
        case(
            "import numpy as np\nwith np.errstate(all='raise'):\n    try:\n        divide(0.0)\n"
            "        assert False\n    except FloatingPointError:\n        pass\n"
            "with np.errstate(all='ignore'):\n    assert divide(0.0) == np.inf",
            "divide",
        ),
    ),
    "a file that is not asked for": exceptions(
        "a file that is not asked for",
        case("import os\nassert total == 6 or os.path.exists('made.txt')", "total"),
    ),
    "a library's exception": exceptions(
        "a library's exception",
        case(
            "import json\nimport numpy as np\n"
            "for wanted, number in ((np.linalg.LinAlgError, 0), (json.JSONDecodeError, 1)):\n"
            "    try:\n        fail(number)\n        assert False\n"
            "    except wanted as error:\n        assert str(error)\n"
            "try:\n    fail(2)\n    assert False\nexcept UnicodeDecodeError:\n    pass",
            "fail",
        ),
    ),
    "what is printed": doctests("what is printed", {"code": ">>> complain()\nout\n"}),
    "an untouched list": exceptions(
        "an untouched list", case("assert draw()\nassert kept == [5]", "draw, kept")
    ),
    "a list that no test reads": exceptions(
        "a list that no test reads", case("assert push(3) is None", "push")
    ),
    "a missing number": exceptions(
        "a missing number",
        case(
            "import numpy as np\nassert [number(t) for t in ['1', 'n/a']] == [1.0, np.nan]\n"
            "assert cleaned.count(np.nan) == 1 and has(np.nan)",
            "number, cleaned, has",
        ),
    ),
    "days": exceptions(
        "days",
        case(
            "import datetime\nfrom datetime import date\nassert type(leap) is date\n"
            "assert leap == date(2024, 2, 29) and next_day(date(2023, 2, 28)) == date(2023, 3, 1)\n"
            "assert by_date[leap] == 1 and sorted(by_date)[0] < leap\n"
            "assert next_day(leap) - leap == datetime.timedelta(1)",
            "leap, next_day, by_date",
        ),
    ),
    "exact numbers": exceptions(
        "exact numbers",
        case(
            "from decimal import Decimal\nfrom fractions import Fraction\n"
            "assert half(Fraction(1, 3)) == Fraction(1, 6)\n"
            "assert str(half(Decimal('1.10'))) == '0.55'",
            "half",
        ),
    ),
    "keys of a dictionary": doctests(
        "keys of a dictionary",
        {
            "code": ">>> sorted(letters), 'a' in letters, letters == {'a', 'b'}\n"
            "(['a', 'b'], True, True)\n>>> letters\ndict_keys(['b', 'a'])\n"
        },
    ),
    "a path to a function": exceptions(
        "a path to a function",
        case("from pathlib import Path\nassert ending(Path('a') / 'b.txt') == '.txt'", "ending"),
    ),
    "unique texts": exceptions(
        "unique texts",
        case(
            "assert set(shops) == {'A', 'B'} and sorted(shops) == ['A', 'B'] and 'A' in shops\n"
            "assert len(shops) == 2 and shops[1] == 'A' and number_of(shops) == 2\n"
            "assert list(sizes) == ['small', 'large'] and sizes.ordered",
            "shops, sizes, number_of",
        ),
    ),
    "unique texts, in a doctest": doctests(
        "unique texts, in a doctest",
        {"code": ">>> set(shops) == {'A', 'B'}, len(shops)\n(True, 2)\n"},
    ),
    "in a doctest": doctests("in a doctest", {"code": ">>> np.nan in cleaned\nTrue\n"}),
    "a time zone": exceptions("a time zone", case("assert str(met.tz) == 'Europe/Berlin'", "met")),
    "noted": exceptions("noted", case("assert lengths.attrs['unit'] == 'm'", "lengths")),
    "by columns": exceptions("by columns", case("assert turned.flags['F_CONTIGUOUS']", "turned")),
    "a file of the assignment": exceptions(
        "a file of the assignment",
        case("assert open(where('data.txt')).read() == 'here' and where('x') == 'x'", "where"),
    ),
}
LEFT = {
    "replaced by hand": exceptions(
        "replaced by hand",
        case(
            "import random\nbefore = random.random\nrandom.random = lambda: 0.5\n"
            "try:\n    assert draw()[0] == 0.5\nfinally:\n    random.random = before",
            "draw",
        ),
    ),
    "replaced by name": exceptions(
        "replaced by name",
        case("import calendar\nsetattr(calendar, 'EPOCH', 5)\nassert pieces(1) == [1]", "pieces"),
    ),
    "forbidden": exceptions(
        "forbidden",
        case(
            "from unittest import mock\nwith mock.patch('math.sqrt', side_effect=AssertionError):\n"
            "    assert root(4) == 2",
            "root",
        ),
    ),
    "absent": exceptions("absent", case("import os\nassert not os.path.exists('made.txt')", "")),
    "named": exceptions("named", case("assert open(where('made.txt')).read() == 'made'", "where")),
    "ended": exceptions(
        "ended",
        case("try:\n    leave()\nexcept SystemExit:\n    return\nassert False", "leave"),
    ),
    "exists": exceptions("exists", case("import os\nassert os.path.exists('made.txt')", "")),
    "is a file": exceptions(
        "is a file",
        case("from pathlib import Path\nassert (Path('.') / 'made.txt').is_file()", ""),
    ),
    "listed": exceptions("listed", case("import os\nassert 'made.txt' in os.listdir()", "")),
    "searched": exceptions("searched", case("import glob\nassert glob.glob('made*')", "")),
    "searched by path": exceptions(
        "searched by path", case("import pathlib\nassert list(pathlib.Path().glob('made*'))", "")
    ),
    "exists in a doctest": doctests(
        "exists in a doctest", {"code": ">>> import os\n>>> os.path.isfile('made.txt')\nTrue\n"}
    ),
    "mock": exceptions(
        "mock",
        case(
            "from unittest import mock\nwith mock.patch('random.random', lambda: 0.25):\n"
            "    assert draw()[0] == 0.25",
            "draw",
        ),
    ),
    "environment": exceptions(
        "environment",
        case(
            "from unittest import mock\nwith mock.patch.dict('os.environ', LEVEL='3'):\n"
            "    assert level() == '3'",
            "level",
        ),
    ),
    "environment, many": exceptions(
        "environment, many",
        case("import os\nos.environ.update(LEVEL='3')\nassert level() == '3'", "level"),
    ),
    "environment by hand": exceptions(
        "environment by hand",
        case("import os\nos.environ['LEVEL'] = '3'\nassert level() == '3'", "level"),
    ),
    "input": exceptions(
        "input",
        case(
            "from unittest import mock\nwith mock.patch('builtins.input', lambda _: '3'):\n"
            "    assert ask() == 3",
            "ask",
        ),
    ),
    "stdin": exceptions(
        "stdin",
        case(
            "import io\nfrom unittest import mock\n"
            "with mock.patch('sys.stdin', io.StringIO('3')):\n    assert ask() == 3",
            "ask",
        ),
    ),
    "figure": exceptions(
        "figure",
        case("import matplotlib.pyplot as plt\nassert plt.gca().get_title() == 'T'", ""),
    ),
    "pyplot": doctests("pyplot", {"code": ">>> plt.gca().get_title()\n'T'\n"}),
    "callback": exceptions("callback", case("assert call(lambda: 4) == 4", "call")),
    "masked": exceptions(
        "masked", case("import numpy as np\nnp.testing.assert_allclose(gaps, [1, 2])", "gaps")
    ),
    "in": exceptions("in", case("assert 7 in box", "box")),
    "equals": exceptions("equals", case("assert box.equals(7)", "box")),
    "false module": doctests("false module", {"code": ">>> sns.side\n2\n"}),
    "own comparison": doctests("own comparison", {"code": ">>> array_equal(1, 1)\nTrue\n"}),
    "months": exceptions("months", case("assert list(monthly.a) == [1, 2]", "monthly")),
    "keys": exceptions("keys", case("assert len(by_day) == 1", "by_day")),
    "own default": exceptions("own default", case("assert own['b'] == 0", "own")),
    "matrix": exceptions("matrix", case("assert (matrix * matrix).sum() == 54", "matrix")),
    "text in an array": exceptions(
        "text in an array", case("assert codes.upper()[0] == 'AB'", "codes")
    ),
    "of an exception": exceptions(
        "of an exception",
        case("try:\n    pay(9)\nexcept Poor as error:\n    assert error.sum == 9", "Poor, pay"),
    ),
    "an object of an exception": exceptions(
        "an object of an exception",
        case(
            "try:\n    refuse()\nexcept ValueError as error:\n    assert error.args[0].side == 2",
            "refuse",
        ),
    ),
    "beside its arguments": exceptions(
        "beside its arguments",
        case(
            "try:\n    refuse()\nexcept ValueError as error:\n    assert error.day == 3", "refuse"
        ),
    ),
    "instance of": exceptions("instance of", case("assert isinstance(box, Box)", "box, Box")),
    "a kind": exceptions("a kind", case("import uuid\nassert type(day) == uuid.UUID", "day")),
    "another kind": exceptions(
        "another kind", case("import uuid\nassert type(day) != uuid.UUID", "day")
    ),
    "the very kind": exceptions(
        "the very kind", case("from uuid import UUID\nassert type(day) is UUID", "day")
    ),
    "one of some kinds": exceptions(
        "one of some kinds",
        case("from uuid import UUID\nassert type(day) in {int, UUID}", "day"),
    ),
    "kind of a kind": exceptions(
        "kind of a kind",
        case("import uuid\nassert issubclass(type(day), uuid.UUID)", "day"),
    ),
    "kind of a function": exceptions(
        "kind of a function", case("import types\nassert type(draw) == types.FunctionType", "draw")
    ),
    "the very kind of a function": exceptions(
        "the very kind of a function",
        case("import types\nassert type(draw) is types.FunctionType", "draw"),
    ),
    "the very kind, by a function": exceptions(
        "the very kind, by a function",
        "def of(value, kind):\n    assert type(value) is kind\n",
        case("from uuid import UUID\nof(day, UUID)", "day"),
    ),
    "not one object, by a function": exceptions(
        "not one object, by a function",
        "def same(a, b):\n    return a is b\n",
        case("assert not same(stack, twin)", "stack, twin"),
    ),
    "numbers of objects": exceptions(
        "numbers of objects", case("assert len({id(x) for x in (stack, twin)}) == 2", "stack, twin")
    ),
    "kind of the unknown": exceptions(
        "kind of the unknown", case("assert type(by_day) == dict", "by_day")
    ),
    "name of the unknown": exceptions(
        "name of the unknown", case("assert type(by_day).__name__ == 'dict'", "by_day")
    ),
    "unknown in print": doctests(
        "unknown in print", {"code": ">>> type(by_day)\n<class 'dict'>\n"}
    ),
    "the notebook's kind": exceptions(
        "the notebook's kind", case("assert type(box) == Box", "box, Box")
    ),
    "in a kind": exceptions("in a kind", case("assert hasattr(type(box), 'equals')", "box")),
    "log": exceptions(
        "log",
        case(
            "import unittest\nwith unittest.TestCase().assertLogs() as found:\n    tell()\n"
            "assert found.output",
            "tell",
        ),
    ),
    "own handler": exceptions(
        "own handler",
        case(
            "import io, logging\ntext = io.StringIO()\nlogging.getLogger().addHandler("
            "logging.StreamHandler(text))\ntell()\nassert 'told' in text.getvalue()",
            "tell",
        ),
    ),
    "rewritten": exceptions("rewritten", case("assert open('given.txt').read() == 'now'", "")),
    "rewritten, by its path": exceptions(
        "rewritten, by its path",
        case(
            "from pathlib import Path\nassert Path('given.txt').resolve().read_text() == 'now'", ""
        ),
    ),
    "removed": exceptions("removed", case("import os\nassert not os.path.exists('old.txt')", "")),
    "by a call": exceptions(
        "by a call", case("save('x')\nassert open('saved.txt').read() == 'x'", "save")
    ),
    "name of an import": exceptions(
        "name of an import",
        case(
            "try:\n    fail(3)\nexcept ImportError as error:\n"
            "    assert error.name == 'nosuchthing'",
            "fail",
        ),
    ),
    "no name of an import": exceptions(
        "no name of an import",
        case("try:\n    fail(3)\nexcept ImportError as error:\n    assert not error.name", "fail"),
    ),
    "a cause": exceptions(
        "a cause",
        case(
            "try:\n    fail(5)\nexcept ValueError as error:\n"
            "    assert isinstance(error.__cause__, KeyError)",
            "fail",
        ),
    ),
    "a method": exceptions(
        "a method", case("import inspect\nassert inspect.ismethod(box.equals)", "box")
    ),
    "raised by the test": exceptions(
        "raised by the test",
        case(
            "try:\n    raise Poor('x')\nexcept ValueError as error:\n    assert error.args", "Poor"
        ),
    ),
    "a group": exceptions(
        "a group", case("try:\n    fail(4)\nexcept* ValueError:\n    pass", "fail")
    ),
}
GIVEN = ("data.txt", "given.txt", "old.txt", "saved.txt")
CELLS = [
    "import random\nimport numpy as np\nimport matplotlib.pyplot as plt",
    "total = 6\nplt.title('T')",
    "def draw():\n    return random.random(), np.random.rand()",
    "def ask():\n    return int(input('How many? '))",
    "def call(function):\n    return function()",
    "class Box:\n    def __init__(self, side):\n        self.side = side\n"
    "    def equals(self, other):\n        return True\n    __contains__ = equals\n"
    "    def pour(self, other, by):\n        self.side -= by\n        other.side += by\n"
    "def farther(boxes, than):\n    return max(boxes, key=lambda b: abs(b.side - than.side))\n"
    "box = queue = sns = Box(2)",
    "from math import isclose\nfrom numpy import allclose\ntime = 3.5\nnothing = np.bytes_(b'')",
    "def array_equal(a, b):\n    return True\ngaps = np.ma.masked_all(2)",
    "import uuid\nimport pandas as pd\nby_day = {uuid.UUID(int=1): 5}",
    "months = pd.to_datetime(['2024-01-01', '2024-02-01']).to_period('M')",
    "monthly = pd.DataFrame({'a': [1, 2], 'month': months})",
    "import collections\ncounts = collections.defaultdict(int, a=1)\n"
    "own = collections.defaultdict(lambda: 0, a=1)\ndef add(d):\n    d['k'] += 1",
    "weekly = pd.Series(1.0, pd.date_range('2024-01-01', periods=40)).resample('W').sum()\n"
    "matrix = np.matrix([[1, 2], [3, 4]])",
    "def single():\n    return box",
    "class Poor(ValueError):\n    sum = 9\ndef pay(price):\n    raise Poor('no more')",
    "import os\nimport warnings\ndef risky(n):\n    warnings.warn('soon', FutureWarning)\n"
    "    return n\ndef slow():\n    warnings.warn('slow', pd.errors.PerformanceWarning)",
    "def divide(x):\n    return np.float64(1) / x\ndef pieces(n):\n    return [1] * n",
    "def level():\n    return os.environ.get('LEVEL')\nopen('made.txt', 'w').write('made')",
    "stack, boxes, kept = [], [], [5]\ndef push(x):\n"
    "    (boxes if type(x) is Box else stack).append(x)\ndata = [3, 1, 2]\ndef smallest():\n"
    "    sorted_data = data\n    sorted_data.sort()\n    return data[0]",
    "import json, sys\ndef fail(number):\n    if number == 0:\n"
    "        return np.linalg.inv(np.zeros((2, 2)))\n"
    "    if number == 3:\n        import nosuchthing\n"
    "    if number == 4:\n        raise ExceptionGroup('bad', [ValueError('a')])\n"
    "    if number == 5:\n        raise ValueError('no') from KeyError('k')\n"
    "    return json.loads('{') if number == 1 else b'\\xff'.decode()\n"
    "def complain():\n    print('out')\n    print('err', file=sys.stderr)",
    "import math\ndef root(x):\n    return math.sqrt(x)\ndef where(name):\n    return name\n"
    "def leave():\n    raise SystemExit",
    "import logging\ndef tell():\n    logging.warning('told')\ndef save(text):\n"
    "    open('saved.txt', 'w').write(text)\nopen('given.txt', 'w').write('now')\n"
    "os.remove('old.txt')",
    "def number(text):\n    try:\n        return float(text)\n    except ValueError:\n"
    "        return np.nan\ncleaned = [1.0, np.nan]\ndef has(x):\n    return x in cleaned",
    "met = pd.Timestamp('2024-05-01', tz='Europe/Berlin')\nlengths = pd.DataFrame({'h': [1]})\n"
    "lengths.attrs['unit'] = 'm'\nturned = np.asfortranarray(np.ones((2, 3)))\n"
    "codes = np.char.array(['ab', 'cd'])",
    "import queue, sqlite3\nfrom queue import Empty\ndb = sqlite3.connect(':memory:')\n"
    "db.execute('create table users (name text unique)')\nwaiting = queue.Queue()\ndef take():\n"
    "    return waiting.get_nowait()\ndef add_user():\n    for _ in range(2):\n"
    "        db.execute('insert into users values (1)')",
    "def check_all(xs):\n    raise ValueError([x for x in xs if x < 0])\ndef refuse():\n"
    "    error = ValueError(box)\n    error.day = 3\n    raise error",
    "queue = box",
    "from datetime import date, timedelta\nleap = date(2024, 2, 29)\n"
    "by_date = {leap: 1, leap - timedelta(1): 2}\ndef next_day(d):\n    return d + timedelta(1)\n"
    "def half(x):\n    return x / 2\nletters = {'b': 1, 'a': [2]}.keys()\n"
    "def ending(path):\n    return path.suffix",
    "shops = pd.Series(list('BAB')).unique()\ndef number_of(texts):\n    return len(texts)\n"
    "kinds = pd.CategoricalDtype(['small', 'large'], ordered=True)\n"
    "sizes = pd.Series(['small', 'large', 'small'], dtype=kinds).unique()",
    "twin = stack\nday = uuid.UUID(int=2)",
    "from collections import namedtuple\npoints = {namedtuple('Point', 'x y')(1, 2)}",
]


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Question]:
    """All questions, of one notebook that is right in each."""
    folder = tmp_path_factory.mktemp("carrying")
    made = bundle(folder / "bundle", CARRIED | LEFT, dict.fromkeys(GIVEN, "here"))
    opened = open_bundle(made, folder)
    found = grade(opened, notebook(folder / "a.ipynb", CELLS), WARM)
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("name", CARRIED)
def test_it_is_carried_over(name: str, questions: dict[str, Question]) -> None:
    assert questions[name].score == 1, questions[name]


@pytest.mark.attacks
def test_what_is_wrong_all_the_same_is_wrong(tmp_path: Path) -> None:
    bodies = {
        "warned": "import warnings\nwith warnings.catch_warnings(record=True) as found:\n"
        "    warnings.simplefilter('always')\n    assert quiet(1) == 1\nassert len(found) == 1",
        "file": "import os\nassert os.path.exists('data.txt') and quiet(1) == 2",
        "folder": "import os\nassert os.listdir('kept') == ['one.txt'] and quiet(1) == 2",
        "imports": "import keras\nassert quiet(1) == 2",
        "elsewhere": "import os\nassert os.path.exists('/made.txt')",
        "errors": "import numpy as np\nwith np.errstate(all='ignore'):\n    assert quiet(1) == 2",
        "quiet": "import logging\nlogging.getLogger('x').setLevel(40)\nassert quiet(1) == 2",
        "none": "assert quiet(1) is None and type(quiet(1)) is not int",
        "float": "import numpy as np\nassert type(quiet(1)) is float and quiet(1) is np.nan",
        "no nan": "import numpy as np\nassert quiet(1) is np.nan",
        "another": "assert quiet(1) is not quiet and quiet(1) == 2",
        "given": "assert open('data.txt').read() == 'there'",
    }
    tests = {name: exceptions(name, case(body, "quiet")) for name, body in bodies.items()}
    folder = bundle(tmp_path / "bundle", tests)
    (folder / "files" / "kept").mkdir(parents=True)
    (folder / "files" / "kept" / "one.txt").write_text("here")
    (folder / "files" / "data.txt").write_text("here")
    opened = open_bundle(folder, tmp_path)
    # On a busy machine, an import takes its time.
    patient = Settings(mode="warm", limits=dataclasses.replace(opened.limits, case_seconds=120))
    found = grade(opened, notebook(tmp_path / "a.ipynb", ["def quiet(n):\n    return n"]), patient)
    passed = {question.name: question.cases[0].passed for question in found.questions}
    assert passed == dict.fromkeys(bodies, False), found


@pytest.mark.parametrize("name", LEFT)
def test_it_is_left_to_a_teacher(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [None], questions[name]
    assert questions[name].reason
