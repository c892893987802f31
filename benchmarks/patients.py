"""How well five families of models tell who has the foxtrot syndrome, and what nobody can beat.

Each family learns from the 480 training rows of a random split of the students' table and is asked
for held-out patients of its own secret: 20 seeds. What the exercise promises is printed beside it.
"""

from __future__ import annotations

import os
import runpy
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.exercises import heldout, plan

EXERCISE = "e2-foxtrot-syndrome"
SEEDS = 20
TRAIN, VALIDATION = 480, 160
LINEAR_AT_MOST, NETWORK_AT_LEAST = 0.78, 0.86

Table = NDArray[np.float64]


def measure(root: Path) -> None:
    """Print the Bayes rate, and mean, lowest and highest accuracy of every family."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    planned = plan.read(root / plan.SOLUTIONS / EXERCISE)
    law = runpy.run_path(str(planned.folder / "law.py"))
    patients = np.genfromtxt(planned.folder / planned.files[0], delimiter=",", skip_header=1)
    families = {**_classical(), "small network": _network}
    found: dict[str, list[float]] = {name: [] for name in ("Bayes", *families)}
    for seed in range(SEEDS):
        held_out = _held_out(planned, seed)
        found["Bayes"].append(law["bayes_rate"](held_out))
        order = np.random.default_rng(seed).permutation(len(patients))
        train, val = np.split(patients[order], [TRAIN, TRAIN + VALIDATION])[:2]
        x_train, x_val, x_new = _prepared(law, train, val, held_out)
        lesson = Lesson(x_train, train[:, -1], x_val, val[:, -1], seed)
        for name, learn in families.items():
            predict = learn(lesson)
            accuracy = float(np.mean((predict(x_new) > 0.5) == held_out[:, -1]))
            found[name].append(accuracy)
        print(f"seed {seed}:", {name: round(scores[-1], 3) for name, scores in found.items()})
    for name, scores in found.items():
        print(f"{name}: {np.mean(scores):.3f}, from {min(scores):.3f} to {max(scores):.3f}")
    linear, network = found["logistic regression"], found["small network"]
    print(f"linear: highest {max(linear):.3f}, promised at most {LINEAR_AT_MOST}")
    print(f"network: mean {np.mean(network):.3f}, promised at least {NETWORK_AT_LEAST}")


def _held_out(planned: plan.Plan, seed: int) -> Table:
    with tempfile.TemporaryDirectory() as name:
        (path,) = heldout.make(planned, Path(name), f"benchmark {seed}")
        table: Table = np.load(path)["table"]
    return table


def _prepared(law: dict[str, Any], train: Table, *others: Table) -> list[Table]:
    """Symptoms with gaps filled and scaled by what the training rows say."""
    tables = [
        np.where(degrees < 0, np.nan, degrees)
        for degrees in (law["cleaned"](table) for table in (train, *others))
    ]
    middle = np.nanmedian(tables[0], axis=0)
    full = [np.where(np.isnan(table), middle, table) for table in tables]
    mean, std = full[0].mean(axis=0), full[0].std(axis=0)
    return [(table - mean) / std for table in full]


@dataclass(frozen=True)
class Lesson:
    """What a family learns from: prepared symptoms, shape (n, 8), diagnoses, shape (n,), a seed."""

    x: Table
    y: Table
    x_val: Table
    y_val: Table
    seed: int


# From a lesson to a function that gives patients their diagnosis, or its chance.
Learner = Callable[[Lesson], Callable[[Table], Table]]


def _classical() -> dict[str, Learner]:
    """Families of scikit-learn, with settings that its users would start from."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    models: dict[str, Any] = {
        "logistic regression": LogisticRegression(),
        "nearest neighbours": KNeighborsClassifier(15),
        "random forest": RandomForestClassifier(300, random_state=0),
        "support vectors": SVC(),
    }

    def learner(model: Any) -> Learner:
        return lambda lesson: model.fit(lesson.x, lesson.y).predict

    return {name: learner(model) for name, model in models.items()}


def _network(lesson: Lesson) -> Callable[[Table], Table]:
    """Two hidden layers, stopped where the validation loss is lowest."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(lesson.seed)
    model = keras.Sequential(
        [
            keras.Input((lesson.x.shape[1],)),
            layers.Dense(32, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(16, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy")
    model.fit(
        lesson.x,
        lesson.y,
        validation_data=(lesson.x_val, lesson.y_val),
        epochs=150,
        batch_size=32,
        verbose=0,
        callbacks=[keras.callbacks.EarlyStopping(patience=30, restore_best_weights=True)],
    )
    return lambda new: model.predict(new, verbose=0)[:, 0]
