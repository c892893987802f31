"""The notebooks that readers download or open in Colab, and the wheel that these install."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import ParallelTasks, parallel_available

from course import chapters, quizzes
from course.errors import QuizError, SiteError
from course.execution.keys import State
from course.execution.outputs import Outputs
from course.site import exercise, install, plain, quiz
from course.storage import write_text

FOLDER = "notebooks"


def begin(app: Sphinx, env: BuildEnvironment) -> None:
    """Let the notebooks be written beside the pages, in a process of their own."""
    del env
    if app.builder.name == "html" and parallel_available:
        app.course_downloads = ParallelTasks(1)  # type: ignore[attr-defined]
        app.course_downloads.add_task(lambda: write(app, None))  # type: ignore[attr-defined]


def end(app: Sphinx, failure: Exception | None) -> None:
    """Wait for the notebooks; write them now where no page was, or there are no processes."""
    tasks = getattr(app, "course_downloads", None)
    if tasks is None:
        write(app, failure)
    else:
        tasks.join()


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
    # GitHub Pages leaves out folders such as _static unless this file is there.
    (out / ".nojekyll").touch()
    served = out / install.WHEELS
    served.mkdir(exist_ok=True)
    for old in served.glob("*.whl"):
        if old.name != wheels[-1].name:
            old.unlink()
    shutil.copy2(wheels[-1], served)
    exercise.write(Path(app.srcdir), out, app.config.html_baseurl or "")
    from course.runs import carry  # brings NumPy, for which the pages need not wait

    runs = Path(app.srcdir) / carry.FOLDER
    for state in app.course_states:  # type: ignore[attr-defined]
        made = notebook(state, wheels[-1], app.config.html_baseurl or "", runs)
        text = nbformat.writes(made) + "\n"
        path = out / FOLDER / f"{state.chapter.name}.ipynb"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)


def notebook(state: State, wheel: Path, site: str, runs: Path) -> Any:
    """A chapter as a notebook that runs anywhere: its text and code, and cells to begin with.

    Args:
        state: the chapter and its outputs.
        wheel: the wheel to install.
        site: address of the published site; without one the notebook holds what it needs.
        runs: the folder of the carried runs.
    """
    chapter = state.chapter
    made = chapters.read_notebook(chapter.path.read_text(encoding="utf-8"), chapter.path)
    values = glued(state.outputs) if state.outputs else {}
    known = state.outputs.key["libraries"] if state.outputs else {}
    # What is installed is called otherwise than what is imported: scikit-learn, sklearn.
    libraries = [
        known.get(name, {"distribution": name})["distribution"] for name in chapter.libraries
    ]
    needed = sorted(set(chapter.loads) - set(chapter.trains))
    if site:
        cells = install.from_site(wheel.name, site, libraries, loads=bool(needed))
    else:
        from course.runs import carry

        files = [runs / carry.file_name(name) for name in needed]
        cells = install.with_files(wheel, libraries, [path for path in files if path.is_file()])
    for index, cell in enumerate(made.cells, 1):
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
        cell.id = f"cell-{index}"
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "markdown":
            cell.source = plain.markdown(with_questions(cell.source, chapter.path), values)
        cells.append(cell)
        if caption:
            text = plain.caption(caption, values)
            cells.append(nbformat.v4.new_markdown_cell(text, id=f"caption-{index}"))
    made.cells = cells
    made.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    return made


def with_questions(text: str, path: Path) -> str:
    """Text of a chapter in which its questions stand in place of the directive that shows them."""
    if not quiz.FENCE.search(text):
        return text
    try:
        found = quizzes.read(quizzes.file_of(path.parents[1], path.stem))
    except QuizError:
        found = []  # the reading of the page has said so already
    return quiz.in_notebook(text, found)


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
