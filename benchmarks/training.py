"""The headline results, as the committed outputs have them."""

from __future__ import annotations

from pathlib import Path

from course.execution import status


def measure(root: Path) -> None:
    """Print every headline result. To measure them anew: `course execute --all`."""
    for state in status.states(root):
        word = "fresh" if state.fresh else "stale"
        for title, value in (state.outputs.headlines if state.outputs else {}).items():
            print(f"{state.chapter.name} ({word}): {title}: {value}")
