"""What an assignment is called."""

from pathlib import Path
from typing import Any

import pytest
from bundles import bundle, exceptions

from autograder.assignment import open_bundle

TESTS = {"q1": exceptions("q1", "@test_case()\ndef t(x):\n    assert x\n")}


@pytest.mark.parametrize(
    ("exercise", "config", "title"),
    [
        ('title = "Fit a curve"', {"assignment_name": "e1"}, "Fit a curve"),
        ("", {"assignment_name": "Homework 1"}, "Homework 1"),
        ('title = ""', {"assignment_name": None}, "hw-autograder_2026_01_02"),
        ("", {}, "hw-autograder_2026_01_02"),
    ],
)
def test_the_title_is_what_the_author_gave_it(
    exercise: str, config: dict[str, Any], title: str, tmp_path: Path
) -> None:
    made = bundle(tmp_path / "hw-autograder_2026_01_02", TESTS, {}, exercise, **config)
    assert open_bundle(made, tmp_path).name == title
