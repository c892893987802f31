"""Runs plain `otter run` and writes what came out as JSON; a script of its own for `grading`.

Arguments: the bundle, the notebook, the file to write, and the key of the metadata by which a
cell knows its place in the master.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from otter.run import main


def run(bundle: str, notebook: str, out: str, mark: str) -> None:
    """Grade one notebook."""
    results = main(notebook, autograder=bundle, output_dir=None, no_logo=True)
    error = results._catastrophic_error
    cells = results.notebook.cells if results.notebook else []
    # Of the kernel, which this process started and has waited for. A process that grades several
    # notebooks could not tell them apart.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found = {
        # Kilobytes under Linux, bytes on a Mac.
        "memory_mb": memory / (1024 if sys.platform != "darwin" else 1024**2),
        "error": None if error is None else f"{type(error).__name__}: {error}",
        "files": [file.to_dict() for file in results.results.values()],
        "raised": [
            {**cell.metadata.get(mark, {}), "name": o.ename, "text": o.evalue, "trace": o.traceback}
            for cell in cells
            if cell.cell_type == "code"
            for o in cell.outputs
            if o.output_type == "error"
        ],
    }
    Path(out).write_text(json.dumps(found, default=str), encoding="utf-8")


if __name__ == "__main__":
    run(*sys.argv[1:])
