"""What an assignment is called, and which of Otter's settings are followed."""

from pathlib import Path
from typing import Any

import pytest
from bundles import bundle, exceptions

from autograder.assignment import open_bundle
from autograder.errors import BundleError
from autograder.records import Scale

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


def test_points_of_the_whole_are_read(tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, points_possible=100, score_threshold=0.5)
    assert open_bundle(made, tmp_path).scale == Scale(100, 0.5)
    assert open_bundle(bundle(tmp_path / "b", TESTS), tmp_path).scale is None


@pytest.mark.parametrize("value", ["100", True, [1], float("nan")])
def test_points_of_the_whole_that_are_no_number_are_refused(value: Any, tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, points_possible=value)
    with pytest.raises(BundleError, match=r"points_possible in otter_config\.json is no number"):
        open_bundle(made, tmp_path)


def test_settings_that_are_not_followed_are_named(tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, grade_from_log=True, plugins=["p"], debug=False)
    said = open_bundle(made, tmp_path).unfollowed
    assert "grade_from_log" in said
    assert "plugins" in said
    assert "debug" not in said
    plain = bundle(tmp_path / "b", TESTS, grade_from_log=False, plugins=[])
    assert open_bundle(plain, tmp_path).unfollowed == ""
