"""The Sphinx extension of the course: outputs of chapters, provenance, downloads, buttons."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pybtex.plugin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from course import __version__, profiles
from course.errors import CourseError
from course.execution import outputs, status
from course.execution.keys import State
from course.site import buttons, current, downloads, exercise, quiz, report

LOGGER = logging.getLogger(__name__)


# Extensions that say nothing of parallel reading, and do nothing in a build of pages: one is for
# LaTeX, the other numbers chapters where `use_multitoc_numbering` asks for it.
IDLE = ("sphinx_jupyterbook_latex", "sphinx_multitoc_numbering")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.add_config_value("course_address", "", "html", str)
    app.add_directive("execution-report", report.ExecutionReport)
    app.add_directive("exercise-facts", exercise.ExerciseFacts)
    app.add_directive("outcome-map", exercise.OutcomeMap)
    quiz.setup(app)
    # After myst-nb has made its configuration, which the chapters' reader is added to.
    app.connect("builder-inited", take_states, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", buttons.add, priority=900)
    app.connect("env-before-read-docs", work_with_all_cores)
    app.connect("env-check-consistency", downloads.begin)
    app.connect("build-finished", downloads.end)
    app.connect("build-finished", remember, priority=900)
    register_citations()
    # Reading one page looks at nothing that another page's reading changes.
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def register_citations() -> None:
    """Tell pybtex what it would look for among all installed packages at every citation."""
    group, name = "pybtex.backends", "plaintext"
    pybtex.plugin.register_plugin(group, name, pybtex.plugin.find_plugin(group, name), force=True)


def take_states(app: Sphinx) -> None:
    """Look at the outputs of every chapter; warn of those that are stale; have the rest shown."""
    root = Path(app.srcdir)
    app.course_inputs = current.digest(root)  # type: ignore[attr-defined]
    try:
        states = status.states(root)
    except CourseError as error:
        raise ExtensionError(str(error)) from error
    app.course_states = states  # type: ignore[attr-defined]
    readers = {}
    for state in states:
        for reason in state.reasons:
            hint = f"Run `course execute {state.chapter.name}`."
            # What is wrong with a file of outputs says already how to make it again.
            said = reason if "course execute" in reason else f"{reason.rstrip('.')}. {hint}"
            LOGGER.warning(
                "stale: %s",
                said,
                location=docname(root, state),
                type="course",
                subtype="stale",
            )
        options = {"name": state.chapter.name, "root": str(root), "profile": profiles.current()}
        suffix = "/" + state.chapter.path.relative_to(root).as_posix()
        readers[suffix] = ("course.site.merge.read", options, False)
    config = app.env.mystnb_config  # type: ignore[attr-defined]
    app.env.mystnb_config = config.copy(custom_formats=readers)  # type: ignore[attr-defined]


def work_with_all_cores(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Let pages be read and written in parallel.

    Sphinx makes one portion of pages a process, so more processes than cores end at the same time.
    """
    del env, names
    app.parallel = 1 + 2 * (os.cpu_count() or 1)
    for name in IDLE:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages to read again because outputs changed although their text did not."""
    del added, changed, removed
    root = Path(app.srcdir)
    states: list[State] = app.course_states  # type: ignore[attr-defined]
    now = {docname(root, s): (s.outputs.digest if s.outputs else "", s.reasons) for s in states}
    before = getattr(env, "course_shown", {})
    env.course_shown = now  # type: ignore[attr-defined]
    pages = [page for page, shown in now.items() if before.get(page) != shown]
    pages += [page for page in env.metadata if pages and "execution-report" in env.metadata[page]]
    return [page for page in pages if page in env.found_docs]


def remember(app: Sphinx, failure: Exception | None) -> None:
    """Note what the pages were made from, so that the same is not built again.

    While a chapter is stale nothing is noted: its warning must come back with every build.
    """
    states: list[State] = app.course_states  # type: ignore[attr-defined]
    if failure is None and app.builder.name == "html" and all(state.fresh for state in states):
        current.remember(Path(app.srcdir), app.course_inputs)  # type: ignore[attr-defined]


def docname(root: Path, state: State) -> str:
    """Sphinx's name of a chapter's page."""
    return state.chapter.path.relative_to(root).with_suffix("").as_posix()


__all__ = ["docname", "outdated", "outputs", "setup", "take_states"]
