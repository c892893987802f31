"""`python -m tests.autograder.warm.waiting FOLDER`: grade a notebook, name all processes, wait."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from autograder.sandbox import watch
from autograder.warm import shared
from tests.autograder.warm.probing import Prober


def main() -> None:
    """Print the numbers of the templates' processes on one line."""
    Prober(Path(sys.argv[1])).said("said = 'graded'")
    found = [n for item in shared().templates.values() for n in watch.descendants(item.first)]
    print(*found, flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main()
