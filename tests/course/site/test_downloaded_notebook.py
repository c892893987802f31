"""A notebook downloaded from the built site runs where the course was never installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build" / "html"
CHAPTER = "02-convolution"  # the one that trains nothing

RUN = """
import sys
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, km=manager, timeout=300).execute()
nbformat.write(notebook, sys.argv[1])
"""


def strangers_python(folder: Path) -> Path:
    """A Python that has the libraries of this one, but not the course."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    ours = next(p for p in sys.path if p.endswith("site-packages"))
    # A folder named in a .pth file is searched, but its own .pth files (such as that of an
    # editable install of the course) are not read.
    (site_packages / "libraries.pth").write_text(ours + "\n", encoding="utf-8")
    return folder / "bin" / "python"


@pytest.mark.slow
@pytest.mark.skipif(not SITE.is_dir(), reason="there is no site; build it with `make site`")
@pytest.mark.skipif("CNN_COURSE_DATA" not in os.environ, reason="CNN_COURSE_DATA names no data")
def test_a_downloaded_notebook_installs_the_wheel_that_it_carries_and_runs_to_its_end(
    tmp_path: Path,
) -> None:
    python = strangers_python(tmp_path / "environment")
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    clean |= {"CNN_COURSE_CACHE": str(tmp_path / "cache"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    absent = subprocess.run(
        [python, "-c", "import course"], env=clean, cwd=tmp_path, check=False, capture_output=True
    )
    assert absent.returncode, "the course must not be importable before the first cell"
    notebook = tmp_path / "chapter.ipynb"
    shutil.copy(SITE / "notebooks" / f"{CHAPTER}.ipynb", notebook)
    done = subprocess.run(
        [python, "-c", RUN, str(notebook)],
        env=clean, cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    executed = nbformat.read(notebook, 4)
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert code[1].source.startswith("# Run this cell once")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any("image/png" in output.get("data", {}) for c in code for output in c.outputs)
