"""Glued values arrive in the outputs as the site and `course status` read them."""

from __future__ import annotations

from typing import Any

import nbformat
import numpy as np
import pytest

from course import results, runs
from course.execution.outputs import Outputs
from course.site import downloads


def glued(monkeypatch: pytest.MonkeyPatch, value: Any, headline: str | None = None) -> Outputs:
    """The outputs of a chapter that glues one value."""
    shown = []

    def display(data: dict[str, str], *, raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        shown.append(nbformat.v4.new_output("display_data", data, metadata=metadata))

    monkeypatch.setattr("IPython.display.display", display)
    results.glue("ch01-value", value, headline=headline)
    return Outputs([nbformat.v4.new_code_cell("1", outputs=shown)], {}, {}, "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (np.float64(0.25), "0.25"),
        (np.float32(0.5), "0.5"),
        (np.int64(7), "7"),
        (np.array(3), "3"),
        (843_658, "843658"),
        ("it's", "it's"),
        ('"quoted"', '"quoted"'),
        (runs.spread([0.9, 0.91, 0.92]), "0.9100 ± 0.0100 (3 seeds)"),
    ],
)
def test_text_quotes_the_value_as_it_prints(
    monkeypatch: pytest.MonkeyPatch, value: Any, text: str
) -> None:
    assert downloads.glued(glued(monkeypatch, value)) == {"ch01-value": text}


def test_only_headlines_are_headlines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert glued(monkeypatch, 1).headlines == {}
    spread = runs.spread([0.9, 0.92])
    assert glued(monkeypatch, spread, "Best accuracy").headlines == {
        "Best accuracy": "0.9100 ± 0.0141 (2 seeds)"
    }
