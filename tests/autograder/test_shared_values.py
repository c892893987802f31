"""What the notebook keeps of a value, and what a test has of it, is one value to both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from tests.autograder.bundles import WARM, bundle, exceptions, notebook
from tests.autograder.test_carrying import case

NOTEBOOK = """
from collections import OrderedDict
import numpy as np
import pandas as pd
class Cart:
    def __init__(self):
        self.items, self.prices, self.seen = [], {}, set()
        self.sums, self.table, self.log = np.zeros(3), pd.DataFrame({'a': [1]}), bytearray()
    def number(self):
        return len(self.items)
    def add(self, item):
        self.items.append(item)
    def get(self):
        return self.items
    def total(self):
        return sum(self.prices.values()) + float(self.sums.sum()) + len(self.seen) + len(self.log)
    def columns(self):
        return self.table.columns.tolist()
    def broken(self, item):
        self.items.append(item)
        raise ValueError('no')
class Bag:
    def __init__(self, items):
        self.items = items
class Stack:
    def __init__(self, items):
        self.items = list(items)
    def push(self, item):
        self.items.append(item)
    def history(self):
        return list(self.items)
class Matrix:
    def __init__(self):
        self.rows = [[0, 0], [0, 0]]
    def row(self, place):
        return self.rows[place]
    def total(self):
        return sum(map(sum, self.rows))
class MyFrame(pd.DataFrame):
    pass
class Log:
    def __init__(self):
        self.rows = [[1], [2]]
    def both(self):
        return [self.rows, MyFrame({'a': [1]})]
    def add(self):
        self.rows[0].append(5)
mixed = [[1], MyFrame({'a': [1]})]
order = OrderedDict(a=[1], b=[2])
def use(key):
    order.move_to_end(key)
    order[key].append(0)
class Cache:
    def __init__(self):
        self.kept = OrderedDict()
    def put(self, key, value):
        self.kept[key] = value
        self.kept.move_to_end(key)
    def get(self, key):
        self.kept.move_to_end(key)
        return self.kept[key]
board2 = [[0] * 60 for _ in range(60)]
def mark2(row, column):
    board2[row][column] = 1
later = [1]
def grow():
    later.append(4)
    return later
def grid(n):
    return [[0] * n] * n
def by_key(keys):
    return dict.fromkeys(keys, [])
counts = {}
def put(key):
    counts[key] = 1
    return counts
seen = [1]
alias = seen
pair = (seen, 2)
def show():
    return seen
def push(x):
    seen.append(x)
data = [3, 1, 2]
def smallest():
    data.sort()
    return data[0]
def sums(n):
    return np.arange(n)
board = np.zeros((2, 2))
def mark(row, column):
    board[row, column] = 1
edge = board[0]
def first_row():
    return board[0]
def whole():
    return board
book = {}
def entry(key):
    return book.setdefault(key, [])
def register(found, name):
    found.append({'name': name})
    return found[-1]
def into_both(one, other):
    new = []
    one.append(new)
    other.append(new)
newest, stack = {}, []
def push_both(value):
    made = {'v': value}
    stack.append(made)
    newest['d'] = made
    return len(stack)
def in_pair(found):
    found.append(([], 1))
    return found[-1]
class Graph:
    def __init__(self):
        self.near = {}
    def add(self, key):
        self.near[key] = self.near.get(key, [])
        return self.near[key]
def no_default(counted):
    counted.default_factory = None
def named(table):
    table.attrs['unit'] = 'm'
    table['a'].name = table.columns.name = 'k'
    return table
def rename(column):
    column.name = 'new'
def reshape(cells):
    cells.shape = 2, 2
many = list(range(30000))
def set_first(value):
    many[0] = value
def all_of_it():
    return many
pixels = np.zeros((200, 1000))
def paint():
    pixels[0, 0] = 1
frame = pd.DataFrame({'a': range(5000)})
def cell(value):
    frame.loc[0, 'a'] = value
class Heap:
    def __init__(self, items):
        self.items = items
    def first(self):
        return self.items[0]
def untouched():
    return 1
def double(items):
    items[:] = [2 * item for item in items]
"""
# By the names that the test takes.
CASES = {
    "appended": ("c = Cart()\nc.items.append('x')\nassert c.number() == 1", "Cart"),
    "set": ("c = Cart()\nc.prices['a'] = 3\nassert c.total() == 3", "Cart"),
    "filled": ("c = Cart()\nc.sums[0] = 1\nassert c.total() == 1", "Cart"),
    "added": ("c = Cart()\nc.seen.add(1)\nassert c.total() == 1", "Cart"),
    "bytes": ("c = Cart()\nc.log.extend(b'ab')\nassert c.total() == 2", "Cart"),
    "a column": ("c = Cart()\nc.table['b'] = 2\nassert c.columns() == ['a', 'b']", "Cart"),
    "answered": ("c = Cart()\nc.get().append(2)\nassert c.number() == 1", "Cart"),
    "before": ("c = Cart()\nb = c.items\nc.add(1)\nassert len(b) == 1 and b is c.get()", "Cart"),
    "refused": (
        "c = Cart()\nb = c.items\ntry:\n    c.broken([1])\nexcept ValueError:\n    pass\n"
        "assert b == [[1]]",
        "Cart",
    ),
    "hidden in it": ("c = Cart()\nc.get().append(9)\nassert c.get() == []", "Cart"),
    "a snapshot": ("c = Cart()\nh = c.get()\nc.add(1)\nassert h == []", "Cart"),
    "given": ("l = [1]\nb = Bag(l)\nl.append(2)\nassert b.items == [1]", "Bag"),
    "given and kept": ("l = [1]\nb = Bag(l)\nl.append(2)\nassert b.items is l", "Bag"),
    "given to two": (
        "l = [1]\na, b = Bag(l), Bag(l)\na.items.append(2)\nassert b.items == l",
        "Bag",
    ),
    "copied": (
        "l = [1]\ns = Stack(l)\nl.append(2)\nassert s.items == [1]\nh = s.history()\nh.append(3)\n"
        "assert s.history() == [1]\ns.push(5)\nassert h == [1, 3] and l == [1, 2]",
        "Stack",
    ),
    "a row": (
        "m = Matrix()\nm.rows[0][0] = 5\nassert m.total() == 5\nm.row(1)[1] = 2\n"
        "assert m.total() == 7\nr = m.row(0)\nm.rows.pop(0)\nr.append(4)\n"
        "assert m.rows == [[0, 2]] and m.total() == 2",
        "Matrix",
    ),
    "put in": ("m = Matrix()\nm.rows[0] = r = [7]\nr.append(1)\nassert m.total() == 8", "Matrix"),
    "rows of one": ("m = grid(2)\nm[0][0] = 1\nassert m[1][0] == 0", "grid"),
    "of one key": ("d = by_key('ab')\nd['a'].append(1)\nassert d['b'] == [1]", "by_key"),
    "of a module": ("r = put('a')\nput('b')\nassert r == {'a': 1, 'b': 1}", "put"),
    "a variable": ("seen.append(2)\nassert show()[-1] == 2", "seen, show"),
    "another name": ("assert seen is alias and pair[0] is seen", "seen, alias, pair"),
    "by a call": (
        "n = len(seen)\npush(9)\nassert len(seen) == len(pair[0]) == n + 1 and show() is alias",
        "seen, alias, pair, push, show",
    ),
    "not sorted": ("assert smallest() == 1\nassert data == [3, 1, 2]", "smallest, data"),
    "marked": ("mark(0, 1)\nassert board[0, 1] == 1", "mark, board"),
    "beside what is not copied": ("c = Log()\nc.both()\nassert c.rows == [[1], [2]]", "Log"),
    "beside such a variable": (
        "l = Log()\nr = l.rows\nl.add()\nassert r[0] == [1, 5]",
        "mixed, Log",
    ),
    "moved to the end": (
        "use('a')\nassert list(order) == ['b', 'a'] and order['a'] == [1, 0] and order['b'] == [2]",
        "order, use",
    ),
    "a cache": (
        "c = Cache()\nc.put('x', [1])\nc.put('y', [2])\nc.get('x').append(3)\n"
        "assert c.kept['x'] == [1, 3] and c.kept['y'] == [2] and list(c.kept) == ['y', 'x']",
        "Cache",
    ),
    "a large board": ("mark2(0, 1)\nassert board2[0][1] == 1", "board2, mark2"),
    "many": (
        "for i in range(600):\n    c = Cart()\n    c.items.append(i)\n    assert c.number() == 1",
        "Cart",
    ),
    "a view": ("r = first_row()\nr[0] = 3\nassert first_row()[0] == 3", "first_row"),
    "new in a variable": (
        "entry('a').append(1)\nentry('a').append(2)\nassert book['a'] == [1, 2]",
        "book, entry",
    ),
    "new in a variable, kept": (
        "e = entry('b')\ne.append(1)\nassert book['b'] == []",
        "book, entry",
    ),
    "new in an argument": (
        "l = []\nr = register(l, 'x')\nr['n'] = 5\nassert l[0]['n'] == 5 and r is l[0]",
        "register",
    ),
    "new in an argument, kept": (
        "l = []\nr = register(l, 'x')\nr['name'] = 'y'\nassert l[0]['name'] == 'x'",
        "register",
    ),
    "new in two arguments": (
        "a, b = [], []\ninto_both(a, b)\na[0].append(1)\nassert b[0] == [1]",
        "into_both",
    ),
    "one each in two arguments": (
        "a, b = [], []\ninto_both(a, b)\na[0].append(1)\nassert b[0] == []",
        "into_both",
    ),
    "new in two variables": (
        "n = push_both(1)\nstack[n - 1]['v'] = 5\nassert newest['d']['v'] == 5",
        "newest, stack, push_both",
    ),
    "new in a tuple": (
        "l = []\nt = in_pair(l)\nt[0].append(4)\nassert l[0][0] == [4]",
        "in_pair",
    ),
    "new in what was read": (
        "g = Graph()\nn = g.near\ng.add('a').append('b')\nassert n == g.near == {'a': ['b']}",
        "Graph",
    ),
    "a test's own in two": (
        "g = Graph()\na, b = g.add('a'), g.add('b')\nx = [1]\na.append(x)\nb.append(x)\n"
        "assert g.add('a')[0] is g.add('b')[0]",
        "Graph",
    ),
    "large and not changed": (
        "n = untouched()\nassert n == 2 or pixels[0, 0] == 3 or many[1] == 2",
        "pixels, many, untouched",
    ),
    "large, and only the test's": (
        "l = list(range(30000))\ndouble(l)\nl[0] = 8\ndouble(l)\nassert l[0] == 8",
        "double",
    ),
    "no default": (
        "from collections import defaultdict\nd = defaultdict(int)\nno_default(d)\n"
        "assert d.default_factory is None",
        "no_default",
    ),
    "a default": (
        "from collections import defaultdict\nd = defaultdict(int)\nno_default(d)\n"
        "assert d[1] == 0",
        "no_default",
    ),
    "a name": (
        "import pandas as pd\ns = pd.Series([1], name='old')\nrename(s)\nassert s.name == 'new'",
        "rename",
    ),
    "names of a table": (
        "import pandas as pd\nd = pd.DataFrame({'a': [1]})\nassert named(d) is d\n"
        "assert d.attrs == {'unit': 'm'} and d.columns.name == 'k' and d['a'].name == 'a'",
        "named",
    ),
    "new each time": ("a = sums(3)\na[0] = 5\nassert sums(3)[0] == 0", "sums"),
}
# What is left to a teacher.
LEFT = {
    "by the dictionary": ("env['data'] = [5, 4]\nassert env['smallest']() == 4", "env"),
    "a view of a variable": (
        "board[0, 0] = 5\nassert first_row()[0] == 5",
        "board, first_row, edge",
    ),
    "a large list": ("set_first(5)\nassert many[0] == 5", "many, set_first"),
    "a large answer": (
        "l = all_of_it()\nset_first(6)\nassert l[0] == 6",
        "all_of_it, set_first",
    ),
    "a large answer, changed": (
        "l = all_of_it()\nl[0] = 7\nassert all_of_it()[0] == 7",
        "all_of_it",
    ),
    "a large array": ("paint()\nassert pixels[0, 0] == 1", "pixels, paint"),
    "a large table": ("cell(9)\nassert frame.loc[0, 'a'] == 9", "frame, cell"),
    "large and given": (
        "l = list(range(30000))\nh = Heap(l)\nl[0] = 8\nassert h.first() == 8",
        "Heap",
    ),
    "another shape": (
        "import numpy as np\na = np.array([1, None, 2, 3], object)\nreshape(a)\n"
        "assert a.shape == (2, 2)",
        "reshape",
    ),
    "two views": (
        "r = first_row()\nb = whole()\nr[1] = 8\nassert b[0, 1] == 8",
        "first_row, whole",
    ),
}


def truth(body: str) -> int:
    """The points of the case in the notebook's own process."""
    names: dict[str, Any] = {}
    exec(NOTEBOOK, names)
    try:
        exec(body, names)
    except (AssertionError, KeyError):
        return 0
    return 1


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Question]:
    """All cases, each a question that is checked at the end."""
    folder = tmp_path_factory.mktemp("shared")
    tests = {
        name: exceptions(name, case(body, names)) for name, (body, names) in (CASES | LEFT).items()
    }
    made = bundle(folder / "bundle", tests)
    found = grade(open_bundle(made, folder), notebook(folder / "a.ipynb", [NOTEBOOK]), WARM)
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("name", CASES)
def test_it_is_as_in_one_process(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [bool(truth(CASES[name][0]))], (
        questions[name]
    )


@pytest.mark.parametrize("name", LEFT)
def test_it_is_left_to_a_teacher(name: str, questions: dict[str, Question]) -> None:
    assert [found.passed for found in questions[name].cases] == [None], questions[name]


def test_after_a_case_that_was_left_to_a_teacher_no_point_is_lost(tmp_path: Path) -> None:
    hidden = "@test_case(points=1, hidden=True)\ndef test_{}(later, grow):\n    {}\n"
    tests = hidden.format("a", "later.append(2)\n    grow()")
    tests += hidden.format("b", "grow()\n    assert later[-1] == 4")
    tests += hidden.format("c", "assert grow()[-1] == 4")
    made = open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", tests)}), tmp_path)
    check = "import otter\ngrader = otter.Notebook()\ngrader.check('q1')"
    cells = [NOTEBOOK, check, "later.append(50)"]
    (question,) = grade(made, notebook(tmp_path / "a.ipynb", cells), WARM).questions
    assert [case.passed for case in question.cases] == [None, None, True]


@pytest.mark.attacks
def test_a_notebook_that_delays_the_look_at_large_values_is_ended_in_it(tmp_path: Path) -> None:
    delaying = (
        "import sys, time\n"
        "def f(x):\n    return x\n"
        # Longer than the tests wait.
        "driver = sys.modules.get('autograder.student.shared')\n"
        "if driver:\n    driver.Shared.lost = lambda *_: time.sleep(20)\n"
    )
    tests = {
        name: exceptions(
            name, f"@test_case(points=1)\ndef {name}(f):\n    assert f(1) == {value}\n"
        )
        for name, value in {"q1": 2, "q2": 1}.items()
    }
    assignment = open_bundle(bundle(tmp_path / "held", tests), tmp_path / "opened")
    cells = ["import otter\ngrader = otter.Notebook()", delaying]
    cells += ["grader.check('q1')", "grader.check('q2')"]
    found = grade(assignment, notebook(tmp_path / "a.ipynb", cells), WARM)
    one, two = found.questions
    assert [item.passed for item in one.cases] == [None]
    # It still answers.
    assert [item.passed for item in two.cases] == [True], two
