"""What a notebook prints here is what it prints in a kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Question
from autograder.settings import MODES, Settings
from autograder.trusted.doubts import printed
from autograder.values import printing
from tests.autograder.bundles import bundle, doctests, exceptions, notebook

COLUMNS = [f"a_column_with_a_long_name_{number}" for number in range(7)]
with pd.option_context("display.max_columns", 20):
    WIDE = repr(pd.DataFrame([range(7)], columns=COLUMNS)).replace("\n\n", "\n<BLANKLINE>\n")
SHOUTED = """
@test_case(points=1)
def test_it(shout):
    import contextlib, io
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        shout('a')
    assert out.getvalue() == 'A\\n'
"""
TESTS = {
    "wide": doctests("wide", {"code": f">>> wide\n{WIDE}\n"}),
    "printed": doctests("printed", {"code": f">>> show(wide)\n{WIDE}\n"}),
    "late": doctests("late", {"code": f">>> show(wide)\n{WIDE}\n", "hidden": True}),
    "displayed": exceptions("displayed", SHOUTED),
    "cleared": doctests("cleared", {"code": ">>> count_down(2)\nlift off\n"}),
    "plotted": doctests("plotted", {"code": ">>> plot([1, 2])\n2\n"}),
    "shell": doctests("shell", {"code": ">>> in_a_kernel()\n(True, True)\n"}),
}
CELLS = [
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\n%matplotlib inline",
    "from IPython.display import Markdown, clear_output, display",
    f"wide = pd.DataFrame([range(7)], columns={COLUMNS})\ndef show(table):\n    print(table)",
    "def shout(text):\n    display(Markdown('**result**'))\n    print(text.upper())",
    "def count_down(n):\n    for i in range(n):\n        clear_output(wait=True)\n"
    "    print('lift off')",
    "def plot(values):\n    plt.plot(values)\n    plt.show()\n    return len(values)",
    "import builtins\ndef in_a_kernel():\n    shell = builtins.get_ipython()\n"
    "    return hasattr(shell, 'kernel'), 'zmq' in str(type(shell)).lower()",
    "import otter\notter.Notebook().check('wide')",
]


def graded(folder: Path, tests: dict[str, str], cells: list[str], mode: str) -> dict[str, Question]:
    """Its questions by their names."""
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    found = grade(opened, notebook(folder / "a.ipynb", cells), Settings(mode=mode))
    assert found.provenance["mode"] == mode
    return {question.name: question for question in found.questions}


@pytest.mark.parametrize("mode", MODES)
def test_it_prints_as_in_a_kernel(mode: str, tmp_path: Path) -> None:
    questions = graded(tmp_path, TESTS, CELLS, mode)
    assert {name: found.score for name, found in questions.items()} == dict.fromkeys(TESTS, 1.0)


def test_settings_of_a_notebooks_own_lead_to_a_teacher(tmp_path: Path) -> None:
    array, table = "array([0.33, 0.67])", "      h\n0  1.23\n1  4.57"
    tests = {
        "array": doctests("array", {"code": f">>> thirds\n{array}\n"}),
        "table": doctests("table", {"code": f">>> heights\n{table}\n"}),
        "hidden": doctests("hidden", {"code": f">>> thirds\n{array}\n", "hidden": True}),
        "shown": doctests("shown", {"code": f">>> show(thirds)\n{array}\n"}),
        "number": doctests("number", {"code": ">>> len(thirds)\n3\n"}),
        "missing": doctests("missing", {"code": ">>> nothing\narray([1])\n"}),
        "true": doctests("true", {"code": ">>> thirds.shape == (3,)\nTrue\n"}),
        "asserted": exceptions(
            "asserted", "@test_case(points=1)\ndef t(thirds):\n    assert str(thirds) == ''\n"
        ),
        "before": doctests("before", {"code": f">>> thirds\n{array}\n"}),
    }
    cells = [
        "import numpy as np\nimport pandas as pd\nimport otter\ngrader = otter.Notebook()",
        "thirds = np.array([1 / 3, 2 / 3])\nheights = pd.DataFrame({'h': [1.234, 4.567]})",
        "grader.check('before')",
        "np.set_printoptions(precision=2)\npd.set_option('display.precision', 2)",
        "def show(values):\n    print(repr(values))",
    ]
    questions = graded(tmp_path, tests, cells, "cold")
    passed = {name: found.cases[0].passed for name, found in questions.items()}
    left = dict.fromkeys(["array", "table", "hidden"], None)
    wrong = dict.fromkeys(["number", "missing", "true", "asserted", "before"], False)
    assert passed == left | wrong | {"shown": True}
    for name in ("array", "table"):
        assert "numpy: precision, pandas: display.precision" in questions[name].reason
    assert "precision" not in questions["hidden"].reason


def test_which_settings_differ_from_their_defaults() -> None:
    assert [name for name in printing.changed() if name != "pandas: display.max_columns"] == []
    with np.printoptions(precision=3, legacy="1.25"), pd.option_context("display.precision", 2):
        found = set(printing.changed()) - {"pandas: display.max_columns"}
        assert found >= {"numpy: precision", "numpy: legacy", "pandas: display.precision"}
        assert printing.told(sorted(found)) == sorted(found)


@pytest.mark.parametrize(
    "names", [None, 3, "numpy: precision", {"a": 1}, [3, None, ["numpy: precision"]], ["<b>: x"]]
)
def test_what_is_no_name_of_a_setting_is_dropped(names: Any) -> None:
    assert printing.told(names) == []


def test_a_message_holds_no_more_settings_than_there_are() -> None:
    many = json.loads(json.dumps(["numpy: precision"] * 10_000))
    assert len(printing.told(many)) == printing.MOST


@pytest.mark.parametrize(
    ("got", "depends"),
    [
        ("    array([1])", True),
        ("    np.float64(0.5)", True),
        ("       h\n    0  1", True),
        ("    0.25", False),
        ("    'c81e'", False),
    ],
)
def test_what_depends_on_settings_for_printing(got: str, depends: bool) -> None:
    assert printed(f"Expected:\n    [1]\nGot:\n{got}\n") is depends
