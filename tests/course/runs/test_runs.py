"""Training once, loading ever after, and what is said about several seeds."""

from __future__ import annotations

import dataclasses
import statistics
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import recording, runs
from course.errors import RunError
from course.runs import store

from .conftest import Model, notebook

TRAIN = """\
def train(seed):
    calls.append(seed)
    model = Model(float(seed))
    return model, {"loss": [3.0, RATE]}, {"accuracy": seed / 10}
"""


@pytest.fixture
def calls() -> list[int]:
    """The seeds that were really trained."""
    return []


def training(calls: list[int], rate: float = 1.0, source: str = TRAIN) -> Any:
    """A notebook's function; the list and the model stand for things of a library."""
    names = notebook(f"RATE = {rate}", source)
    names["Model"] = type("Model", (Model,), {"__module__": "statistics"})
    names["calls"] = _Calls(calls)
    return names["train"]


class _Calls(list):  # type: ignore[type-arg]
    """A list that a description sees as empty, whatever is appended to `real`."""

    def __init__(self, real: list[int]) -> None:
        super().__init__()
        self.real = real

    def append(self, seed: int) -> None:
        self.real.append(seed)


def test_each_seed_is_trained_once_and_then_loaded(
    calls: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    first = runs.repeat(training(calls), name="ch01/dense", seeds=(4, 5))
    assert calls == [4, 5]
    assert capsys.readouterr().err.count("training") == 2
    again = runs.repeat(training(calls), name="ch01/dense", seeds=(4, 5))
    assert calls == [4, 5]
    assert capsys.readouterr().err.count("from the run store") == 2
    assert again == first


def test_a_run_says_what_was_trained_and_how_long_it_took(calls: list[int]) -> None:
    (run,) = runs.repeat(training(calls), name="ch01/dense", seeds=[3])
    assert (run.name, run.seed, run.parameters) == ("ch01/dense", 3, 6)
    assert (run.history, run.scores) == ({"loss": [3.0, 1.0]}, {"accuracy": 0.3})
    assert run.seconds >= 0
    assert run.minutes == run.cpu_seconds / 120
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.seed = 4  # type: ignore[misc]


def test_another_seed_is_trained_and_the_others_are_not_repeated(calls: list[int]) -> None:
    runs.repeat(training(calls), name="ch01/dense", seeds=(0, 1))
    runs.repeat(training(calls), name="ch01/dense", seeds=(0, 1, 2))
    assert calls == [0, 1, 2]


def test_a_changed_experiment_is_trained_again(calls: list[int]) -> None:
    runs.repeat(training(calls), name="ch01/dense", seeds=[0])
    runs.repeat(training(calls, rate=2.0), name="ch01/dense", seeds=[0])
    assert calls == [0, 0]


def test_an_experiment_under_another_name_is_not_trained_again(calls: list[int]) -> None:
    runs.repeat(training(calls), name="ch01/dense", seeds=[0])
    (run,) = runs.repeat(training(calls), name="ch02/same", seeds=[0])
    assert calls == [0]
    assert run.name == "ch02/same"


def test_a_damaged_run_is_trained_again(calls: list[int]) -> None:
    (run,) = runs.repeat(training(calls), name="ch01/dense", seeds=[0])
    record = store.model_file(run.key).with_name(store.RECORD)
    record.write_text(record.read_text()[:20])
    runs.repeat(training(calls), name="ch01/dense", seeds=[0])
    assert calls == [0, 0]


def test_runs_that_ended_before_an_interruption_are_kept(calls: list[int]) -> None:
    train = training(calls)
    runs.repeat(train, name="ch01/dense", seeds=[0])
    before = store.keys_of("ch01/dense", "cpu")
    source = TRAIN.replace(
        "    model =", "    if seed == 1:\n        raise KeyboardInterrupt\n    model ="
    )
    with pytest.raises(KeyboardInterrupt):
        runs.repeat(training(calls, source=source), name="ch01/dense", seeds=(0, 1))
    assert calls == [0, 0, 1]
    with pytest.raises(KeyboardInterrupt):
        runs.repeat(training(calls, source=source), name="ch01/dense", seeds=(0, 1))
    assert calls == [0, 0, 1, 1]
    assert store.keys_of("ch01/dense", "cpu") == before  # the name still means whole runs


def test_a_later_chapter_loads_runs_by_name(
    calls: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(recording.VARIABLE, str(tmp_path / "records"))
    made = runs.repeat(training(calls), name="ch01/dense", seeds=(0, 1))
    assert runs.load("ch01/dense") == made
    records = recording.read(tmp_path / "records")
    trained, loaded = [r for r in records if r["kind"] in ("run", "loaded")]
    assert (trained["kind"], loaded["kind"]) == ("run", "loaded")
    assert trained["digest"] == loaded["digest"] == store.digest_of("ch01/dense", "cpu")
    assert trained["seeds"] == [0, 1]


def test_a_run_that_nobody_trained_is_refused_with_the_next_step() -> None:
    with pytest.raises(RunError, match=r"no run 'ch09/none' on this machine. Run the chapter"):
        runs.load("ch09/none")


@pytest.mark.parametrize("name", ["dense", "ch01/", "Ch01/Dense", "ch01/a--b", "a/b/c", "a /b"])
def test_a_malformed_name_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(RunError, match="is no name for a run; write chapter/experiment"):
        runs.repeat(lambda seed: (None, {}, {}), name=name)


@pytest.mark.parametrize(
    "change",
    [("Model(float(seed))", "Model(9.0)"), ("seed / 10", "seed / 9"), ("[3.0,", "[4.0,")],
    ids=["weights", "scores", "history"],
)
def test_a_run_has_another_digest_when_what_chapters_show_of_it_differs(
    calls: list[int], change: tuple[str, str]
) -> None:
    (first,) = runs.repeat(training(calls), name="ch01/a", seeds=[1])
    other = TRAIN.replace(*change)
    (second,) = runs.repeat(training(calls, source=other), name="ch01/b", seeds=[1])
    assert first.digest != second.digest


def test_a_run_has_the_same_digest_when_only_its_code_differs(calls: list[int]) -> None:
    (first,) = runs.repeat(training(calls), name="ch01/a", seeds=[1])
    other = TRAIN.replace("Model(float(seed))", "Model(seed * 1.0)")
    (second,) = runs.repeat(training(calls, source=other), name="ch01/b", seeds=[1])
    assert (first.digest, first.key != second.key) == (second.digest, True)


def run(seed: int, accuracy: float, cpu_seconds: float = 120.0) -> runs.Run:
    scores = {"accuracy": accuracy, "loss": 1 - accuracy}
    return runs.Run("ch01/a", seed, {}, scores, 12345, 1.0, cpu_seconds, "d", "k")


def test_a_spread_prints_mean_deviation_and_the_number_of_seeds() -> None:
    spread = runs.spread([run(0, 0.9), run(1, 0.91), run(2, 0.92)], "accuracy")
    assert str(spread) == "0.9100 ± 0.0100 (3 seeds)"
    assert f"{spread}" == str(spread)
    assert f"{spread:.1%}" == "91.0% ± 1.0% (3 seeds)"


def test_a_single_seed_has_no_spread_and_says_so() -> None:
    assert str(runs.spread([0.5])) == "0.5000 (1 seed)"


@given(st.lists(st.floats(-1e6, 1e6), min_size=2))
def test_a_spread_agrees_with_the_statistics_module(values: list[float]) -> None:
    spread = runs.spread(values)
    assert spread.mean == statistics.fmean(values)
    assert spread.deviation == statistics.stdev(values)
    assert spread.values == tuple(values)


def test_a_score_that_a_run_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(RunError, match="has no score 'accurcy'; it has accuracy, loss"):
        runs.spread([run(0, 0.9)], "accurcy")
    with pytest.raises(RunError, match="no value"):
        runs.spread([])


def test_a_table_has_one_row_a_model_and_names_n_and_seeds() -> None:
    table = runs.table(
        {"dense": [run(0, 0.9), run(1, 0.92)], "conv": [run(0, 0.95, 60.0)]},
        scores=["accuracy", "loss"],
        n=10_000,
        published={"conv": "0.99"},
    )
    assert list(table.columns) == [
        "parameters", "accuracy", "loss", "published", "n", "seeds", "two-core minutes",
    ]  # fmt: skip
    dense, conv = table.loc["dense"], table.loc["conv"]
    assert (dense["parameters"], dense["accuracy"]) == ("12,345", "0.9100 ± 0.0141")
    assert (dense["published"], conv["published"]) == ("–", "0.99")
    assert (dense["n"], dense["seeds"], conv["seeds"]) == ("10,000", "2", "1")
    assert (dense["two-core minutes"], conv["two-core minutes"]) == ("1.0", "0.5")
    assert conv["accuracy"] == "0.9500"


def test_a_table_without_published_numbers_has_no_such_column() -> None:
    assert "published" not in runs.table({"a": [run(0, 0.9)]}, scores=["loss"], n=10)
