"""The lines under a chapter that say how its outputs were made."""

from __future__ import annotations

import pytest

from course.execution.outputs import Outputs
from course.site import provenance


def made(cpu: float, training: float) -> Outputs:
    return Outputs([], {"data": []}, {"cpu_seconds": cpu, "training_cpu_seconds": training}, "")


@pytest.mark.parametrize(("seconds", "text"), [(0, "0.0 min"), (120, "1.0 min"), (426, "3.5 min")])
def test_processor_time_is_given_for_two_cores(seconds: float, text: str) -> None:
    assert provenance.minutes(seconds) == text


def test_training_that_came_from_the_run_store_counts_as_if_it_were_done_again() -> None:
    assert provenance.total_cpu_seconds(made(cpu=5, training=600)) >= 600
    assert provenance.total_cpu_seconds(made(cpu=700, training=600)) == 700


def test_without_data_and_runs_the_page_says_none() -> None:
    assert provenance.data_sets(made(0, 0)) == "none"
    assert provenance.seeds(Outputs([], {}, {"runs": {}}, "")) == "none"
