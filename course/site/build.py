"""Builds the site: front-end files, the wheel that notebooks install, the pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from course import chapters
from course.errors import SiteError
from course.execution import status
from course.site import current, vendor

BUILD = "_build"


def build(root: Path, *, strict: bool, clean: bool) -> Path:
    """Build the site. Nothing is executed, and nothing is fetched but the front-end files.

    Args:
        root: the folder of the course.
        strict: every warning fails the build, stale chapters and dead references among them.
        clean: begin from nothing, so that pages that are gone leave no file behind.

    Returns:
        The first page.

    Raises:
        SiteError: the front-end files or the wheel cannot be made, or the build failed.
        ChapterError: the table of contents and the files do not match.
    """
    now = current.digest(root)
    page = root / current.PAGE
    if current.is_current(root, now) and not strict and not clean:
        return page
    current.forget(root)
    states = status.states(root)
    if clean:
        shutil.rmtree(root / BUILD / "html", ignore_errors=True)
        shutil.rmtree(root / BUILD / ".doctrees", ignore_errors=True)
    vendor.fetch(root / "web", root / "web" / "vendor")
    wheel(root)
    if pages(root, strict) or not page.is_file():
        raise SiteError("The site was not built. Each warning or error above names its file.")
    if all(state.fresh for state in states):
        current.remember(root, now)
    return page


def pages(root: Path, strict: bool) -> bool:
    """Let Jupyter Book write the pages; say whether it failed.

    Its command line does the same and takes a second longer to start.
    """
    from jupyter_book.sphinx import build_sphinx

    settings: dict[str, object] = {
        "external_toc_path": str(root / chapters.TOC),
        "latex_individualpages": False,
    }
    if strict:
        settings["nitpicky"] = True
    result = build_sphinx(
        root,
        root / BUILD / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides=settings,
        warningiserror=strict,
        keep_going=strict,
        quiet=True,
    )
    return bool(result)


def wheel(root: Path) -> Path:
    """Build the wheel of the package, unless the one there is newer than every source.

    Raises:
        SiteError: the wheel cannot be built.
    """
    folder = root / BUILD / "wheel"
    sources = [root / "pyproject.toml", root / "README.md"]
    sources += [p for name in ("course", "autograder") for p in (root / name).rglob("*.py")]
    sources += (root / "course" / "data").glob("*.toml")
    newest = max(path.stat().st_mtime for path in sources)
    found = sorted(folder.glob("cnn_course-*.whl"))
    if found and found[-1].stat().st_mtime > newest:
        return found[-1]
    shutil.rmtree(folder, ignore_errors=True)
    # setuptools comes with the lock: without build isolation nothing has to be downloaded.
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(root)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = sorted(folder.glob("cnn_course-*.whl"))
    if done.returncode or not found:
        raise SiteError(f"The wheel of the course could not be built:\n{done.stderr.strip()}")
    return found[-1]
