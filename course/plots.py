"""Figures in one style: the same colours for the same things in every chapter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.figure import Figure
from PIL import Image

from course.runs import Run

Array = np.ndarray[Any, Any]

# Okabe and Ito's palette (jfly.uni-koeln.de/color), which colour-blind readers can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
TRAINING, VALIDATION = COLOURS[0], COLOURS[1]


def use_style() -> None:
    """Set the style of all figures of a notebook."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.grid": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "grid.alpha": 0.3,
            # Pixels stay pixels: what a network sees is not smoothed.
            "image.interpolation": "nearest",
            "image.cmap": "gray",
            "legend.frameon": False,
        }
    )


def curves(runs: Sequence[Run], metrics: Sequence[str] = ("loss", "accuracy")) -> Figure:
    """Training and validation curves, one panel a metric.

    Args:
        runs: runs of one experiment; a thin line for each, a thick one for their mean.
        metrics: names of curves in the history; validation curves begin with `val_`.
    """
    figure, panels = plt.subplots(1, len(metrics), figsize=(4.2 * len(metrics), 3.2), squeeze=False)
    for panel, metric in zip(panels[0], metrics, strict=True):
        for prefix, label, colour in (
            ("", "training", TRAINING),
            ("val_", "validation", VALIDATION),
        ):
            lines = [run.history[prefix + metric] for run in runs if prefix + metric in run.history]
            if not lines:
                continue
            # Seeds may stop at different epochs: the mean ends where the first of them does.
            shared = min(map(len, lines))
            epochs = np.arange(1, max(map(len, lines)) + 1)
            if len(lines) > 1:
                for line in lines:
                    panel.plot(epochs[: len(line)], line, color=colour, linewidth=0.8, alpha=0.4)
            mean = np.mean([line[:shared] for line in lines], axis=0)
            panel.plot(epochs[:shared], mean, color=colour, linewidth=2, label=label)
        panel.set_xlabel("epoch")
        panel.set_ylabel(metric)
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.legend()
    return _done(figure)


def pictures(
    images: Array,
    titles: Sequence[object] | None = None,
    columns: int = 8,
    scale: float = 1.0,
) -> Figure:
    """A grid of pictures.

    Args:
        images: `(n, height, width)` for grey or `(n, height, width, 3)` for colour; uint8 in
            [0, 255] or floats. Grey pictures share one range, black for the least value.
        titles: one for each picture.
        columns: pictures in a row.
        scale: size of a picture; 1.0 is 0.9 inches.
    """
    images = np.asarray(images)
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    title_height = 0.25 if titles is not None else 0.0
    size = (0.9 * scale * columns, (0.9 * scale + title_height) * rows)
    figure, panels = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for panel in panels.flat:
        panel.axis("off")
    for index, image in enumerate(images):
        panel = panels.flat[index]
        panel.imshow(image, cmap="gray", vmin=images.min(), vmax=images.max())
        if titles is not None:
            panel.set_title(str(titles[index]), fontsize=9)
    return _done(figure)


def confusion(true: Array, predicted: Array, labels: Sequence[object]) -> Figure:
    """A cross-table of true and predicted classes as a heat map with counts.

    Args:
        true: `(n,)` integer classes.
        predicted: `(n,)` integer classes.
        labels: the name of each class.
    """
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, (np.asarray(true), np.asarray(predicted)), 1)
    side = 1.2 + 0.42 * len(labels)
    figure, panel = plt.subplots(figsize=(side, side))
    # The square root keeps single mistakes visible beside a thousand right answers.
    panel.imshow(np.sqrt(counts), cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = math.sqrt(count) > 0.6 * math.sqrt(counts.max())
            panel.text(
                column,
                row,
                str(count),
                ha="center",
                va="center",
                fontsize=8,
                color="white" if dark else "black",
            )
    panel.set_xticks(range(len(labels)), [str(label) for label in labels])
    panel.set_yticks(range(len(labels)), [str(label) for label in labels])
    panel.set_xlabel("predicted")
    panel.set_ylabel("true")
    panel.grid(False)
    return _done(figure)


def lines(
    x: Sequence[float] | Array,
    series: Mapping[str, Any],
    *,
    x_label: str,
    y_label: str,
) -> Figure:
    """One line a label over a common axis.

    Args:
        x: `(n,)` values of the axis.
        series: label to `(n,)` values, or to `(mean, low, high)` of `(n,)` each, which draws a
            band.
        x_label: what the axis shows, with its unit.
        y_label: what the values are, with their unit.
    """
    figure, panel = plt.subplots(figsize=(6, 3.6))
    for marker, (label, values) in zip("osD^vPX" * 3, series.items(), strict=False):
        middle = values[0] if isinstance(values, tuple) else values
        (line,) = panel.plot(x, middle, marker=marker, markersize=4, label=label)
        if isinstance(values, tuple):
            panel.fill_between(x, values[1], values[2], alpha=0.2, color=line.get_color())
    panel.set_xlabel(x_label)
    panel.set_ylabel(y_label)
    panel.legend()
    return _done(figure)


def points(
    x: Sequence[float] | Array,
    y: Sequence[float] | Array,
    lines: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    x_label: str,
    y_label: str,
    label: str = "data",
) -> Figure:
    """A cloud of points, with lines through it.

    Args:
        x: `(n,)` values of the axis.
        y: `(n,)` values.
        lines: label to `(x, y)` of a line, whose points may be other ones than those of the cloud.
        x_label: what the axis shows, with its unit.
        y_label: what the values are, with their unit.
        label: what the points are.
    """
    figure, panel = plt.subplots(figsize=(5.4, 3.2))
    # Light grey instead of transparent, which makes the file smaller.
    many = len(x) > 100
    panel.scatter(
        x, y, s=4 if many else 25, color="#AAAAAA" if many else "#777777", label=label, linewidth=0
    )
    styles = ("-", "--", "-.", ":") * 3
    for style, (name, line) in zip(styles, (lines or {}).items(), strict=False):
        panel.plot(*line, style, linewidth=2, label=name)
    panel.set_xlabel(x_label)
    panel.set_ylabel(y_label)
    panel.legend()
    return _done(figure)


def loss_panels(
    experiments: Mapping[str, Sequence[Run]], *, y_label: str, level: float | None = None
) -> Figure:
    """Training and validation loss of several experiments, one panel each, on one logarithmic axis.

    Args:
        experiments: the title of each panel and its runs; a thin line a run, a thick one the mean.
        y_label: what the loss is, with its unit.
        level: height of a dotted line, such as the least loss that is possible.
    """
    figure, panels = plt.subplots(
        1, len(experiments), figsize=(2.6 * len(experiments), 2.8), sharey=True, squeeze=False
    )
    for panel, (title, runs) in zip(panels[0], experiments.items(), strict=True):
        for curve, label, colour in (
            ("loss", "training", TRAINING),
            ("val_loss", "validation", VALIDATION),
        ):
            values = np.array([run.history[curve] for run in runs])
            epochs = np.arange(1, values.shape[1] + 1)
            if len(values) > 1:
                panel.plot(epochs, values.T, color=colour, linewidth=0.8, alpha=0.4)
            panel.plot(epochs, values.mean(axis=0), color=colour, linewidth=2, label=label)
        if level is not None:
            panel.axhline(level, color="black", linewidth=1, linestyle=":")
        panel.set_yscale("log")
        panel.set_title(title, fontsize=10)
        panel.set_xlabel("epoch")
    panels[0, 0].set_ylabel(y_label)
    panels[0, 0].legend()
    return _done(figure)


def accuracy_panels(
    experiments: Mapping[str, Sequence[Run]], *, columns: int = 3, every: int = 1
) -> Figure:
    """Training and validation accuracy of several experiments, one panel each, on one scale.

    Args:
        experiments: the title of each panel and its runs; a thin line a run, a thick one the mean.
        columns: panels in a row.
        every: epochs that one value of a history stands for.
    """
    columns = min(columns, len(experiments))
    rows = math.ceil(len(experiments) / columns)
    figure, panels = plt.subplots(
        rows,
        columns,
        figsize=(2.6 * columns, 2.3 * rows),
        sharey=True,
        squeeze=False,
    )
    for panel in panels.flat[len(experiments) :]:
        panel.axis("off")
    for panel, (title, runs) in zip(panels.flat, experiments.items(), strict=False):
        for curve, label, colour in (
            ("accuracy", "training", TRAINING),
            ("val_accuracy", "validation", VALIDATION),
        ):
            values = np.array([run.history[curve] for run in runs])
            epochs = every * np.arange(1, values.shape[1] + 1)
            if len(values) > 1:
                panel.plot(epochs, values.T, color=colour, linewidth=0.8, alpha=0.4)
            panel.plot(epochs, values.mean(axis=0), color=colour, linewidth=2, label=label)
        panel.set_title(title, fontsize=10)
    # The lowest of each column.
    for panel in panels.flat[len(experiments) - columns : len(experiments)]:
        panel.set_xlabel("epoch")
    for panel in panels[:, 0]:
        panel.set_ylabel("accuracy")
    panels[0, 0].legend()
    return _done(figure)


def _done(figure: Figure) -> Figure:
    # A closed figure is shown once, as the value of its cell, not a second time by the backend.
    plt.close(figure)
    return figure


SHADES = 6


def mosaic(maps: Array, columns: int = 16, side: int = 36) -> Figure:
    """All feature maps of one layer as one picture, dark where a map is 0.

    Each map is scaled by its own largest value, and drawn in few shades, which keeps the file of a
    page with hundreds of maps small.

    Args:
        maps: `(height, width, channels)` values that are at least 0.
        columns: maps in a row.
        side: the most pixels that a map is drawn with. Larger maps are averaged, smaller ones
            enlarged by a whole number.
    """
    height, width, channels = maps.shape
    size = [n * max(1, side // n) if n <= side else side for n in (height, width)]
    rows = math.ceil(channels / columns)
    canvas = np.full((rows * (size[0] + 1) - 1, columns * (size[1] + 1) - 1), np.nan)
    for index in range(channels):
        one = maps[..., index] / max(float(maps[..., index].max()), 1e-12)
        top, left = (size[0] + 1) * (index // columns), (size[1] + 1) * (index % columns)
        canvas[top : top + size[0], left : left + size[1]] = _resized(one, size)
    figure = plt.figure(figsize=(canvas.shape[1] / 100, canvas.shape[0] / 100), dpi=100)
    figure.set_layout_engine("none")
    panel = figure.add_axes((0, 0, 1, 1))
    panel.imshow(np.round(canvas * (SHADES - 1)) / (SHADES - 1), cmap="viridis", vmin=0, vmax=1)
    panel.axis("off")
    return _done(figure)


def _resized(one: Array, size: Sequence[int]) -> Array:
    height, width = one.shape
    if height <= size[0]:
        return np.kron(one, np.ones((size[0] // height, size[1] // width)))
    whole = Image.fromarray(one.astype(np.float32))
    return np.asarray(whole.resize((size[1], size[0]), Image.Resampling.BOX))


def answers(images: Array, probabilities: Array, labels: Sequence[object], true: Array) -> Figure:
    """Pictures with the probability of every class below each of them.

    Args:
        images: `(n, height, width)` or `(n, height, width, 3)`, as for `pictures`.
        probabilities: `(n, classes)`, each row adding up to 1.
        labels: the name of each class.
        true: `(n,)` integer classes; the bar of the true class has a colour of its own.
    """
    columns = len(images)
    figure, panels = plt.subplots(
        2, columns, figsize=(0.9 + 1.5 * columns, 3.6), height_ratios=(1, 1.8), squeeze=False
    )
    places = np.arange(len(labels))
    for column, image in enumerate(images):
        above, below = panels[:, column]
        above.imshow(image, cmap="gray")
        above.axis("off")
        colours = [COLOURS[1] if place == true[column] else COLOURS[0] for place in places]
        below.barh(places, probabilities[column], color=colours)
        below.set_xlim(0, 1)
        below.set_yticks(places, [str(label) for label in labels] if column == 0 else [])
        below.invert_yaxis()
        below.set_xlabel("probability")
        below.grid(False, axis="y")
    return _done(figure)
