"""The law of the foxtrot syndrome: draws patients, and computes how well anybody can do.

Two moods that nobody sees, restless and dreamy, drive four symptoms each. Whoever is more than
usual of both, or less than usual of both, has the syndrome: a product, which no straight line
follows. Some diagnoses are wrong, some entries are missing, a few are impossible.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

SYMPTOMS = (
    "toe_tapping", "moon_gazing", "lift_humming", "hat_greeting",
    "sighing", "doorway_twirling", "cold_tea", "counting_to_four",
)  # fmt: skip
# The largest degree of each symptom; the smallest is 0.
TOPS = np.array([10, 10, 5, 20, 100, 20, 5, 10])
RESTLESS, DREAMY = np.array([0, 2, 5, 7]), np.array([1, 3, 4, 6])
# How closely a symptom follows its mood, how the moods go together, how far degrees are spread.
LOADING, BETWEEN, SPREAD = 0.8, 0.3, 0.25
# From where both count as "more than usual", on a scale from 0 to 1, and what their product must
# reach. Not in the middle: so a straight line finds a part of the rule.
USUAL, LEAST = 0.45, 0.01
WRONG_DIAGNOSES, GAPS, IMPOSSIBLE = 0.04, 0.03, 0.004

Table = NDArray[np.float64]


def draw(rng: np.random.Generator, patients: int) -> Table:
    """Patients, no two of them alike.

    Args:
        rng: all randomness comes from it.
        patients: how many.

    Returns:
        A table of shape (patients, 9), float64: eight degrees, nan where one is missing, and the
        diagnosis, 0 or 1.
    """
    table = np.empty((0, len(SYMPTOMS) + 1))
    while len(table) < patients:
        table = different(np.vstack([table, _draw(rng, patients)]))
    return table[:patients]


def different(table: Table, than: Table | None = None) -> Table:
    """The rows whose degrees no earlier row has, nor a row of another table.

    An impossible entry counts as a gap, because that is what is left of it.
    """
    seen = set() if than is None else {row.tobytes() for row in cleaned(than)}
    keep = []
    for row in cleaned(table):
        keep.append(row.tobytes() not in seen)
        seen.add(row.tobytes())
    return table[keep]


def cleaned(table: Table) -> Table:
    """The degrees, shape (n, 8), with -1 for every gap and every impossible entry."""
    degrees = table[:, : len(SYMPTOMS)]
    with np.errstate(invalid="ignore"):
        possible = (degrees >= 0) & (degrees <= TOPS)
    return np.where(possible, degrees, -1.0)


def _draw(rng: np.random.Generator, patients: int) -> Table:
    moods = rng.normal(size=(patients, 2))
    moods[:, 1] = BETWEEN * moods[:, 0] + math.sqrt(1 - BETWEEN**2) * moods[:, 1]
    followed = np.empty((patients, len(SYMPTOMS)))
    followed[:, RESTLESS], followed[:, DREAMY] = moods[:, :1], moods[:, 1:]
    own = rng.normal(size=followed.shape)
    level = 0.5 + SPREAD * (LOADING * followed + math.sqrt(1 - LOADING**2) * own)
    degrees = np.clip(np.rint(TOPS * level), 0, TOPS)
    ill = has_syndrome(
        (degrees / TOPS)[:, RESTLESS].mean(axis=1), (degrees / TOPS)[:, DREAMY].mean(axis=1)
    )
    ill ^= rng.random(patients) < WRONG_DIAGNOSES
    # Slips: a minus one for "not asked", a key that stuck, a digit typed twice.
    slips = np.stack(
        [np.full(len(TOPS), -1), np.full(len(TOPS), 999), 11 * TOPS]
    )[rng.integers(3, size=degrees.shape), np.arange(len(TOPS))]  # fmt: skip
    chance = rng.random(degrees.shape)
    degrees = np.where(chance < IMPOSSIBLE, slips, degrees)
    degrees[chance > 1 - GAPS] = np.nan
    return np.column_stack([degrees, ill])


def has_syndrome(restless: Any, dreamy: Any) -> Any:
    """The rule, for mean degrees from 0 to 1, before wrong diagnoses."""
    return (restless - USUAL) * (dreamy - USUAL) > LEAST


def chance_of_one(table: Table) -> Table:
    """For every patient the chance of the diagnosis 1, given all that the row shows.

    The moods are summed over on a grid. A symptom depends on its own mood only, so the degrees that
    a gap may stand for need to be gone through for each mood alone.

    Args:
        table: of shape (n, 8) or (n, 9); the diagnosis is not looked at.

    Returns:
        Chances of shape (n,).
    """
    grid = np.linspace(-4.5, 4.5, 91)
    one, other = np.meshgrid(grid, grid, indexing="ij")
    square = (one**2 - 2 * BETWEEN * one * other + other**2) / (1 - BETWEEN**2)
    prior = np.exp(-square / 2)
    of_degree = [_of_degree(grid, top) for top in TOPS]
    chances = []
    for row in cleaned(table).astype(int):
        sides = [_side(row, which, of_degree) for which in (RESTLESS, DREAMY)]
        weight = sides[0][1].T @ prior @ sides[1][1]
        ill = has_syndrome(sides[0][0][:, np.newaxis], sides[1][0])
        true = (weight * ill).sum() / weight.sum()
        chances.append(WRONG_DIAGNOSES + (1 - 2 * WRONG_DIAGNOSES) * true)
    return np.array(chances)


def bayes_rate(table: Table) -> float:
    """The accuracy that nobody can beat on average, for patients such as those of a table."""
    chances = chance_of_one(table)
    return float(np.maximum(chances, 1 - chances).mean())


def _of_degree(grid: Table, top: int) -> Table:
    """Chance of each degree for each value of its mood, of shape (len(grid), top + 1)."""
    between = (np.arange(top) + 0.5) / top
    at = (between - 0.5 - SPREAD * LOADING * grid[:, np.newaxis]) / (
        SPREAD * math.sqrt(1 - LOADING**2)
    )
    below = 0.5 * (1 + np.vectorize(math.erf)(at / math.sqrt(2)))
    ends = np.zeros((len(grid), 1)), np.ones((len(grid), 1))
    return np.diff(np.hstack([ends[0], below, ends[1]]), axis=1)


def _side(
    row: NDArray[np.int64], which: NDArray[np.int64], of_degree: list[Table]
) -> tuple[Table, Table]:
    """What the mean degree of one mood's symptoms may be, and how likely, for each mood."""
    means, weights = np.zeros(1), np.ones((len(of_degree[0]), 1))
    for symptom in which:
        top, chances = TOPS[symptom], of_degree[symptom]
        degrees = np.arange(top + 1) if row[symptom] < 0 else row[[symptom]]
        means = (means[:, np.newaxis] + degrees / top / len(which)).ravel()
        weights = (weights[:, :, np.newaxis] * chances[:, np.newaxis, degrees]).reshape(
            len(weights), -1
        )
    return means, weights
