"""Slips of one value cost the points of that value, and are told in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from course.exercises import plan
from tests.submissions import handover
from tests.submissions.grade import HERE, ROOT, Exercise, recorded

CURVE, FOXTROT, PHOTOS = "e1-regression-curve", "e2-foxtrot-syndrome", "e3-photo-classifier"
# From right values, what a student hands over in their place; what it costs; words of the message.
SLIPS: list[tuple[str, Any, dict[str, float], str]] = [
    (CURVE, lambda v: {"parameters": len}, {"q5": 0.5}, "forget the ()"),
    (CURVE, lambda v: {"parameters": np.nan}, {"q5": 0.5}, "count_params() gives"),
    (CURVE, lambda v: {"mean_mse": len}, {"q3": 1}, "no number"),
    (CURVE, lambda v: {"line_mse": len}, {"q3": 1}, "no number"),
    (CURVE, lambda v: {"test_mse": len}, {"q8": 1}, "no number"),
    (CURVE, lambda v: {"y_val": ["x", *v["y_val"][1:]]}, {"q2": 0.5, "q3": 2}, "y_val holds text"),
    (CURVE, lambda v: {"y_val": [[1.0], *v["y_val"][1:]]}, {"q2": 1, "q3": 2}, "unequal lengths"),
    (CURVE, lambda v: {"x": ["x"] * 2000}, {"q1": 1}, "expected numbers"),
    (
        CURVE,
        lambda v: {"history": {"loss": [1, 2, 3], "val_loss": [1, 2, 3]}},
        {"q6": 0.5},
        "falls",
    ),
    (FOXTROT, lambda v: {"parameters": len}, {"q6": 0.5}, "forget the ()"),
    (FOXTROT, lambda v: {"parameters": np.nan}, {"q6": 0.5}, "count_params() gives"),
    (FOXTROT, lambda v: {"test_accuracy": len}, {"q9": 1}, "no number"),
    (FOXTROT, lambda v: {"sensitivity": len}, {"q10": 0.5}, "no number"),
    (FOXTROT, lambda v: {"specificity": len}, {"q10": 0.5}, "no number"),
    (FOXTROT, lambda v: {"linear_accuracy": 0.95}, {"q5": 1}, "linear_accuracy is 0.950"),
    (FOXTROT, lambda v: {"linear_accuracy": 0.3}, {"q5": 1}, "linear_accuracy is 0.300"),
]


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exercise]:
    """The exercises with their tests."""
    return {
        name: Exercise(plan.read(ROOT / plan.SOLUTIONS / name), tmp_path_factory.mktemp(name))
        for name in (CURVE, FOXTROT, PHOTOS)
    }


def right(name: str) -> dict[str, Any]:
    """What a right submission handed over."""
    return handover.read(recorded(HERE / name / "right-functional.ipynb"))


def lost(exercise: Exercise, points: Mapping[str, float]) -> dict[str, float]:
    """Points that are missing, by question."""
    asked = (q for q in exercise.planned.questions if not q.manual)
    return {q.name: q.points - points[q.name] for q in asked if points[q.name] < q.points}


@pytest.mark.parametrize(("name", "slip", "costs", "words"), SLIPS)
def test_a_slip_is_told_in_words(
    name: str, slip: Any, costs: dict[str, float], words: str, exercises: dict[str, Exercise]
) -> None:
    values = right(name)
    points, said = exercises[name].grade({**values, **slip(values)})
    assert lost(exercises[name], points) == costs
    assert words in said[next(iter(costs))]


NOTHING = {
    CURVE: {
        "scale": lambda x: np.zeros(0),
        "predict": lambda x: np.zeros(0),
    },
    FOXTROT: {
        **dict.fromkeys(("x", "x_train", "x_val", "x_test"), np.zeros((0, 8))),
        "prepare": lambda x: np.zeros((0, 8)),
        "predict": lambda x: np.zeros(0),
        "confusion": np.zeros((2, 2)),
    },
    PHOTOS: {
        **dict.fromkeys(("images", "x_train", "x_val", "x_test"), np.zeros((0, 24, 24, 3))),
        "resize": lambda x: x[:0],
        "scale": lambda x: x[:0],
        "augment": lambda x: x[:0],
        "predict": lambda x: np.zeros((0, 2)),
        "confusion": np.zeros((2, 2)),
        "validation_pictures": np.zeros((0, 24, 24, 3)),
    },
}


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered")
@pytest.mark.parametrize("name", NOTHING)
def test_of_empty_arrays_no_test_is_passed(name: str, exercises: dict[str, Exercise]) -> None:
    planned = exercises[name].planned
    empty = {value: np.zeros(0) for value, _ in planned.values}
    points, _ = exercises[name].grade(
        empty | {"history": {"loss": [], "val_loss": []}} | NOTHING[name]
    )
    assert set(points.values()) == {0}, points


def test_a_test_part_of_one_class_says_nothing_about_a_network(
    exercises: dict[str, Exercise],
) -> None:
    values = {"x_test": np.zeros((9, 24, 24, 3)), "y_test": np.zeros(9, int)}
    values["predict"] = lambda x: np.tile([1.0, 0.0], (len(x), 1))
    empty = {value: np.zeros(0) for value, _ in exercises[PHOTOS].planned.values}
    points, said = exercises[PHOTOS].grade(empty | values)
    assert points["q9"] == 0
    assert "fewer than two classes" in said["q9"]


def test_the_law_is_no_network(exercises: dict[str, Exercise]) -> None:
    values = right(CURVE) | {"predict": lambda x: 2.9 * np.cos(0.6 * x)}
    points, said = exercises[CURVE].grade(values)
    costs = lost(exercises[CURVE], points)
    assert costs["q5"] == 1.5
    assert costs["q9"] == 1
    assert "the law itself" in said["q5"]


@pytest.mark.parametrize("together", [("x_train", "x_val"), ("x_train", "x_val", "x_test")])
@pytest.mark.parametrize("ddof", [0, 1])
def test_a_scale_from_other_rows_is_a_leak(
    together: tuple[str, ...], ddof: int, exercises: dict[str, Exercise]
) -> None:
    values = right(CURVE)
    times = np.concatenate([values[name] for name in together])
    mean, std = times.mean(), times.std(ddof=ddof)
    points, said = exercises[CURVE].grade(values | {"scale": lambda x: (x - mean) / std})
    assert lost(exercises[CURVE], points) == {"q4": 0.5}
    assert ("together" if len(together) == 2 else "all the data") in said["q4"]


def test_functions_of_pandas_need_parts_of_pandas(exercises: dict[str, Exercise]) -> None:
    values = handover.read(recorded(HERE / FOXTROT / "right-pandas.ipynb"))
    arrays = {name: np.asarray(values[name]) for name in ("x_train", "x_val", "x_test")}
    points, _ = exercises[FOXTROT].grade(values | arrays)
    assert lost(exercises[FOXTROT], points).keys() == {"q4", "q5", "q6", "q8", "q9", "q10", "q11"}
