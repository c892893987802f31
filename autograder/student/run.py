"""Entry into the sandbox's student side: `python run.py SETTINGS`, SETTINGS being JSON.

Beside those of `driver.Driver`: `reading` and `writing`, the descriptors of the
channel; `submission`, the file with its cells.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

LOADED = (
    "IPython.core.interactiveshell",
    "traitlets.config",
    "autograder.student.driver",
    "autograder.student.stub",
    "autograder.values.frames",
)


def load() -> None:
    """Import what is out of reach once the notebook's folder is the place to import from."""
    for name in LOADED:
        importlib.import_module(name)


def start(settings: dict[str, Any]) -> None:
    """Run the notebook in the folder where the assignment's files are; does not come back."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from autograder.student import driver, stub
    from autograder.values import wire

    class Shell(InteractiveShell):
        """A shell without a window system, which `%matplotlib inline` asks for."""

        def enable_gui(self, _: str | None = None) -> None:
            """Nothing to enable."""

    sys.path[0] = ""
    sys.path.append(str(Path.cwd()))
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 1000
    shell = Shell.instance(config=config)
    cells = json.loads(Path(settings["submission"]).read_text(encoding="utf-8"))
    channel = wire.Channel(settings["reading"], settings["writing"])
    for fd in (channel.reading, channel.writing):
        os.set_inheritable(fd, False)
    sys.argv[:] = [""]
    running = driver.Driver(shell, channel, settings)
    stub.install(running.check)
    try:
        running.run(cells)
    finally:
        # No exit handlers, no waiting for threads that a notebook has started.
        os._exit(0)


def main() -> None:
    """Read the settings and start."""
    settings = json.loads(sys.argv[1])
    # The folder of this script must not shadow anything that a notebook imports.
    sys.path[0] = str(Path(__file__).parents[2])
    load()
    start(settings)


if __name__ == "__main__":
    main()
