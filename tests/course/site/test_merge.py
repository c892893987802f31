"""A chapter's text and its outputs are brought together; nothing is executed."""

from __future__ import annotations

from typing import Any

import pytest
from small_course import Project

from course.execution import outputs
from course.site import merge

A, B, C = "a-train", "b-compare", "c-pictures"
NEW_CELL = "```{code-cell} python\nprint('new')\n```\n\n"


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The warnings of the build: place and text."""
    seen: list[tuple[str, str]] = []

    def warn(text: str, *, location: str, **kind: str) -> None:
        assert kind["type"] == "course"
        seen.append((location, text))

    monkeypatch.setattr(merge.LOGGER, "warning", warn)
    return seen


def merged(project: Project, name: str) -> Any:
    text = (project.root / "book" / f"{name}.md").read_text(encoding="utf-8")
    return merge.read(text, name=name, root=str(project.root), profile="cpu")


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell: Any) -> str:
    return "".join(
        o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in cell.outputs
    )


def test_every_cell_has_the_outputs_of_the_execution(project: Project) -> None:
    first, second = code(merged(project, B))
    assert shown(first).startswith("mean 0.")
    assert shown(second) == "2"
    assert (first.execution_count, second.execution_count) == (1, 2)


@pytest.mark.parametrize("place", ["# Comparing\n\n", "Between the cells.\n\n"])
def test_after_an_insertion_unchanged_cells_keep_their_outputs(
    project: Project, place: str
) -> None:
    project.replace(f"book/{B}.md", place, place + NEW_CELL)
    cells = {cell.source: shown(cell) for cell in code(merged(project, B))}
    assert cells["print('new')"] == ""
    assert cells["len(first)"] == "2"
    assert [text.startswith("mean") for text in cells.values()].count(True) == 1


def test_a_changed_cell_has_no_outputs_and_the_others_keep_theirs(project: Project) -> None:
    project.replace(f"book/{B}.md", '"mean"', '"average"')
    first, second = code(merged(project, B))
    assert (shown(first), shown(second)) == ("", "2")


def test_a_comment_changes_nothing(project: Project) -> None:
    project.replace(f"book/{B}.md", "len(first)", "len(first)  # how many")
    assert shown(code(merged(project, B))[1]) == "2"


def test_equal_cells_get_their_outputs_in_order(project: Project) -> None:
    found = outputs.read(project.outputs(B))
    assert found is not None
    other = found.cells[1].copy()
    other.outputs = [{**other.outputs[0], "data": {"text/plain": "3"}}]
    twice = [found.cells[1], other]
    key = {**found.key, "cells": [found.key["cells"][1]] * 2}
    cells = [cell.copy() for cell in twice]
    for cell in cells:
        cell.outputs = []
    merge.give(cells, outputs.Outputs(twice, key, {}, ""))
    assert [cell.outputs[0]["data"]["text/plain"] for cell in cells] == ["2", "3"]


def test_the_provenance_stands_below_the_chapter(project: Project) -> None:
    last = merged(project, A).cells[-1]
    assert last.cell_type == "markdown"
    for part in ("profile `cpu`", "numpy 2.", "a/first (0, 1)", "Data: none"):
        assert part in last.source
    assert "mnist (original, `" in merged(project, C).cells[-1].source


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_without_readable_outputs_the_text_alone_is_shown(project: Project, damage: str) -> None:
    path = project.outputs(B)
    path.unlink() if damage == "missing" else path.write_text(path.read_text()[:50])
    notebook = merged(project, B)
    assert [shown(cell) for cell in code(notebook)] == ["", ""]
    assert "provenance" not in notebook.cells[-1].source


def test_the_alternative_text_of_a_figure_is_its_caption_without_markup(
    project: Project, warnings: list[tuple[str, str]]
) -> None:
    figure = code(merged(project, C))[3]
    alt = figure.metadata["mystnb"]["image"]["alt"]
    assert alt == "A ramp from black to white, the first of two."
    assert warnings == []


def test_an_alternative_text_of_its_own_is_kept(project: Project) -> None:
    project.replace(f"book/{C}.md", "mystnb:\n  fig", "mystnb:\n  image: {alt: My own.}\n  fig")
    assert code(merged(project, C))[3].metadata["mystnb"]["image"]["alt"] == "My own."


def test_a_figure_without_caption_and_alternative_text_is_a_warning_at_its_cell(
    project: Project, warnings: list[tuple[str, str]]
) -> None:
    path = project.root / "book" / f"{C}.md"
    text = path.read_text()
    head, _, rest = text.partition("---\nmystnb:")
    path.write_text(head + rest.partition("---\n")[2])
    merged(project, C)
    ((location, message),) = warnings
    assert "neither caption nor alternative text. Add mystnb: figure: caption:" in message
    line = int(location.rpartition(":")[2])
    assert path.read_text().splitlines()[line - 1].startswith("plots.pictures(")


@pytest.mark.parametrize(
    ("caption", "alt"),
    [
        ("Two\nlines.\n", "Two lines."),
        ("The **loss** of *one* `model` costs $x$.", "The loss of one model costs x."),
        ("See {numref}`fig-a` and {cite:t}`lesson-s0`.", "See fig-a and lesson-s0."),
        ("Shape of `x_train`, *not* of y_test_all.", "Shape of x_train, not of y_test_all."),
        (r"Between $x_1$ and $\alpha x_2$ \* 3.", "Between x_1 and alpha x_2 * 3."),
        ("One.\n\nTwo.", "One. Two."),
        ("", ""),
    ],
)
def test_a_caption_becomes_plain_text(caption: str, alt: str) -> None:
    assert merge.plain(caption) == alt
