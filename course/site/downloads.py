"""The notebooks that readers download or open in Colab, and the wheel that these install."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx

from course import chapters
from course.errors import SiteError
from course.execution.keys import State
from course.execution.outputs import Outputs
from course.runs import carry
from course.site import plain
from course.storage import write_text

FOLDER = "notebooks"
WHEELS = "wheels"
# Where `make serve` shows the site; a published site says its own address in _config.yml.
LOCAL = "http://localhost:8000/"


def write(app: Sphinx, failure: Exception | None) -> None:
    """Write one notebook a chapter beside the pages, and the wheel.

    Raises:
        SiteError: there is no wheel to serve.
    """
    if failure is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    wheels = sorted((Path(app.srcdir) / "_build" / "wheel").glob("cnn_course-*.whl"))
    if not wheels:
        raise SiteError("There is no wheel in _build/wheel; `make site` builds it.")
    (out / WHEELS).mkdir(exist_ok=True)
    shutil.copy2(wheels[-1], out / WHEELS)
    address = app.config.html_baseurl or LOCAL
    for state in app.env.course_states:  # type: ignore[attr-defined]
        made = notebook(state, f"{address.rstrip('/')}/{WHEELS}/{wheels[-1].name}")
        text = nbformat.writes(made) + "\n"
        path = out / FOLDER / f"{state.chapter.name}.ipynb"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)


def notebook(state: State, wheel: str) -> Any:
    """A chapter as a notebook that runs anywhere: its own text and code, and a cell to begin with.

    Args:
        state: the chapter and its outputs.
        wheel: address of the wheel to install.
    """
    chapter = state.chapter
    made = chapters.read_notebook(chapter.path.read_text(encoding="utf-8"), chapter.path)
    values = glued(state.outputs) if state.outputs else {}
    for index, cell in enumerate(made.cells, 1):
        cell.id = f"cell-{index}"
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "markdown":
            cell.source = plain.markdown(cell.source, values)
    known = state.outputs.key["libraries"] if state.outputs else {}
    # What is installed is called otherwise than what is imported: scikit-learn, sklearn.
    libraries = " ".join(
        known.get(name, {"distribution": name})["distribution"] for name in chapter.libraries
    )
    # Where runs of earlier chapters come from, for a notebook that stands alone.
    site = wheel.partition(f"/{WHEELS}/")[0]
    origin = f'import os\n\nos.environ.setdefault("{carry.SITE}", "{site}")\n\n'
    first = nbformat.v4.new_code_cell(
        "# Run this cell once. It installs what the notebook needs, if it is not there yet.\n"
        f"{origin if set(chapter.loads) - set(chapter.trains) else ''}"
        "import importlib.util\n\n"
        'if importlib.util.find_spec("course") is None:\n'
        f"    %pip install --quiet {wheel} {libraries}",
        id="cell-install",
    )
    made.cells.insert(0, first)
    made.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    return made


def glued(found: Outputs) -> dict[str, str]:
    """The glued values of a chapter by name, as text."""
    values = {}
    for cell in found.cells:
        for output in cell.outputs:
            scrap = output.get("metadata", {}).get("scrapbook")
            if scrap:
                text = output.data[scrap["mime_prefix"] + "text/plain"]
                values[scrap["name"]] = str(ast.literal_eval(text)) if text[0] in "'\"" else text
    return values
