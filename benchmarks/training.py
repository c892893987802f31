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
    "CIFAR-10 modern, test accuracy": "at least 0.88",
    "CIFAR-10 modern, two-core minutes": "at most 15",
    "CIFAR-10 modern, parameters": "at most 1,400,000",
    "CIFAR-10 published, test accuracy": "0.593 as published",
    "CIFAR-10 published, parameters": "9,176,018 as published",
}


def measure(root: Path) -> None:
    """Print every headline result. To measure them anew: `course execute --all`."""
    for state in status.states(root):
        word = "fresh" if state.fresh else "stale"
        for title, value in (state.outputs.headlines if state.outputs else {}).items():
            target = f" (target: {TARGETS[title]})" if title in TARGETS else ""
            print(f"{state.chapter.name} ({word}): {title}: {value}{target}")
