"""A grader as open as they come: everything in one process, as `otter run` does it.

Only for showing that an attack works where nothing stops it. `python open_grader.py` imports what
takes time and reads lines of JSON: `folder`, with `tests/`, all files and `answers.ipynb`;
`result`, a path; and `seconds`. For each it forks a grader, which forks a process for the notebook,
and prints one line: whether it had to be ended. The notebook's process gets mild limits so that the
machine survives.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pandas  # noqa: F401 - imported before the forks
from IPython.core.interactiveshell import InteractiveShell
from otter.check.notebook import Notebook
from otter.execute import Checker
from otter.test_files import GradingResults
from traitlets.config import Config

MEMORY, PROCESSES = 4 << 30, 600
SECONDS = Path("seconds.txt")


def run(notebook: Path) -> None:
    """Run the cells and the tests in this process; pickle what Otter found."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    sys.path.insert(0, "")
    Notebook.init_grading_mode("./tests")
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        # The last cell checks all questions, so its time is that of the tests.
        started = time.monotonic()
        shell.run_cell(cell["source"], store_history=True)
    for path in sorted(Path("tests").glob("*.py")):
        Checker.check_if_not_already_checked(f"./{path}", shell.user_ns)
    SECONDS.write_text(str(time.monotonic() - started))
    with open("results.pkl", "wb") as file:
        pickle.dump(GradingResults(Checker.get_results()), file)


def graded(result: Path) -> None:
    """Start the notebook's process, read its results as Otter does, report them."""
    notebook = os.fork()
    if not notebook:
        printed = os.open("printed.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        # And to the end of the program: an attack may wait for that.
        run(Path("answers.ipynb"))
        return
    os.waitpid(notebook, 0)
    with open("results.pkl", "rb") as file:
        results = pickle.load(file)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    result.write_text(
        json.dumps(
            {
                "score": float(results.total),
                "report": "\n".join(str(file) for file in results.results.values()),
                "peak": used,
                "printed": Path("printed.txt").stat().st_size,
                "seconds": float(SECONDS.read_text()) if SECONDS.is_file() else 0.0,
            }
        )
    )


def asked() -> dict[str, Any] | None:
    """In a fork: what is to be graded in it. In the first process: None, when nobody asks more."""
    for line in sys.stdin:
        told: dict[str, Any] = json.loads(line)
        fork = os.fork()
        if not fork:
            os.setsid()
            os.chdir(told["folder"])
            nowhere = os.open(os.devnull, os.O_RDWR)
            for fd in range(3):
                os.dup2(nowhere, fd)
            return told
        handle = os.pidfd_open(fork)
        in_time, _, _ = select.select([handle], [], [], told["seconds"])
        if not in_time:
            os.killpg(fork, signal.SIGKILL)
        os.waitpid(fork, 0)
        os.close(handle)
        print(json.dumps({"hang": not in_time}), flush=True)
    return None


def main() -> None:
    """Fork a grader for whoever asks."""
    told = asked()
    if told is not None:
        graded(Path(told["result"]))


if __name__ == "__main__":
    main()
