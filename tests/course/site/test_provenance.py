"""The lines under a chapter that say how its outputs were made."""

from __future__ import annotations

import pytest

from course.execution.outputs import Outputs
from course.site import provenance


def made(cpu: float, training: float, **more: float) -> Outputs:
    noted = {"cpu_seconds": cpu, "training_cpu_seconds": training, **more}
    return Outputs([], {"data": []}, noted, "")


@pytest.mark.parametrize(("seconds", "text"), [(0, "0.0 min"), (120, "1.0 min"), (426, "3.5 min")])
def test_processor_time_is_given_for_two_cores(seconds: float, text: str) -> None:
    assert provenance.minutes(seconds) == text


def test_training_that_came_from_the_run_store_counts_as_if_it_were_done_again() -> None:
    from_store = made(cpu=120, training=600, trained_cpu_seconds=0)
    assert provenance.processor_time(from_store) == "6.0 min"
    trained_now = made(cpu=720, training=600, trained_cpu_seconds=600)
    assert provenance.processor_time(trained_now) == "6.0 min"
    assert provenance.processor_time(from_store, trained_now) == "12.0 min"


def test_outputs_that_do_not_say_what_was_trained_give_a_bound() -> None:
    assert provenance.processor_time(made(cpu=120, training=600)) == "at most 6.0 min"


def test_peak_memory_is_given_in_gigabytes_and_old_outputs_have_none() -> None:
    assert provenance.memory(made(0, 0, peak_memory=1_249_000_000)) == "1.2 GB"
    assert provenance.memory(made(0, 0)) == "not recorded"


def test_without_data_and_runs_the_page_says_none() -> None:
    assert provenance.data_sets(made(0, 0)) == "none"
    assert provenance.seeds(Outputs([], {}, {"runs": {}}, "")) == "none"
