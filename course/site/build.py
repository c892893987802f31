"""Builds the site: front-end files, the wheel that notebooks install, the pages."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from course import chapters
from course.errors import SiteError
from course.site import current, install, vendor

BUILD = "_build"
VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


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
    chapters.listed(root)
    if clean:
        shutil.rmtree(root / BUILD / "html", ignore_errors=True)
        shutil.rmtree(root / BUILD / ".doctrees", ignore_errors=True)
    vendor.fetch(root / "web", root / "web" / "vendor")
    wheel(root)
    if pages(root, strict) or not page.is_file():
        current.forget(root)
        raise SiteError("The site was not built. Each warning or error above names its file.")
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
    # Sphinx makes millions of small objects and drops hardly any of them before it ends. Looking
    # for garbage among them took a quarter of a build.
    gc.disable()
    try:
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
    finally:
        gc.enable()
    return bool(result)


def wheel(root: Path) -> Path:
    """Build the wheel of the package, unless there is one of these very sources.

    Its version names the digest of the sources (`0.1.0+sab12cd34`), so that a reader who has an
    older one gets this one.

    Raises:
        SiteError: the wheel cannot be built.
    """
    made = wheel_file(root)
    if made.is_file():
        return made
    shutil.rmtree(made.parent, ignore_errors=True)
    # From a copy: a `build` folder beside the sources brings back modules that are gone.
    with tempfile.TemporaryDirectory() as folder:
        copy, out = Path(folder) / "source", Path(folder) / "wheel"
        for path in sources(root):
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        settings = copy / "pyproject.toml"
        text = settings.read_text(encoding="utf-8")
        version = f'version = "{install.version_of(made.name)}"'
        settings.write_text(VERSION.sub(version, text, count=1), encoding="utf-8")
        # setuptools comes with the lock: without build isolation nothing has to be downloaded.
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out)]
        command = [sys.executable, "-m", "pip", "wheel", *options, str(copy)]
        # A fixed date: equal sources give equal files.
        dated = {**os.environ, "SOURCE_DATE_EPOCH": "946684800"}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=dated)
        if done.returncode or not (out / made.name).is_file():
            raise SiteError(f"The wheel of the course could not be built:\n{done.stderr.strip()}")
        made.parent.mkdir(parents=True, exist_ok=True)
        passing = made.with_suffix(".part")
        shutil.copy2(out / made.name, passing)
        passing.replace(made)
    return made


def wheel_file(root: Path) -> Path:
    """Where the wheel of the sources lies, built or not.

    Raises:
        SiteError: pyproject.toml names no version.
    """
    content = hashlib.sha256()
    for path in sources(root):
        data = path.read_bytes()
        content.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    version = VERSION.search((root / "pyproject.toml").read_text(encoding="utf-8"))
    if version is None:
        raise SiteError('pyproject.toml names no version; write `version = "0.1.0"` there.')
    # A letter first: of a digest that is all digits, installers drop a leading zero (PEP 440).
    name = f"cnn_course-{version[1]}+s{content.hexdigest()[:8]}-py3-none-any.whl"
    return root / BUILD / "wheel" / name


def sources(root: Path) -> list[Path]:
    """The files that the wheel is made from, in a fixed order."""
    found = [root / name for name in ("LICENSE", "README.md", "pyproject.toml")]
    for name in ("autograder", "course"):
        found += sorted((root / name).rglob("*"))
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]
