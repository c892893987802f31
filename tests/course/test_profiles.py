"""Profiles change named constants and nothing else."""

from __future__ import annotations

import pytest

from course import profiles
from course.errors import CourseError


@pytest.mark.parametrize(("variable", "value"), [(None, 10), ("", 10), ("cpu", 10), ("gpu", 20)])
def test_the_value_is_that_of_the_profile_in_use(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, value: int
) -> None:
    monkeypatch.delenv("COURSE_PROFILE", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSE_PROFILE", variable)
    assert profiles.choose(cpu=10, gpu=20) == value


def test_an_unknown_profile_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_PROFILE", "tpu")
    with pytest.raises(CourseError, match="COURSE_PROFILE is 'tpu'; set it to one of cpu, gpu"):
        profiles.choose(cpu=1, gpu=2)
