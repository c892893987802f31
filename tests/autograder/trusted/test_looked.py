"""Which attributes tests look at."""

from __future__ import annotations

import pytest

from autograder.trusted.looked import attributes


@pytest.mark.parametrize(
    ("source", "everywhere", "caught"),
    [
        ("try:\n    f()\nexcept E as error:\n    assert error.name", {"name"}, {"name"}),
        ("try:\n    f()\nexcept E as error:\n    assert thing.name", {"name"}, set()),
        ("assert info.value.start == 2", {"value", "start"}, {"start"}),
        ("assert getattr(cm.exception, 'path') == 2", {"exception", "path"}, {"path"}),
        ("assert hasattr(thing, 'path')", {"path"}, set()),
        ("no Python", set(), set()),
    ],
)
def test_it_is_seen(source: str, everywhere: set[str], caught: set[str]) -> None:
    found = attributes([source])
    assert (set(found[0] - {""}), set(found[1])) == (everywhere, caught)
