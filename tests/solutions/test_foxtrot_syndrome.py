"""Patients of exercise E2 follow their law, and the best possible accuracy is computed rightly."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.exercises import heldout, plan

FOLDER = Path(__file__).parents[2] / "solutions" / "e2-foxtrot-syndrome"


@pytest.fixture(scope="module")
def law() -> dict[str, Any]:
    """What `law.py` defines."""
    return runpy.run_path(str(FOLDER / "law.py"))


@pytest.fixture(scope="module")
def students() -> np.ndarray:
    """The table that students receive."""
    return np.genfromtxt(FOLDER / "data" / "patients.csv", delimiter=",", skip_header=1)


def held_out(folder: Path, secret: str) -> np.ndarray:
    (path,) = heldout.make(plan.read(FOLDER), folder, secret)
    table: np.ndarray = np.load(path)["table"]
    return table


def test_the_table_of_the_students_is_what_the_law_draws_from_seed_0(
    law: dict[str, Any], students: np.ndarray
) -> None:
    drawn = law["draw"](np.random.default_rng(0), 800)
    drawn = drawn[np.argsort(drawn[:, -1], kind="stable")]
    np.testing.assert_array_equal(students, drawn)


def test_the_table_has_gaps_and_impossible_entries(
    law: dict[str, Any], students: np.ndarray
) -> None:
    empty = np.isnan(students[:, :8]).sum(axis=0)
    unusable = (law["cleaned"](students) < 0).sum(axis=0)
    assert (empty > 0).all()
    assert (unusable > empty).any()
    assert not np.isnan(students[:, 8]).any()


def test_no_two_patients_are_alike_and_none_is_held_out_as_well(
    law: dict[str, Any], students: np.ndarray, tmp_path: Path
) -> None:
    fresh = held_out(tmp_path, "a secret")
    assert fresh.shape == (4000, 9)
    rows = [row.tobytes() for row in law["cleaned"](np.vstack([students, fresh]))]
    assert len(set(rows)) == len(rows)


def test_another_secret_holds_other_patients_back(tmp_path: Path) -> None:
    first, again, other = (
        held_out(tmp_path / str(number), secret) for number, secret in enumerate(("a", "a", "b"))
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other, equal_nan=True)


def test_chances_agree_with_how_often_the_diagnosis_is_made(law: dict[str, Any]) -> None:
    table = law["draw"](np.random.default_rng(5), 4000)
    chances = law["chance_of_one"](table)
    for low, high in ((0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1)):
        inside = (chances >= low) & (chances < high)
        assert inside.sum() > 20
        error = table[inside, -1].mean() - chances[inside].mean()
        # Four standard deviations of a share of so many.
        assert abs(error) < 4 * 0.5 / np.sqrt(inside.sum())


def test_a_patient_without_a_gap_has_only_the_chance_of_a_wrong_diagnosis(
    law: dict[str, Any],
) -> None:
    well, ill = np.zeros((1, 8)), np.zeros((1, 8))
    well[:, law["DREAMY"]] = law["TOPS"][law["DREAMY"]]
    wrong = law["WRONG_DIAGNOSES"]
    np.testing.assert_allclose(law["chance_of_one"](np.vstack([well, ill])), [wrong, 1 - wrong])
