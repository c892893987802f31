"""Assignments in the styles of Otter's documentation, each with answers of several kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.autograder.bundles import doctests, exceptions


@dataclass(frozen=True)
class Small:
    """An assignment and notebooks for it, by what they are."""

    tests: dict[str, str]
    notebooks: dict[str, list[str]]
    config: dict[str, Any] = field(default_factory=dict)


START = "import otter\ngrader = otter.Notebook()"

SQUARES = Small(
    tests={
        "q1": exceptions(
            "q1",
            "@test_case(points=1)\ndef test_small(square):\n    assert square(2) == 4\n",
            "@test_case(points=2, hidden=True, failure_message='Try a negative number.')\n"
            "def test_negative(square):\n    assert square(-3) == 9, 'of -3'\n",
        ),
        "q2": exceptions(
            "q2",
            "@test_case()\ndef test_env(env):\n    assert env['total'] == 14\n",
            "@test_case()\ndef test_type(total):\n    assert isinstance(total, int)\n",
            points=3,
        ),
    },
    notebooks={
        "right": [
            START,
            "def square(x):\n    return x * x",
            "grader.check('q1')",
            "total = sum(square(n) for n in range(4))",
            "grader.check('q2')",
            "grader.check_all()",
        ],
        "half": [START, "def square(x):\n    return 2 * x", "total = 14.0"],
        "raises": [START, "def square(x):\n    raise ValueError('no')", "total = 1 / 0"],
        "empty": [],
        "redefined later": [
            START,
            "def square(x):\n    return x * x",
            "total = 14",
            "grader.check('q1')",
            "grader.check('q2')",
            "def square(x):\n    return 0",
            "total = 0",
        ],
        "checked twice": [
            START,
            "total = 14\nsquare = lambda x: x ** 2",
            "grader.check('q2')",
            "total = 2",
            "grader.check('q2')",
        ],
    },
)

TABLES = Small(
    tests={
        "q1": doctests(
            "q1",
            {"code": ">>> len(table) == 3\nTrue\n"},
            {"code": ">>> list(table.columns)\n['name', 'age']\n", "hidden": True},
            points=[1, 2],
        ),
        "q2": doctests(
            "q2",
            {"code": ">>> np.isclose(mean, 30)\nnp.True_\n"},
            {"code": ">>> oldest\n'Ada'\n", "hidden": True, "failure_message": "Who is oldest?"},
            points=2,
            all_or_nothing=True,
        ),
    },
    notebooks={
        "right": [
            "import pandas as pd, numpy as np",
            "table = pd.DataFrame({'name': ['Ada', 'Bo', 'Cy'], 'age': [40, 30, 20]})",
            "mean = table['age'].mean()\noldest = table.sort_values('age')['name'].iloc[-1]",
        ],
        "half": [
            "import pandas as pd, numpy as np",
            "table = pd.DataFrame({'age': [40, 30, 20]})\nmean = 30\noldest = 'Bo'",
        ],
        "no numpy": ["mean = 30\noldest = 'Ada'"],
    },
)

PRINTING = Small(
    tests={
        "q1": doctests(
            "q1",
            {"code": ">>> greet('Ada')\nHello, Ada!\n"},
            {
                "code": ">>> greet('')\nHello, !\n>>> greet(3)\n"
                "Traceback (most recent call last):\n    ...\nTypeError: a name is text\n",
                "hidden": True,
            },
        ),
        "q2": exceptions(
            "q2",
            "@test_case(points=2)\ndef test_in_place(add_one):\n    numbers = [1, 2]\n"
            "    assert add_one(numbers) is None\n    assert numbers == [2, 3]\n",
            "@test_case(points=1, hidden=True)\ndef test_array(add_one):\n    import numpy as np\n"
            "    numbers = np.array([1.0, 5.0])\n    add_one(numbers)\n"
            "    assert numbers.tolist() == [2, 6]\n",
        ),
    },
    notebooks={
        "right": [
            "def greet(name):\n    if type(name) is not str:\n"
            "        raise TypeError('a name is text')\n    print(f'Hello, {name}!')",
            "def add_one(numbers):\n    for place in range(len(numbers)):\n"
            "        numbers[place] += 1",
        ],
        "returns": [
            "def greet(name):\n    return f'Hello, {name}!'",
            "def add_one(numbers):\n    return [n + 1 for n in numbers]",
        ],
        "exits": ["def greet(name):\n    print('Hello, Ada!')", "add_one = None"],
    },
)

SEEDED = Small(
    tests={
        "q1": exceptions(
            "q1",
            "@test_case(points=1)\ndef test_draw(draw):\n    import numpy as np\n"
            "    assert np.isclose(draw, np.random.RandomState(42).rand())\n",
            "@test_case(points=1, hidden=True)\ndef test_word(word):\n"
            "    assert word.upper() == 'OTTER'\n",
        )
    },
    notebooks={
        "right": ["import numpy as np", "draw = np.random.rand()", "word = 'otter'"],
        "own seed": ["import numpy as np\nnp.random.seed(1)\ndraw = np.random.rand()\nword = 1"],
    },
    config={"seed": 42},
)

CONTAINERS = Small(
    tests={
        "q1": exceptions(
            "q1",
            "@test_case(points=1)\ndef test_counts(counts):\n"
            "    assert counts == {'a': 2, 'b': 1}\n    assert counts['z'] == 0\n",
            "@test_case(points=1)\ndef test_nested(nested):\n"
            "    assert nested == [(1, {2}), {'x': [None, True]}]\n",
            "@test_case(points=1, hidden=True)\ndef test_missing(nowhere):\n"
            "    assert nowhere is None\n",
        ),
        "q2": exceptions(
            "q2",
            "@test_case()\ndef test_matrix(matrix):\n    import numpy as np\n"
            "    assert matrix.shape == (2, 2) and matrix.dtype == np.float32\n",
            "@test_case()\ndef test_product(matrix):\n    import numpy as np\n"
            "    np.testing.assert_allclose(matrix @ matrix, np.eye(2))\n",
            points=4,
            all_or_nothing=True,
        ),
    },
    notebooks={
        "right": [
            "from collections import Counter\nimport numpy as np",
            "counts = Counter('aab')\nnested = [(1, {2}), {'x': [None, True]}]",
            "matrix = np.array([[0, 1], [1, 0]], 'float32')",
        ],
        "half": [
            "import numpy as np\ncounts = {'a': 2, 'b': 1}\nnested = [(1, {2}), {'x': [None, 1]}]",
            "matrix = np.array([[0, 1], [1, 1]], 'float32')\nnowhere = 3",
        ],
    },
)

ALL = {
    "squares": SQUARES,
    "tables": TABLES,
    "printing": PRINTING,
    "seeded": SEEDED,
    "containers": CONTAINERS,
}
