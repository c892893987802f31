"""Which attributes tests look at, and where they give a name to numbers of a table."""

from __future__ import annotations

import pytest

from autograder.trusted.looked import attributes, keeps_numbers


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


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("ages = table['age'].values\nolder(table)", True),
        ("ages = table.array\nfound = older(table)", True),
        ("first, ages = 1, table.to_numpy()\nolder(table)", True),
        ("ages: object = np.asarray(table)\nolder(table)", True),
        ("assert (ages := table.values)[0]\nolder(table)", True),
        ("older(table)\nages = table.values", False),
        ("ages = table.values\nassert older(ages) == 3", False),
        ("ages = table['age']\nolder(table)", False),
        ("ages = table.values.sum()\nolder(table)", False),
        ("ages: list\nolder(table)", False),
        ("no Python", False),
    ],
)
def test_numbers_of_a_table_are_given_a_name(source: str, kept: bool) -> None:
    assert keeps_numbers([source]) is kept
