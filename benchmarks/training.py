"""The headline results, as the committed outputs have them."""

from __future__ import annotations

from pathlib import Path

from course.execution import status

# What the course promises of a headline, by the headline's words.
TARGETS = {
    "Better recipe, test accuracy": "at least 0.996",
    "Better recipe, two-core minutes": "at most 6",
    "Better recipe, parameters": "fewer than 843,658, the published network's",
    "Published network, test accuracy": "0.9929 as published",
    "Published network, parameters": "843,658 as published",
    "Cats and dogs baseline, parameters": "3,453,121 as published",
    "Cats and dogs baseline, validation accuracy, last epoch": "0.70 to 0.76",
}


def measure(root: Path) -> None:
    """Print every headline result. To measure them anew: `course execute --all`."""
    for state in status.states(root):
        word = "fresh" if state.fresh else "stale"
        for title, value in (state.outputs.headlines if state.outputs else {}).items():
            target = f" (target: {TARGETS[title]})" if title in TARGETS else ""
            print(f"{state.chapter.name} ({word}): {title}: {value}{target}")
