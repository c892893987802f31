"""Copied code is found, what everybody has is not, and nothing of it becomes markup."""

import json
import sys
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.similar import code, rank, write

ORIGINAL = '''\
import numpy as np

def mean_of_rows(table):
    """Means."""
    total = []
    for row in table:
        total.append(sum(row) / len(row))
    return np.array(total)

print(mean_of_rows([[1, 2], [3, 4]]))
'''
RENAMED = ORIGINAL.replace("total", "acc").replace("row", "line").replace("Means", "Mittelwerte")
OTHER = """\
squares = [number ** 2 for number in range(10)]
while squares and squares[-1] > 20:
    squares.pop()
print(sorted(squares, reverse=True)[0], "done", {"a": 1, "b": len(squares)})
"""


def test_a_copy_with_other_names_and_comments_is_found_and_an_own_answer_is_not() -> None:
    pairs = rank({"a": ORIGINAL, "b": f"# mine\n{RENAMED}", "c": OTHER})
    assert [(pair.first, pair.second) for pair in pairs] == [("a", "b")]
    assert pairs[0].share > 0.9


def test_who_copies_a_part_and_writes_much_else_is_found() -> None:
    more = "\n".join(f"v{n} = [w{n} + {n}, {{'k{n}': {n}}}]\nprint(v{n} * {n})" for n in range(60))
    (pair,) = rank({"a": ORIGINAL, "b": f"{more}\n{ORIGINAL}"})
    assert pair.shares[0] > 0.9 > 0.5 > pair.shares[1]


def test_the_greatest_share_comes_first_and_the_order_is_always_the_same() -> None:
    codes = {"a": ORIGINAL, "b": f"{OTHER}\n{ORIGINAL}", "c": RENAMED, "d": f"{ORIGINAL}x = 3"}
    pairs = rank(codes)
    assert [pair.share for pair in pairs] == sorted((pair.share for pair in pairs), reverse=True)
    assert rank(dict(reversed(codes.items()))) == pairs


def test_code_that_everybody_was_given_does_not_count() -> None:
    first, second = f"{ORIGINAL}\n{OTHER}", f"{ORIGINAL}\nprint('no answer')\n"
    assert rank({"a": first, "b": second}, least=0.1)
    assert not rank({"a": first, "b": second}, [ORIGINAL], least=0.1)


def test_the_shared_lines_are_marked() -> None:
    (pair,) = rank({"a": f"{OTHER}{ORIGINAL}", "b": ORIGINAL})
    begin = OTHER.count("\n")
    assert begin + 5 in pair.lines[0]
    assert not set(range(begin - 1)) & pair.lines[0]


@pytest.mark.parametrize(
    "text", ["", "x", "\n" * 50, "é" * 30, "'" * 99, "def (", "\x00\u202e" * 40]
)
def test_any_text_can_be_compared(text: str) -> None:
    assert rank({"a": text, "b": ORIGINAL, "c": text}, [text]) == []


def test_the_code_of_a_notebook_is_its_code_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# Title"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "x = 1\n"]},
        {"cell_type": "code", "source": "!ls\ny = 2"},
        {"cell_type": "code"},
    ]
    found = code(json.dumps({"cells": cells}).encode())
    assert "Title" not in found
    assert "# %matplotlib inline\nx = 1" in found
    assert "# !ls\ny = 2" in found


def test_the_pages_show_both_sides_and_say_what_they_are_not(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    codes = {evil: f"{ORIGINAL}# {evil}", "b": ORIGINAL}
    pairs = rank(codes)
    path = write(tmp_path, pairs, codes, len(codes))
    for page in (path, tmp_path / "pairs" / "001.html"):
        text = page.read_text(encoding="utf-8")
        assert "A hint, never a verdict." in text
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    assert 'href="pairs/001.html"' in path.read_text()
    assert 'class="shared"' in (tmp_path / "pairs" / "001.html").read_text()


def test_a_class_without_copies_gets_a_page_too(tmp_path: Path) -> None:
    assert "No two share" in write(tmp_path, [], {}, 3).read_text()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(GraderError, match="pip install"):
        rank({"a": ORIGINAL, "b": ORIGINAL})
