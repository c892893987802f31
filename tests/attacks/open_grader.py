"""A grader as open as they come: everything in one process, as `otter run` does it.

Only for showing that an attack works where nothing stops it. `python open_grader.py NOTEBOOK
RESULT`, in a folder with `tests/` and all files; the notebook's process gets mild limits so that
the machine survives.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import time
from pathlib import Path

MEMORY, PROCESSES = 4 << 30, 600
SECONDS = Path("seconds.txt")


def run(notebook: Path) -> None:
    """Run the cells and the tests in this process; pickle what Otter found."""
    from IPython.core.interactiveshell import InteractiveShell
    from otter.check.notebook import Notebook
    from otter.execute import Checker
    from otter.test_files import GradingResults
    from traitlets.config import Config

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


def main() -> None:
    """Start the notebook's process, read its results as Otter does, report them."""
    if sys.argv[2] == "inner":
        run(Path(sys.argv[1]))
        return
    with open("printed.txt", "wb") as printed:
        subprocess.run(
            [sys.executable, __file__, sys.argv[1], "inner"],
            stdout=printed,
            stderr=printed,
            check=False,
        )
    with open("results.pkl", "rb") as file:
        results = pickle.load(file)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    Path(sys.argv[2]).write_text(
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


if __name__ == "__main__":
    main()
