"""What code means, and what of the package a piece of code reaches."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from course import fingerprint
from course.fingerprint import cell_meaning

CELL = '''\
import numpy as np


class Layer:
    """A layer."""

    def call(self, x, *, scale=1.5):
        """Scales."""
        return [f"{v:.{2}f}é🫨{v!r}" for v in x if v not in (None, -1, b"\\x00", ...)]


@np.vectorize
def f(a, /, b=(), *c, **d):
    with open("x") as file, open("y"):
        yield a if (n := len(b)) else lambda: n
    match a:
        case [1, *_]:
            return
    x: int = 0
    del x


f(1)
'''

# One line each, so that they can be put together in any order.
STATEMENTS = ("a = 1", "b = [1, 2]", "def f(x): return x", "print('a  b')", "a += 2; a", "'text'")


def test_the_meaning_is_the_same_in_every_python() -> None:
    # Outputs are committed with it: when this changes, so must the schema of the outputs.
    expected = "6b327e49835e81db9c6a6c99cd0cd5d524fb5a82ea38dbbd477043366adb13ee"
    assert cell_meaning(CELL) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('    """A layer."""\n\n', ""),
        ('"""Scales."""', '"""Scales the picture."""'),
        ("f(1)\n", "f(1)  # a comment\n"),
        ("f(1)\n", "\n\nf( 1 )\n\n\n"),
        ("import numpy as np\n", "import numpy as np  # the library\n\n\n\n"),
        ("1.5", "1.50"),
        ('"x"', "'x'"),
        ('open("x") as file, open("y")', 'open("x") as file, open(\n        "y"\n    )'),
    ],
)
def test_comments_docstrings_and_layout_mean_nothing(old: str, new: str) -> None:
    assert old in CELL
    assert cell_meaning(CELL.replace(old, new)) == cell_meaning(CELL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("f(1)", "f(1.0)"),
        ("f(1)", "f(True)"),
        ("f(1)", "f('1')"),
        ("f(1)\n", "f(1);\n"),
        ("-1", "1"),
        ("None", "0"),
        ("...", "None"),
        ('b"\\x00"', '"\\x00"'),
        ("b=()", "b=None"),
        ("b=()", "b"),
        ("(a, /, b", "(a, b"),
        ("scale=1.5", "scale"),
        (".{2}f", ".2f"),
        ("!r", "!s"),
        ("[f", "*[f"),
        ("@np.vectorize\n", ""),
        ("class Layer:", "class Layer(list):"),
        ("x: int = 0", "x = 0"),
        ("*_", "_"),
    ],
)
def test_every_change_of_code_means_something(old: str, new: str) -> None:
    assert old in CELL
    assert cell_meaning(CELL.replace(old, new, 1)) != cell_meaning(CELL)


def test_a_string_that_a_cell_shows_is_no_docstring() -> None:
    assert cell_meaning('"shown"') != cell_meaning('"other"')


def test_a_body_of_a_docstring_alone_means_nothing_else() -> None:
    assert cell_meaning('def f():\n    """Doc."""') == cell_meaning("def f():\n    pass")


@pytest.mark.parametrize("comment", ["", "  # quiet", "  # ends in ;", "\n\n# below"])
def test_a_semicolon_at_the_end_counts_whatever_stands_behind_it(comment: str) -> None:
    assert cell_meaning(f"f(1);{comment}") == cell_meaning("f(1);")
    assert cell_meaning(f"f(1){comment}") == cell_meaning("f(1)")


def test_a_cell_that_is_no_plain_python_counts_as_it_is_written() -> None:
    assert cell_meaning("%time f(1)") == cell_meaning("\n%time f(1)\n")
    assert cell_meaning("%time f(1)") != cell_meaning("%time f(2)")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATEMENTS),
            st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_comment_and_no_empty_line_changes_the_meaning(
    lines: list[tuple[str, str, int]],
) -> None:
    bare = "\n".join(statement for statement, _, _ in lines)
    dressed = "\n".join(f"{s}  # {text}" + "\n" * empty for s, text, empty in lines)
    assert cell_meaning(dressed) == cell_meaning(bare)


@given(st.lists(st.sampled_from(STATEMENTS), max_size=4), st.lists(st.sampled_from(STATEMENTS)))
def test_other_statements_mean_something_else(first: list[str], second: list[str]) -> None:
    assume(first != second)
    assert cell_meaning("\n".join(first)) != cell_meaning("\n".join(second))


@given(st.text(st.sampled_from("ab=()[]:;'\"#%!\\ \n\t\0é"), max_size=30))
@example("\0")
def test_any_text_has_a_meaning(text: str) -> None:
    assert len(cell_meaning(text)) == 64


@pytest.mark.parametrize(
    "path", sorted(Path(fingerprint.__file__).parent.glob("*.py")), ids=lambda p: p.name
)
def test_the_package_itself_means_the_same_without_its_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    bare = tokenize.untokenize(t for t in tokens if t.type != tokenize.COMMENT)
    assert fingerprint.meaning(ast.parse(bare)) == fingerprint.meaning(ast.parse(text))


PACKAGE = {
    "__init__.py": '"""The package."""\n',
    "plots.py": """\
import math as m
from functools import lru_cache

from course import style
from course.style import COLOURS as SHADES

LIMIT = 3
register(LIMIT)


def curves(x):
    return style.line(x, SHADES)


def pictures(x):
    return _grid(x) + m.floor(x)


def _grid(x):
    return x * LIMIT


class Figure:
    @lru_cache
    def show(self):
        from course import late

        return late.shown(self)
""",
    "style.py": "COLOURS = ('red',)\n\n\ndef line(x, c):\n    return x\n\n\ndef dot():\n    pass\n",
    "late.py": "def shown(x):\n    return x\n",
    "runs/__init__.py": """\
from . import store
from course.runs.table import row


def repeat():
    return store.keep(), row()
""",
    "runs/store.py": "def keep():\n    return 1\n",
    "runs/table.py": "def row():\n    return 2\n",
    "data/__init__.py": "def load():\n    from course.data import deep\n\n    return deep.read()\n",
    "data/deep.py": "def read():\n    return 1\n",
    "circle.py": "import course.square as square\n\n\ndef f():\n    return square.g()\n",
    "square.py": "import course.circle as circle\n\n\ndef g():\n    return circle.f()\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a package of the same name."""
    for name, text in PACKAGE.items():
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def reached(root: Path, code: str) -> dict[str, str]:
    return fingerprint.reached(fingerprint.uses(ast.parse(code), {}), root)


PICTURES = {"plots.pictures", "plots.pictures#1", "plots._grid", "plots._grid#1", "plots.m"}
PICTURES |= {"plots.m#1", "plots.LIMIT", "plots.LIMIT#1"}
CURVES = {"plots.curves", "plots.curves#1", "plots.SHADES", "style.line", "style.COLOURS"}
CURVES |= {"plots.LIMIT", "plots.LIMIT#1"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from course import plots\nplots.pictures(1)", PICTURES),
        ("from course import plots as p\np.pictures(1)", PICTURES),
        ("from course.plots import pictures\npictures(1)", PICTURES),
        ("from course.plots import pictures as p\nshow = p", PICTURES),
        ("import course.plots\ncourse.plots.pictures(1)", PICTURES),
        ("import course.plots as p\np.pictures.__doc__", PICTURES),
        ("def f():\n    from course import plots\n    plots.pictures(1)", PICTURES),
        ("from course import style\nstyle.dot()", {"style.dot"}),
        ("from course import style\nimport numpy\nnumpy.dot()", set()),
        ("from course.style import *", {"style.*", "style.*#1", "style.*#2"}),
        ("from course import style\nf(style)", {"style.*", "style.*#1", "style.*#2"}),
        ("from course import no_such_module\nno_such_module.f()", set()),
        ("import numpy as course\ncourse.plots.pictures()", set()),
    ],
)
def test_only_the_definitions_that_the_code_names_are_reached(
    root: Path, code: str, expected: set[str]
) -> None:
    assert reached(root, code).keys() == {f"course.{name}" for name in expected}


def test_what_a_definition_imports_where_it_is_called_is_reached(root: Path) -> None:
    assert "course.late.shown" in reached(root, "from course.plots import Figure\nFigure().show()")


def test_a_package_that_imports_its_own_modules_is_followed(root: Path) -> None:
    found = reached(root, "from course import runs\nruns.repeat()")
    # The store is known by the digest of what it holds; a function taken by its name is not.
    assert found.keys() == {"course.runs.repeat", "course.runs.table.row"}


def test_below_a_data_set_only_what_a_chapter_names_itself_counts(root: Path) -> None:
    assert reached(root, "from course import data\ndata.load()").keys() == {"course.data.load"}
    named = reached(root, "from course.data import deep\ndeep.read()")
    assert named.keys() == {"course.data.deep.read"}


def test_modules_that_import_each_other_end(root: Path) -> None:
    found = reached(root, "from course import circle\ncircle.f()")
    assert {"course.circle.f", "course.square.g"} <= found.keys()


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("plots.py", "x * LIMIT", "x + LIMIT", {"plots._grid"}),
        ("plots.py", "LIMIT = 3", "LIMIT = 4", {"plots.LIMIT"}),
        ("plots.py", "import math as m", "import cmath as m", {"plots.m"}),
        ("plots.py", "import math as m", "from other import math as m", {"plots.m"}),
        ("plots.py", "import math as m", "import math as m, os", set()),
        ("plots.py", "style.line(x, SHADES)", "None", set()),
        ("plots.py", "from course import style", "from course import late", set()),
        ("__init__.py", "The package", "Another docstring", set()),
    ],
)
def test_a_change_shows_in_the_definition_that_changed(
    root: Path, file: str, old: str, new: str, changed: set[str]
) -> None:
    code = "from course import plots\nplots.pictures(1)"
    before = reached(root, code)
    path = root / "course" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    after = reached(root, code)
    assert before.keys() == after.keys()
    assert {k for k in after if after[k] != before[k]} == {f"course.{name}" for name in changed}


def test_a_statement_that_binds_nothing_belongs_to_every_definition_of_its_module(
    root: Path,
) -> None:
    code = "from course import plots\nplots._grid(1)"
    before = reached(root, code)
    path = root / "course" / "plots.py"
    path.write_text(path.read_text().replace("register(LIMIT)", "register(LIMIT, LIMIT)"))
    assert reached(root, code) != before


def test_an_empty_text_that_python_adds_to_a_nested_format_means_nothing() -> None:
    plain = ast.parse('f"{x:{spec}}"')
    padded = ast.parse('f"{x:{spec}}"')
    for node in ast.walk(plain):
        if isinstance(node, ast.JoinedStr):
            node.values = [v for v in node.values if getattr(v, "value", None) != ""]
    for node in ast.walk(padded):
        if isinstance(node, ast.JoinedStr):
            node.values.append(ast.Constant(""))
    assert fingerprint.meaning(padded) == fingerprint.meaning(plain)
