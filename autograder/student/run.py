"""Entry into the sandbox's student side: `python run.py SETTINGS`, SETTINGS being JSON.

Beside those of `driver.Driver`: `reading` and `writing`, the descriptors of the
channel; `submission`, the file with its cells.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

LOADED = (
    "asyncio",
    "IPython.core.displaypub",
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
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    from autograder.student import driver, stub
    from autograder.values import wire

    class Publisher(DisplayPublisher):
        """Shows nobody what a notebook displays. A kernel's prints nothing of it either."""

        def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
            """Nobody to send it to."""
            self._validate_data(data, metadata)  # type: ignore[no-untyped-call]

        def clear_output(self, wait: bool = False) -> None:
            """Nothing to clear."""

    class ZMQInteractiveShell(InteractiveShell):
        """A shell that libraries take for a kernel's, by its name and its `kernel`.

        Without a window system, which `%matplotlib inline` asks for.
        """

        kernel = None
        display_pub_class = Type(Publisher)

        def enable_gui(self, _: str | None = None) -> None:
            """Nothing to enable."""

    without_watches()
    sys.path[0] = ""
    sys.path.append(str(Path.cwd()))
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 1000
    shell = ZMQInteractiveShell.instance(config=config)
    cells = json.loads(Path(settings["submission"]).read_text(encoding="utf-8"))
    channel = wire.Channel(settings["reading"], settings["writing"])
    for fd in (channel.reading, channel.writing):
        os.set_inheritable(fd, False)
    sys.argv[:] = [""]
    running = driver.Driver(shell, channel, settings)
    stub.install(running.check, running.emojis.draw)
    try:
        # Calls that come after the last cell find `get_ipython` as those in a cell do.
        with shell.builtin_trap:
            running.run(cells)
    finally:
        # No exit handlers, no waiting for threads that a notebook has started.
        os._exit(0)


def without_watches() -> None:
    """Refuse the calls that watch files: a notebook could take all that the machine has for a user,
    and the tests of others need some."""
    if sys.platform == "linux":
        from autograder.sandbox import seccomp
        from autograder.template import kernel

        rules = seccomp.program(calls=seccomp.WATCHES)
        if rules is not None:
            # Without a sandbox, an ordinary user may not.
            with contextlib.suppress(kernel.KernelError):
                kernel.filtered(rules)


def main() -> None:
    """Read the settings and start."""
    settings = json.loads(sys.argv[1])
    # The folder of this script must not shadow anything that a notebook imports.
    sys.path[0] = str(Path(__file__).parents[2])
    load()
    start(settings)


if __name__ == "__main__":
    main()
