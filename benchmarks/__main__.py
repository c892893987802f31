"""`python -m benchmarks [NAME…]`: all measurements, or those named.

`exercises=NAME` measures one exercise.
"""

from __future__ import annotations

import sys

from benchmarks import (
    exercises,
    grading,
    install,
    patients,
    site_build,
    sizes,
    training,
    workers,
)
from course import project

MEASUREMENTS = {
    "site": site_build.measure,
    "sizes": sizes.measure,
    "training": training.measure,
    "install": install.measure,
    "exercises": exercises.measure,
    "patients": patients.measure,
    "grading": grading.measure,
    "thousand": grading.thousand,
    "workers": workers.measure,
}


def main() -> None:
    """Run the measurements named on the command line, or all."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    unknown = {name for name in names if name.partition("=")[0] not in MEASUREMENTS}
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(unknown)}. There are: {', '.join(MEASUREMENTS)}.")
    for name in names:
        print(f"== {name}")
        measure, _, part = name.partition("=")
        if part and measure != "exercises":
            raise SystemExit(f"{measure} cannot be measured in parts.")
        MEASUREMENTS[measure](project.root(), *filter(None, [part]))


main()
