"""The headline results, as the committed outputs have them."""

from __future__ import annotations

from pathlib import Path

from course.execution import status

# What the course promises of a headline, by the headline's words.
TARGETS = {
    "Better recipe, test accuracy": "at least 0.996",
    "Better recipe, two-core minutes": "at most 6",
    "Better recipe, parameters": "fewer than 843,658, the published network's",
    "Regression, last model, test mse / noise floor": "at most 1.05",
    "Regression, last model, mse on fresh pupils / noise floor": "at most 1.02",
    "Regression, last model, two-core seconds a run": "at most 30",
    "Regression, published network 4–8, dropout, test mse": "727.7 as published",
    "Regression, published network 4–8–4, test mse": "479.4 as published",
    "Regression, published network 4–8–16–32–16–4, test mse": "14.27 as published",
    "Published network, test accuracy": "0.9929 as published",
    "Published network, parameters": "843,658 as published",
    "Frozen features, test accuracy": "at least 0.985",
    "Frozen features, two-core seconds from pictures to score": "at most 90",
    "Fine-tuned, test accuracy": "at least 0.988",
    "Fine-tuned, two-core minutes from pictures to score": "at most 6",
    "Eyes, validation accuracy": "at least 0.80",
    "Cats and dogs baseline, parameters": "3,453,121 as published",
    "Cats and dogs baseline, validation accuracy, last epoch": "0.70 to 0.76",
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
