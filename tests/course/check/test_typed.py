"""Code as a reader types it from the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.check import typed

ROOT = Path(__file__).parents[3]
PAGE = """\
---
kernelspec: {{name: python3}}
---

# One

```{{code-cell}} python
:tags: [{tag}]
floor = 2
import math as m
def half(x): return x / 2
```

```{{code-cell}} python
{code}
```

```{{code-cell}} python
print(floor)
```
"""


@pytest.mark.parametrize(
    ("tag", "code", "lines"),
    [
        ("remove-input", "1 + floor", [15, 19]),
        ("remove-cell", "m.pi + half(1)", [15, 19]),
        # Set anew where readers see it.
        ("remove-input", "floor = 3", []),
        ("hide-input", "1 + floor", []),
        ("remove-input", "%matplotlib inline", [19]),
    ],
)
def test_what_only_a_removed_cell_sets_is_missed(
    tag: str, code: str, lines: list[int], tmp_path: Path
) -> None:
    (tmp_path / "01-one.md").write_text(PAGE.format(tag=tag, code=code))
    (tmp_path / "02-no-notebook.md").write_text("```{code-cell} python\n1\n```\n")
    found = list(typed.check(tmp_path))
    assert [finding.line for finding in found] == lines
    assert all("set in a cell that the page does not show" in found.message for found in found)


def test_the_course_can_be_typed() -> None:
    assert list(typed.check(ROOT / "book")) == []
