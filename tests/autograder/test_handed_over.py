"""What a library makes of an object of a derived class, or a thread, is left to a teacher."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from tests.autograder.bundles import WARM, bundle, doctests, exceptions, notebook
from tests.autograder.test_carrying import case

SOURCE = """
import datetime, json, zoneinfo
from collections import namedtuple
from enum import IntEnum
import numpy as np
import pandas as pd
class Name(str):
    pass
class Number(int):
    def half(self):
        return int(self) // 2
class Stack(list):
    def total(self):
        return sum(self)
class Box:
    def __init__(self):
        self.inner = Card(1, 'x')
    def __getitem__(self, key):
        return self.inner
    def draw(self):
        return self.inner
    def fails(self):
        return None + 1
class Level(IntEnum):
    LOW = 1
class Deck:
    def pop(self):
        return 1
deck, levels = Deck(), [Level.LOW, Level.LOW]
Card, One = namedtuple('Card', 'rank suit'), namedtuple('One', 'x')
zone = zoneinfo.ZoneInfo('Europe/Berlin')
when = datetime.datetime(2020, 1, 2, tzinfo=zone)
word, number, stack, box, low = Name('a'), Number(5), Stack([1, 2]), Box(), Level.LOW
card, one, cards = Card(1, 'x'), One(5), [Card(1, 'x'), Card(2, 'y')]
words = np.array([Name('a'), Name('b')], dtype=object)
dates = pd.Series([when, when], dtype=object)
values, total, plain = np.arange(3.0), 5.0, [1, 2]
def get():
    return Card(1, 'x')
def deal():
    return [Card(1, 'x'), Card(2, 'y')]
def fill(items):
    items.append(Card(1, 'x'))
def area(one):
    return one.rank * 1.5
def describe(one):
    return [one.rank, one.suit]
def same(value):
    return value
def turned(one, angle):
    return one.rank
def wrong():
    raise ValueError('no')
"""
JSON = "import json\n"
DUMPS = "assert json.dumps({}, default=str) == '[1, \"x\"]'"
PANDAS = "import pandas as pd\n"
# Parameters and body of a test that fails here, and perhaps not in the notebook's own process.
SILENT = {
    "a list": ("card", JSON + DUMPS.format("[card][:1]")),
    "in a list": ("cards", JSON + DUMPS.format("cards")),
    "of env": ("env", JSON + DUMPS.format("[env['card']]")),
    "an answer": ("get", JSON + DUMPS.format("[get()]")),
    "a name": ("get", JSON + "mine = [get()]\n" + DUMPS.format("mine")),
    "an item": ("deal", JSON + "mine = deal()[0]\n" + DUMPS.format("(mine,)")),
    "a dictionary": ("card", JSON + "mine = {}\nmine['a'] = card\n" + DUMPS.format("mine")),
    "a loop": ("cards", JSON + "for one in cards:\n    " + DUMPS.format("[one]")),
    "a loop over pairs": (
        "cards",
        JSON + "for place, one in enumerate(cards):\n    " + DUMPS.format("[one]"),
    ),
    "a comprehension": (
        "cards",
        JSON + "assert [json.dumps([one], default=str) for one in cards][0] == ''",
    ),
    "appended": ("get", JSON + "mine = []\nmine.append(get())\n" + DUMPS.format("mine")),
    "filled": ("fill", JSON + "mine = []\nfill(mine)\n" + DUMPS.format("mine")),
    "filled elsewhere": ("fill, plain", JSON + "fill(plain)\n" + DUMPS.format("plain")),
    "an attribute": ("box", JSON + DUMPS.format("[box.inner]")),
    "an answer of an object": ("box", JSON + DUMPS.format("[box.draw()]")),
    "an item of an object": ("box", JSON + DUMPS.format("[box[0]]")),
    "a parameter": (
        "get",
        JSON + "def text(make):\n    return json.dumps([make()], default=str)\n"
        "assert text(get) == ''",
    ),
    "another name": ("get", JSON + "make = get\n" + DUMPS.format("[make()]")),
    "a class": ("Card", JSON + DUMPS.format("[Card(1, 'x')]")),
    "a member": ("Level", PANDAS + "assert pd.api.types.is_integer(Level.LOW)"),
    "through env": ("env", JSON + DUMPS.format("[env['get']()]")),
    "a function of a test's": (
        "card",
        JSON + "def text(one):\n    return json.dumps([one], default=str)\nassert text(card) == ''",
    ),
    "what one returns": (
        "get",
        JSON + "def make():\n    return [get()]\n" + DUMPS.format("make()"),
    ),
    "a lambda": (
        "cards",
        JSON + "key = lambda one: json.dumps([one], default=str)\nassert key(cards[0]) == ''",
    ),
    "a key": (
        "cards",
        JSON + "assert sorted(cards, key=lambda one: json.dumps([one], default=str)) == []",
    ),
    "an encoder": (
        "card",
        JSON + "encoder = json.JSONEncoder(default=str)\nassert encoder.encode([card]) == ''",
    ),
    "mapped": (
        "cards",
        "from functools import partial\nfrom json import dumps\n"
        "text = partial(dumps, default=str)\nassert list(map(text, [cards])) == ['']",
    ),
    "a method of a list": (
        "deck, levels",
        PANDAS + "deck.pop()\ntop = levels.pop()\nassert pd.api.types.is_integer(top)",
    ),
    "a number": ("number", PANDAS + "assert pd.api.types.is_integer(number)"),
    "a text": ("word", "from pandas.api.types import is_scalar\nassert is_scalar(word)"),
    "a level": ("low", PANDAS + "assert pd.api.types.is_integer(low)"),
    "an alias": ("word, pd", "assert pd.api.types.is_scalar(word)"),
    "a time in a zone": (
        "dates",
        PANDAS + "assert pd.to_datetime(dates, errors='coerce').dt.year[0] == 2020",
    ),
    "a table of writers": (
        "word",
        "import csv, io\nout = io.StringIO()\nwriter = csv.writer(out, quoting=2)\n"
        "writer.writerow([word])\nassert out.getvalue().startswith('\"a')",
    ),
    "an array": ("words", "assert words.astype(str).dtype.kind == 'U'"),
    "a part of an array": ("words", "assert words[:1].astype('U1')[0] == 'a'"),
    "filled into a text": ("one", "assert '%s' % one == '5'"),
    "filled in by a pattern": ("one", "pattern = '%s'\npattern %= one\nassert pattern == '5'"),
    "an operator": ("one", "import operator\nassert operator.mod('%s', one) == '5'"),
}
# The same of tests that hand nothing over: they fail there too.
HONEST = {
    "an attribute": ("card", "import numpy as np\nassert np.isclose(card.rank, 3)"),
    "an item": ("get", "import numpy as np\nmine = get()\nassert np.isclose(mine[0], 3)"),
    "of a list": ("cards", "import numpy as np\nassert np.isclose(cards[0].rank, 3)"),
    "all": ("deal", "import numpy as np\nassert np.allclose([one.rank for one in deal()], 3)"),
    "a computed number": ("card, area", "import numpy as np\nassert np.isclose(area(card), 3)"),
    "of a made one": (
        "Card, area",
        "import numpy as np\none = Card(1, 'x')\nassert np.isclose(area(one), 3)",
    ),
    "a method": ("stack", "import numpy as np\nassert np.isclose(stack.total(), 5)"),
    "what is computed": ("card, describe", JSON + "assert json.dumps(describe(card)) == ''"),
    "beside it": ("card, total", "import numpy as np\nassert np.isclose(total, card.rank)"),
    "methods": ("number", "assert number.half() == 3"),
    "builtins": ("stack, word", "assert len(stack) == 2 and str(word) == 'b'"),
    "an error": ("card, wrong", "import pytest\nwith pytest.raises(KeyError):\n    wrong()"),
    "not reached": ("cards", JSON + "assert len(cards) == 3\n" + DUMPS.format("cards")),
    "not called": (
        "card, total, area, pd",
        "assert card.rank == 2\nassert pd.isna(area(card))",
    ),
    "quiet": ("cards", "import random\nassert random.choice(cards).rank == 3"),
    "a callback": (
        "cards",
        "import operator\nassert max(cards, key=operator.attrgetter('rank')).rank == 3",
    ),
    "a constant": ("card, same, np", "assert same(card.rank) == np.pi"),
    "given with one": ("card, turned, np", "assert turned(card, np.pi) == 3"),
    "a missing function": ("card, missing, np", "assert missing(card, np.pi) == 3"),
    "a missing answer": ("get, missing, np", "get()\nassert np.isclose(missing(), 3)"),
    "a list of an array": ("words", "assert words.tolist()[0].upper() == 'B'"),
    "an item of an array": ("words", "assert words[0].upper() == 'B'"),
    "filled with numbers": ("card", "assert '%d' % card.rank == '3'"),
    "filled with a text": ("word", "assert '%s' % word == 'b'"),
    "no object": ("plain", JSON + "assert json.dumps(plain) == ''"),
}
# What modules that are taken to be quiet do: they ask, which is refused, or it comes out as there.
QUIET = {
    "bisect": ("number", "assert bisect.bisect([1, 9], number) == 1"),
    "cmath": ("number", "assert cmath.isclose(number, 5)"),
    "collections": ("word", "assert collections.Counter(word)['a'] == 1"),
    "copy": ("stack", "assert len(copy.copy(stack)) == 2"),
    "datetime": ("number", "assert datetime.date(2020, 1, number).day == 5"),
    "decimal": ("number", "assert decimal.Decimal(number) == 5"),
    "fractions": ("number", "assert fractions.Fraction(number, 2) == fractions.Fraction(5, 2)"),
    "functools": ("stack", "assert functools.reduce(int.__add__, stack) == 3"),
    "heapq": ("stack", "assert heapq.nlargest(1, stack) == [2]"),
    "itertools": ("stack", "assert list(itertools.chain(stack, stack)) == [1, 2, 1, 2]"),
    "math": ("number", "assert math.isclose(number, 5)"),
    "pytest": ("number", "assert [number] == pytest.approx([5])"),
    "random": ("number", "assert random.randint(number, number) == 5"),
    "re": ("word", "assert re.sub('a', word, 'a') == 'a'"),
    "statistics": ("number", "assert statistics.pstdev([number, 7]) == 1"),
    "time": ("number", "assert time.gmtime(number).tm_year == 1970"),
    "unittest": ("card", "unittest.TestCase().assertEqual(card, (1, 'x'))"),
}
POOL = "from concurrent.futures import ThreadPoolExecutor as Pool\nwith Pool(1) as pool:\n    {}\n"
THREADS: dict[str, tuple[str, str, bool | None]] = {
    "never asked": (
        "word",
        POOL.format("found = pool.submit(ord, word)") + "assert found.exception() is None",
        None,
    ),
    "by a function": (
        "word",
        "done = []\n"
        + POOL.format("pool.submit(lambda: done.append(ord(word)))")
        + "assert done == [97]",
        None,
    ),
    "passed": (
        "word",
        "done = []\n"
        + POOL.format("pool.submit(lambda: done.append(ord(word)))")
        + "assert done == []",
        None,
    ),
    "a thread": (
        "word",
        "import threading\nthreading.excepthook = lambda *_: None\n"
        "one = threading.Thread(target=ord, args=(word,))\none.start()\none.join()\nassert False",
        None,
    ),
    "an error of the notebook's": (
        "box",
        POOL.format("found = pool.submit(box.fails)") + "assert found.exception() is None",
        False,
    ),
    "of a copy": (
        "box, plain",
        POOL.format("found = pool.submit(','.join, plain)") + "assert found.exception() is None",
        False,
    ),
    "no error": (
        "card",
        POOL.format("found = pool.submit(lambda: card.rank)") + "assert found.result() == 2",
        False,
    ),
    "a passed one": (
        "card",
        POOL.format("found = pool.submit(lambda: card.rank)") + "assert found.result() == 1",
        True,
    ),
}
CASES: dict[str, tuple[str, str, bool | None]] = {
    **{f"silent {name}": (*asked, None) for name, asked in SILENT.items()},
    **{f"honest {name}": (*asked, False) for name, asked in HONEST.items()},
    **{f"thread {name}": asked for name, asked in THREADS.items()},
}
KEPT = """
import json
KEPT = []
@test_case(points=1)
def test_first(get):
    KEPT.append(get())
@test_case(points=1)
def test_second(same):
    assert json.dumps(KEPT, default=str) == '[[1, "x"]]'
"""
EXAMPLES: list[tuple[str, bool | None]] = [
    (">>> mine = get()", True),
    (">>> json.dumps([mine], default=str)\n'[[1, \"x\"]]'", None),
    (">>> '%s' % one\n'5'", None),
    (">>> json.dumps(describe(card))\n'[]'", False),
    (">>> card.rank\n3", False),
    (">>> json.dumps(missing(card))\n''", False),
    (">>> make = get\n>>> json.dumps([make()], default=str)\n''", None),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[bool | None, str]]]:
    work: Path = tmp_path_factory.mktemp("handed")
    tests = {name: exceptions(name, case(body, given)) for name, (given, body, _) in CASES.items()}
    tests |= {
        f"quiet {name}": exceptions(f"quiet {name}", case(f"import {name}\n{body}", given))
        for name, (given, body) in QUIET.items()
    }
    tests["kept"] = exceptions("kept", KEPT)
    tests["doctests"] = doctests(
        "doctests", *({"code": code} for code, _ in EXAMPLES), points=len(EXAMPLES)
    )
    opened = open_bundle(bundle(work / "bundle", tests), work / "opened")
    graded = grade(opened, notebook(work / "answers.ipynb", [SOURCE]), WARM)
    return {
        question.name: [(one.passed, one.detail) for one in question.cases]
        for question in graded.questions
    }


@pytest.mark.parametrize("name", CASES)
def test_a_failed_case_that_hands_an_object_over_is_left_to_a_teacher(
    name: str, found: dict[str, list[tuple[bool | None, str]]]
) -> None:
    ((passed, detail),) = found[name]
    assert passed is CASES[name][2], detail


@pytest.mark.parametrize("name", QUIET)
def test_a_quiet_module_takes_no_other_way_in_silence(
    name: str, found: dict[str, list[tuple[bool | None, str]]]
) -> None:
    ((passed, detail),) = found[f"quiet {name}"]
    assert passed is not False, detail


def test_an_object_of_an_earlier_case(
    found: dict[str, list[tuple[bool | None, str]]],
) -> None:
    assert [passed for passed, _ in found["kept"]] == [True, None]


def test_doctests(found: dict[str, list[tuple[bool | None, str]]]) -> None:
    assert [passed for passed, _ in found["doctests"]] == [passed for _, passed in EXAMPLES]
