"""Notebooks downloaded from the built site run top to bottom where nothing is installed yet."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from course.site import build

ROOT = Path(__file__).parents[3]
# One that trains nothing, and after it, in the same environment, one that needs another library
# and trains some seventy small networks: fewer epochs, the rest is as students get it.
CHAPTERS = {
    "02-convolution": {},
    "06-regression": {"EPOCHS": 2, "LAST_EPOCHS": 2, "PEN_EPOCHS": 2},
}
OURS = ("PYTHONPATH", "VIRTUAL_ENV", "COURSE_PROFILE", "COURSE_RECORD", "MPLBACKEND")


def reduced(notebook: Any, constants: dict[str, int]) -> Any:
    """The notebook with other values of named constants, set in the cells that bind them."""
    for name, value in constants.items():
        binding = [c for c in notebook.cells if c.cell_type == "code" and binds(c.source, name)]
        (cell,) = binding
        cell.source += f"\n{name} = {value}"
    return notebook


def binds(source: str, name: str) -> bool:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the cell with %pip
        return False
    targets = [t for s in tree.body if isinstance(s, ast.Assign) for t in s.targets]
    nodes = [node for target in targets for node in ast.walk(target)]
    return any(isinstance(node, ast.Name) and node.id == name for node in nodes)


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A fresh environment that has Jupyter's kernel and nothing else, and its variables."""
    folder = tmp_path_factory.mktemp("student")
    environment = {k: v for k, v in os.environ.items() if k not in OURS}
    environment |= {
        "CNN_COURSE_CACHE": str(folder / "cache"),
        "IPYTHONDIR": str(folder / "ipython"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    subprocess.run([sys.executable, "-m", "venv", str(folder / "cnn")], check=True)
    python = folder / "cnn" / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "ipykernel"]
    done = subprocess.run(
        command, env=environment, cwd=folder, check=False, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        pytest.skip(f"pip reaches no package index here; it says: {said[0]}")
    absent = [str(python), "-c", "import course"]
    assert subprocess.run(absent, env=environment, cwd=folder, check=False).returncode
    kernel = {"argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    spec = {**kernel, "display_name": "Python 3", "language": "python"}
    (folder / "kernels" / "student").mkdir(parents=True)
    (folder / "kernels" / "student" / "kernel.json").write_text(json.dumps(spec))
    return folder, environment


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif("CNN_COURSE_DATA" not in os.environ, reason="CNN_COURSE_DATA names no data")
def test_notebooks_of_the_site_install_what_they_need_and_run_to_their_end(
    student: tuple[Path, dict[str, str]],
) -> None:
    folder, environment = student
    site = build.build(ROOT, strict=False, clean=False).parent
    for name, constants in CHAPTERS.items():
        notebook = nbformat.read(site / "notebooks" / f"{name}.ipynb", 4)
        count = sum(cell.cell_type == "code" for cell in notebook.cells)
        specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")])
        manager = AsyncKernelManager(kernel_name="student", kernel_spec_manager=specs)
        client = NotebookClient(reduced(notebook, constants), km=manager, timeout=1200)
        client.execute(env=environment, cwd=str(folder), cleanup_kc=True)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert any(cell.source.startswith("# Run this cell once") for cell in code[:2])
        assert [cell.execution_count for cell in code] == list(range(1, count + 1))
        assert any("image/png" in output.get("data", {}) for c in code for output in c.outputs)
        assert not any(o.output_type == "error" for c in code for o in c.outputs)
    kept = list((folder / "cache" / "runs").glob("*/run.json"))
    assert len(kept) > 50
    assert all(len(json.loads(path.read_text())["history"]["loss"]) <= 2 for path in kept)
