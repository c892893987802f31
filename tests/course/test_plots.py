"""Figures of one style, closed so that a cell shows them once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from course import plots
from course.runs import Run


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with mpl.rc_context():
        plots.use_style()
        yield
    left = plt.get_fignums()
    plt.close("all")
    assert left == []  # every figure was closed


def drawn(figure: Figure) -> Figure:
    """The figure, after it was really drawn."""
    figure.canvas.draw()
    return figure


def run(seed: int, **history: list[float]) -> Run:
    return Run("ch01/a", seed, history, {}, 1, 1.0, 1.0, "d", "k")


def test_curves_have_a_panel_for_each_metric_and_a_line_for_each_seed() -> None:
    found = [run(s, loss=[3.0, 2.0 + s], val_loss=[3.0, 3.0], accuracy=[0.1, 0.2]) for s in (0, 1)]
    loss, accuracy = drawn(plots.curves(found)).axes
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    assert [t.get_text() for t in loss.get_legend().get_texts()] == ["training", "validation"]
    assert (len(loss.lines), len(accuracy.lines)) == (6, 3)
    mean = next(line for line in loss.lines if line.get_label() == "training")
    assert list(mean.get_ydata()) == [3.0, 2.5]
    assert list(mean.get_xdata()) == [1, 2]


def test_one_seed_is_one_line() -> None:
    (panel,) = drawn(plots.curves([run(0, loss=[1.0, 2.0])], metrics=["loss"])).axes
    assert len(panel.lines) == 1


def test_seeds_that_stopped_at_different_epochs_share_the_epochs_they_have() -> None:
    found = [run(0, loss=[3.0, 2.0, 1.0]), run(1, loss=[1.0, 0.0])]
    (panel,) = drawn(plots.curves(found, metrics=["loss"])).axes
    mean = next(line for line in panel.lines if line.get_label() == "training")
    assert list(mean.get_ydata()) == [2.0, 1.0]
    assert sorted(len(line.get_xdata()) for line in panel.lines) == [2, 2, 3]


@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 8, 8, 3), (1, 8, 8)])
def test_pictures_stand_in_a_grid_with_their_titles(shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    figure = drawn(plots.pictures(images, titles=range(len(images)), columns=3))
    shown = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title() for axes in shown] == [str(i) for i in range(len(images))]
    assert not any(axes.axison for axes in figure.axes)


def test_grey_pictures_are_grey_and_share_one_range() -> None:
    images = np.stack([np.zeros((4, 4)), np.full((4, 4), 2.0)])
    figure = drawn(plots.pictures(images))
    pictures = [axes.images[0] for axes in figure.axes]
    assert [p.get_clim() for p in pictures] == [(0.0, 2.0)] * 2
    assert {p.get_cmap().name for p in pictures} == {"gray"}


def test_a_confusion_table_counts_every_pair() -> None:
    true, predicted = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])
    (panel,) = drawn(plots.confusion(true, predicted, ["cat", "dog", "fox"])).axes
    texts = {(t.get_position(), t.get_text()) for t in panel.texts}
    assert texts == {((0, 0), "1"), ((1, 0), "1"), ((1, 1), "1"), ((2, 2), "1")}
    assert [t.get_text() for t in panel.get_yticklabels()] == ["cat", "dog", "fox"]
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("predicted", "true")


def test_lines_have_labels_and_a_band_where_there_is_a_range() -> None:
    series: dict[str, Any] = {"a": [1, 2], "b": (np.ones(2), np.zeros(2), np.full(2, 2.0))}
    (panel,) = drawn(plots.lines([0, 1], series, x_label="shift", y_label="accuracy")).axes
    assert [line.get_label() for line in panel.lines] == ["a", "b"]
    assert len(panel.collections) == 1
    assert len({line.get_marker() for line in panel.lines}) == 2
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("shift", "accuracy")


def test_points_lie_under_lines_that_may_have_an_axis_of_their_own() -> None:
    lines = {"law": ([0, 9], [1, 1]), "answer": ([0, 1, 2], [2, 2, 2])}
    made = plots.points([1, 2], [3, 4], lines, x_label="love", y_label="points", label="pupils")
    (panel,) = drawn(made).axes
    (cloud,) = panel.collections
    assert cloud.get_offsets().tolist() == [[1, 3], [2, 4]]
    assert [list(line.get_xdata()) for line in panel.lines] == [[0, 9], [0, 1, 2]]
    assert len({line.get_linestyle() for line in panel.lines}) == 2
    texts = [text.get_text() for text in panel.get_legend().get_texts()]
    assert texts == ["pupils", "law", "answer"]
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("love", "points")


def test_many_points_are_drawn_smaller_than_few() -> None:
    few, many = (
        drawn(plots.points(range(n), range(n), x_label="x", y_label="y")).axes[0].collections[0]
        for n in (10, 1000)
    )
    assert many.get_sizes()[0] < few.get_sizes()[0]


def test_loss_panels_share_one_logarithmic_axis_and_show_the_mean_of_the_seeds() -> None:
    experiments = {
        "shallow": [run(s, loss=[9.0, 4.0 + 2 * s], val_loss=[9.0, 8.0]) for s in (0, 1)],
        "deep": [run(0, loss=[900.0, 1.0], val_loss=[900.0, 2.0])],
    }
    figure = drawn(plots.loss_panels(experiments, y_label="mse", level=3.0))
    shallow, deep = figure.axes
    assert [panel.get_title() for panel in figure.axes] == ["shallow", "deep"]
    assert {panel.get_yscale() for panel in figure.axes} == {"log"}
    assert shallow.get_ylim() == deep.get_ylim()
    mean = next(line for line in shallow.lines if line.get_label() == "training")
    assert list(mean.get_ydata()) == [9.0, 5.0]
    assert (len(shallow.lines), len(deep.lines)) == (7, 3)  # with the dotted line
    assert [line.get_ydata()[0] for line in deep.lines if line.get_linestyle() == ":"] == [3.0]


def test_accuracy_panels_share_one_scale_and_count_epochs() -> None:
    experiments = {
        "short": [run(s, accuracy=[0.5, 0.6 + 0.2 * s], val_accuracy=[0.5, 0.4]) for s in (0, 1)],
        "long": [run(0, accuracy=[0.5, 0.6, 0.9], val_accuracy=[0.5, 0.5, 0.5])],
        "below": [run(0, accuracy=[0.1], val_accuracy=[0.2])],
    }
    figure = drawn(plots.accuracy_panels(experiments, columns=2, every=5))
    short, long, below, empty = figure.axes
    assert [panel.get_title() for panel in figure.axes] == ["short", "long", "below", ""]
    assert not empty.axison
    assert short.get_ylim() == long.get_ylim() == below.get_ylim()
    assert (len(short.lines), len(long.lines)) == (6, 2)
    mean = next(line for line in short.lines if line.get_label() == "training")
    assert mean.get_ydata() == pytest.approx([0.5, 0.7])
    assert list(long.lines[0].get_xdata()) == [5, 10, 15]
    assert [panel.get_xlabel() for panel in figure.axes[:3]] == ["", "epoch", "epoch"]


def test_a_mosaic_shows_every_map_in_a_row_of_sixteen_scaled_by_its_own_largest_value() -> None:
    maps = np.zeros((3, 3, 18))
    maps[1, 2, 0], maps[0, 0, 17] = 5.0, 0.1
    (panel,) = drawn(plots.mosaic(maps, side=7)).axes
    canvas = np.ma.filled(panel.images[0].get_array(), np.nan)
    assert canvas.shape == (2 * 7 - 1, 16 * 7 - 1)  # twice as large, a line between
    assert np.argwhere(canvas == 1).tolist() == [
        *([r, c] for r in (2, 3) for c in (4, 5)),
        *([r, c] for r in (7, 8) for c in (7, 8)),
    ]
    assert np.isnan(canvas[:, 6]).all()
    assert np.isnan(canvas[6]).all()
    assert np.isnan(canvas[7:, 14:]).all()  # no map is left for these places


def test_maps_larger_than_their_place_in_a_mosaic_are_averaged() -> None:
    maps = np.zeros((8, 8, 1))
    maps[:4, :4], maps[0:2, 4:6] = 1.0, 1.0
    (panel,) = drawn(plots.mosaic(maps, columns=1, side=2)).axes
    quarter = round(0.25 * (plots.SHADES - 1)) / (plots.SHADES - 1)
    assert np.asarray(panel.images[0].get_array()).tolist() == [[1.0, quarter], [0.0, 0.0]]


def test_answers_show_every_probability_below_its_picture() -> None:
    images = np.zeros((2, 4, 4, 3), dtype=np.uint8)
    probabilities = np.array([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]])
    names = ["cat", "dog", "fox"]
    figure = drawn(plots.answers(images, probabilities, names, np.array([1, 0])))
    bars = [axes for axes in figure.axes if axes.patches]
    assert [[bar.get_width() for bar in axes.patches] for axes in bars] == probabilities.tolist()
    assert [t.get_text() for t in bars[0].get_yticklabels()] == names
    for axes, true in zip(bars, (1, 0), strict=True):
        colours = [bar.get_facecolor() for bar in axes.patches]
        assert colours.count(colours[true]) == 1
