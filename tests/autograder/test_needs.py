"""What a test file looks at is read from its text."""

from __future__ import annotations

import ast

import pytest

from autograder.needs import needed, ok_style
from tests.autograder.bundles import doctests, exceptions


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("def t(x, y): pass", ("x", "y")),
        ("def t(env): assert env['a'] == env.get('b', 3)", ("a", "b")),
        ("def t(env, z): assert 'a' in env", ("a", "z")),
        ("def t(env): look(env)", None),
        ("def t(env):\n    for name in env: pass", None),
        ("def t(env): return env[name]", None),
        ("def t(): pass", ()),
    ],
)
def test_names_of_functions(body: str, names: tuple[str, ...] | None) -> None:
    tree = ast.parse(exceptions("q1", f"@test_case()\n{body}\n", "def helper(a): pass"))
    assert not ok_style(tree)
    assert needed(tree) == names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (">>> len(table)\n3\n", ("table",)),
        (">>> np.isclose(a.mean(), 3)\nTrue\n>>> b\n1\n", ("a", "b", "np")),
        (">>> eval('x')\n1\n", None),
        (">>> %time f()\n>>> g()\n", ("g",)),
    ],
)
def test_names_of_doctests(code: str, names: tuple[str, ...] | None) -> None:
    tree = ast.parse(doctests("q1", {"code": code}))
    assert ok_style(tree)
    assert needed(tree) == names
