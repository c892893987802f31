"""Uploads that began as one honest notebook, most of them still good enough to be run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.autograder.bundles import doctests, exceptions
from tests.autograder.intake.mutated import broken_inside, json_values, spoiled
from tests.autograder.intake.uploaded import cell, notebook, packed

TESTS = {
    "q1": exceptions(
        "q1",
        "@test_case(points=1)\ndef test_twice(double):\n    assert double(2) == 4\n",
        "@test_case(points=1, hidden=True)\ndef test_many(double, values):\n"
        "    assert [double(value) for value in values] == [2, 4, 6]\n",
    ),
    "q2": doctests(
        "q2",
        {"code": ">>> len(table)\n3\n>>> float(np.sum(table['age']))\n90.0\n"},
        {"code": ">>> word.upper()\n'OTTER'\n", "hidden": True},
        points=[1, 1],
    ),
}
LIMITS = """\
schema = 1
[limits]
seconds = 12
cell_seconds = 4
case_seconds = 3
memory_mb = 500
processes = 40
"""
HONEST = (
    "import otter\nimport numpy as np\nimport pandas as pd\ngrader = otter.Notebook()",
    "def double(x):\n    return 2 * x",
    "values = [1, 2, 3]",
    "grader.check('q1')",
    "table = pd.DataFrame({'name': ['Ada', 'Bo', 'Cy'], 'age': [40, 30, 20]})",
    "word = 'otter'\nprint(word)",
    "grader.check('q2')",
)
NAMES = ("double", "values", "table", "word", "np", "grader", "len", "print", "open", "list")
# What a name may hold in place of what was asked for.
ODD = (
    "None", "...", "float('nan')", "-0.0", "10 ** 400", "complex('nan')", "b'\\xff'", "'\\ud800'",
    "object()", "type", "int", "lambda *a, **k: 1 / 0", "lambda x: lambda: x", "range(10 ** 9)",
    "(n for n in range(3))", "iter([1])", "{}.keys()", "memoryview(b'1')", "[[]] * 1000",
    "{1: {2: {3: [4]}}}", "{(1, 2): {3}}", "__import__('os')", "__import__('sys').stdout",
    "open('/dev/null')", "np.zeros((0, 3))", "np.array([object()])", "np.float32(1)",
    "np.datetime64('NaT')", "np.ma.masked", "np.array(['a', 'bb'])", "pd.DataFrame()",
    "pd.Series([None, 'a'])", "pd.DataFrame({1: [object()]})", "pd.Timestamp('2024-01-01')",
    "pd.DataFrame([[1, 2]], columns=['a', 'a'])", "__import__('threading').Lock()",
    "ValueError('no')", "property()", "NotImplemented", "super", "exit", "input", "'x' * 100000",
    "__import__('decimal').Decimal('1.5')", "__import__('pathlib').Path('.')",
    "__import__('collections').Counter('aab')", "globals()", "print", "double", "[double, values]",
)  # fmt: skip
# Cells that a student may have by accident, or to see what happens.
CELLS = (
    "def (", "x = = 1", "    indented", "'open", "return 3", "await double", "%timeit -n1 -r1 1",
    "%matplotlib inline", "%no_such_magic", "!echo hello", "!exit 3", "%%bash\necho hi",
    "%%no_such\nx", "double?", "%reset -f", "%load_ext nothing", "%run nothing.py", "\0", "x = 1\0",
    "import sys\nsys.exit()", "exit()", "quit(3)", "raise SystemExit('no')", "raise",
    "raise KeyboardInterrupt", "raise BaseException", "1 / 0", "import os\nos._exit(0)",
    "import os\nos._exit(9)", "import os\nos.abort()", "import os\nos.kill(os.getpid(), 9)",
    "import os\nos.fork()", "import os\nos.closerange(3, 60)", "import os\nos.chdir('/')",
    "import os\nos.close(0); os.close(1); os.close(2)", "import sys\nsys.stdout = None",
    "import sys\nsys.stdout.close()", "import sys\nsys.setrecursionlimit(60)",
    "import sys\nsys.modules.clear()", "import sys\nsys.path.clear()",
    "def deep(n):\n    return deep(n + 1)\ndeep(0)", "double = lambda x: double(x)",
    "print('x' * 1000000)", "for n in range(20000): print(n)", "input('name? ')",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()",
    "import threading\nthreading.Thread(target=grader.check, args=('q1',)).start()",
    "import atexit\natexit.register(print, 1)", "import signal\nsignal.alarm(1)",
    "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)", "import gc\ngc.disable()",
    "del double", "del values, table, word", "globals().clear()", "del __builtins__",
    "import builtins\ndel builtins.len", "import builtins\nbuiltins.isinstance = None",
    "get_ipython().reset()", "get_ipython().run_cell('grader.check(\"q1\")')",
    "get_ipython().ask_exit()", "grader.check('q9')", "grader.check(3)", "grader.check_all()",
    "grader.check('q1', {'double': 3})", "grader.check('q1'); grader.check('q1')",
    "grader.export()", "del grader", "import otter\notter.Notebook = None",
    "import warnings\nwarnings.simplefilter('error')", "import numpy\nnumpy.ndarray = None",
    "import json\njson.dumps = None", "pd.DataFrame.__len__ = lambda self: 'three'",
    "values = []\nvalues.append(values)", "word = {}\nword['word'] = word",
    "class Odd:\n    def __getattr__(self, name):\n        raise RuntimeError(name)\nword = Odd()",
    "class Odd(dict):\n    def items(self):\n        return 3\ntable = Odd(age=[1])",
    "class Odd(str):\n    def upper(self):\n        return self\nword = Odd('otter')",
    "class Odd:\n    __class__ = int\n    __len__ = lambda self: -1\ntable = Odd()",
    "def double(x):\n    yield 2 * x", "async def double(x):\n    return 2 * x",
    "def double(x):\n    raise SystemExit", "def double(x):\n    import os; os._exit(1)",
    "def double(x, y):\n    return x", "def double(x):\n    return double", "double = 2 .__mul__",
    "def double(x):\n    print('\\ud800')\n    return 2 * x", "def double(x):\n    return input(x)",
    "def double(x):\n    grader.check('q1')\n    return 2 * x", "values = np.ones((2000, 500))",
    "def double(x):\n    del globals()['double']\n    return 2 * x", "word = 'é́\u202e𝕏\U0010ffff'",
    "πr² = 1", "ｄｏｕｂｌｅ = 3", "x = '\ufeff'", "\u2028", "\x1b[31m",
    "print('\x07\x1b]0;x\x07')",
)  # fmt: skip
assigned = st.builds("{} = {}".format, st.sampled_from(NAMES), st.sampled_from(ODD))
strange = st.sampled_from(CELLS) | assigned | st.text(max_size=40)
Cells = list[str]
HUGE = 300_000


@st.composite
def cut(draw: st.DrawFn, cells: Cells) -> Cells:
    """Only the beginning of one cell, or its end."""
    place = draw(st.integers(0, len(cells) - 1))
    source = cells[place]
    at = draw(st.integers(0, len(source)))
    kept = source[:at] if draw(st.booleans()) else source[at:]
    return [*cells[:place], kept, *cells[place + 1 :]]


@st.composite
def joined(draw: st.DrawFn, cells: Cells) -> Cells:
    """Two neighbours as one cell."""
    place = draw(st.integers(0, len(cells) - 1))
    between = draw(st.sampled_from(("\n", "", ";", "\r\n", "\f", "\n\n    ")))
    return [*cells[:place], between.join(cells[place : place + 2]), *cells[place + 2 :]]


@st.composite
def twice(draw: st.DrawFn, cells: Cells) -> Cells:
    """One cell once more somewhere."""
    copied = draw(st.sampled_from(cells))
    place = draw(st.integers(0, len(cells)))
    return [*cells[:place], copied, *cells[place:]]


@st.composite
def without(draw: st.DrawFn, cells: Cells) -> Cells:
    """One cell less."""
    place = draw(st.integers(0, len(cells) - 1))
    return [*cells[:place], *cells[place + 1 :]] or [""]


@st.composite
def inserted(draw: st.DrawFn, cells: Cells) -> Cells:
    """Something strange as a cell of its own."""
    place = draw(st.integers(0, len(cells)))
    return [*cells[:place], draw(strange), *cells[place:]]


@st.composite
def added(draw: st.DrawFn, cells: Cells) -> Cells:
    """Something strange at the end of a cell."""
    place = draw(st.integers(0, len(cells) - 1))
    return [*cells[:place], f"{cells[place]}\n{draw(strange)}", *cells[place + 1 :]]


@st.composite
def huge(draw: st.DrawFn, cells: Cells) -> Cells:
    """A very long cell."""
    name = draw(st.sampled_from(NAMES))
    return [*cells, draw(st.sampled_from((f"{name} = '{'a' * HUGE}'", "#" * HUGE, "1+" * 9000)))]


Mutation = Callable[[Cells], st.SearchStrategy[Cells]]
MUTATIONS: tuple[Mutation, ...] = (
    cut,
    joined,
    twice,
    without,
    inserted,
    inserted,
    inserted,
    added,
    added,
    st.permutations,
)


@st.composite
def sources(draw: st.DrawFn) -> Cells:
    """The honest cells after one to four mutations."""
    cells = list(HONEST)
    for _ in range(draw(st.integers(1, 4))):
        cells = draw(draw(st.sampled_from(MUTATIONS))(cells))
    return draw(huge(cells)) if draw(st.integers(0, 19)) == 7 else cells


outputs = st.lists(
    json_values
    | st.fixed_dictionaries(
        {"output_type": st.sampled_from(("stream", "display_data", "error", "x"))},
        optional={"text": json_values, "data": json_values, "name": json_values},
    ),
    max_size=3,
)
otters = st.fixed_dictionaries(
    {}, optional={"tests": json_values | st.just(["q1"]), "ignore": json_values}
)
metadata = st.fixed_dictionaries(
    {},
    optional={"tags": json_values | st.just(["otter_ignore"]), "otter": json_values | otters},
)


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    """A notebook that can be read, of mutated cells."""
    made: list[dict[str, Any]] = []
    for source in draw(sources()):
        odd: dict[str, Any] = {}
        if draw(st.integers(0, 5)) == 3:
            odd = {"metadata": draw(metadata), "outputs": draw(outputs)}
        if draw(st.integers(0, 9)) == 3:
            odd["execution_count"] = draw(json_values)
        if draw(st.integers(0, 29)) == 3:
            odd["cell_type"] = draw(st.sampled_from(("markdown", "raw")))
        lines = source.splitlines(keepends=True)
        made.append(cell(lines if draw(st.booleans()) else source, **odd))
    about = draw(st.just({}) | st.dictionaries(st.text(max_size=8), json_values, max_size=2))
    return notebook(*made, metadata=about)


names = st.sampled_from(
    ("hw.ipynb", "Übung 1 (2).ipynb", "a/hw.ipynb", "-rf.ipynb", "$(x).ipynb", "hw.IPYNB", "\u202e")
)
beside = st.dictionaries(
    st.sampled_from(
        ("data.csv", "numpy.py", "otter.py", ".OTTER_LOG", "hw2.ipynb", "in.zip", "tests/q1.py")
    ),
    st.binary(max_size=40),
    max_size=2,
)
archives = st.builds(
    lambda held, name, files: packed({**files, name: held}), notebooks(), names, beside
)
nested = archives.map(lambda inner: packed({"work.zip": inner}))
twins = notebooks().map(lambda held: packed({"a.ipynb": held, "b.ipynb": held}))
valid = notebooks()
# Twenty ways, each as likely as another; four hand in what is broken.
WAYS = (*[valid] * 12, *[archives] * 3, nested, twins, broken_inside(), *[spoiled(valid)] * 2)
uploads = st.integers(0, len(WAYS) - 1).flatmap(WAYS.__getitem__)


def honest() -> bytes:
    """The notebook that all began as."""
    return notebook(*(cell(source) for source in HONEST))


def text(upload: bytes) -> str:
    """An upload as a message about it shows it."""
    try:
        cells = json.loads(upload)["cells"]
        return "\n---\n".join("".join(item["source"])[:300] for item in cells)
    except (ValueError, KeyError, TypeError):
        return repr(upload[:300])
