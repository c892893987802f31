"""Real builds of the small course with Jupyter Book."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from packaging.version import Version
from small_course import Project

from course.errors import SiteError
from course.execution import outputs
from course.site import build

A, B, C = "a-train", "b-compare", "c-pictures"
Build = Callable[..., str]


@pytest.fixture
def built(project: Project) -> Build:
    """Builds the site in a process of its own: Sphinx keeps much in a process that it used."""

    def run(*options: str, status: int = 0) -> str:
        command = [sys.executable, "-m", "course", "site", "build", *options]
        done = subprocess.run(
            command, check=False, cwd=project.root, capture_output=True, text=True
        )
        assert done.returncode == status, done.stderr
        return done.stderr

    return run


def page(project: Project, name: str) -> BeautifulSoup:
    path = project.root / "_build" / "html" / "book" / f"{name}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def text(project: Project, name: str) -> str:
    article = page(project, name).find("article")
    assert article is not None
    return " ".join(article.get_text(" ").split())


def test_a_site_of_fresh_outputs_is_built_without_a_warning_and_executes_nothing(
    project: Project, built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_COURSE_CACHE", str(project.root / "nothing"))
    assert built("--strict") == ""
    assert list(project.root.rglob("executed")) == []
    assert not (project.root / "nothing").exists()

    assert "mean 0." in text(project, B)
    assert "(2 seeds)" in text(project, A).partition("import")[0]  # glued into the text
    assert "How this page was made." in text(project, A)
    assert "Training runs (seeds): a/first (0, 1)" in text(project, A)

    assert "a is not right. It has 2 ." in text(project, A)  # glued into the questions
    assert len(page(project, A).select('script[src*="quiz.js"]')) == 1
    assert page(project, B).select('script[src*="quiz.js"]') == []

    (picture,) = page(project, C).select("article figure img")
    assert picture["alt"] == "A ramp from black to white, the first of two."
    assert (project.root / "_build/html/book" / str(picture["src"])).resolve().is_file()
    results = " ".join(node.get_text() for node in page(project, C).select(".cell_output"))
    assert "step 2" in results
    assert "a secret of the machine" not in results

    report = text(project, "report")
    assert report.count("fresh") == 6  # in the summary and in the chapters' own tables
    assert "mnist (original" in report
    assert "Score of the first model" in report
    assert re.search(r"Peak memory 0\.\d GB", report)

    html = project.root / "_build" / "html"
    for name in (A, B, C):
        download, colab = (a["href"] for a in page(project, name).select('a[href$=".ipynb"]'))
        assert str(colab).endswith(f"/github/owner/name/blob/gh-pages/notebooks/{name}.ipynb")
        target = (html / "book" / str(download)).resolve()
        assert target == html / "notebooks" / f"{name}.ipynb"
        assert json.loads(target.read_text())["nbformat"] == 4
    assert [p.name for p in (html / "wheels").iterdir()] == [build.wheel_file(project.root).name]
    assert (html / ".nojekyll").is_file()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The sources of a package of two modules, with a build of long ago beside them."""
    for name in ("course", "autograder", "build/lib/course"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "course" / "kept.py").write_text("A = 1\n")
    (tmp_path / "build" / "lib" / "course" / "gone.py").touch()
    (tmp_path / "README.md").write_text("A course.\n")
    (tmp_path / "LICENSE").write_text("Free.\n")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "cnn-course"\nversion = "0.1.0"\n'
        '[tool.setuptools]\npackages = ["course", "autograder"]\n'
    )
    return tmp_path


def test_the_wheel_holds_the_modules_that_there_are_and_is_built_once(package: Path) -> None:
    made = build.wheel(package)
    assert re.fullmatch(r"cnn_course-0\.1\.0\+s[0-9a-f]{8}-py3-none-any\.whl", made.name)
    names = zipfile.ZipFile(made).namelist()
    assert "course/kept.py" in names
    assert "course/gone.py" not in names
    before = made.stat().st_mtime_ns
    assert build.wheel(package) == made
    assert made.stat().st_mtime_ns == before
    assert list(made.parent.iterdir()) == [made]


def test_the_version_of_the_wheel_follows_what_the_sources_say_not_when_they_were_written(
    package: Path,
) -> None:
    first = build.wheel_file(package)
    os.utime(package / "course" / "kept.py", (1, 1))
    assert build.wheel_file(package) == first
    (package / "course" / "kept.py").write_text("A = 2\n")
    changed = build.wheel_file(package)
    assert changed != first
    (package / "course" / "kept.py").unlink()
    assert build.wheel_file(package) not in (first, changed)


def test_a_wheel_that_cannot_be_built_says_why(package: Path) -> None:
    (package / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(SiteError, match="names no version"):
        build.wheel(package)
    (package / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n')
    with pytest.raises(SiteError, match="could not be built"):
        build.wheel(package)


def test_a_stale_chapter_fails_a_strict_build_and_is_shown_with_a_warning_in_any_other(
    project: Project, built: Build
) -> None:
    project.replace(f"book/{B}.md", "len(first)", "len(first) + 1")
    warning = "stale: code cell 2 changed. Run `course execute b-compare`."
    said = built()
    assert said.count(warning) == 1
    assert f"book/{B}" in said
    assert "mean 0." in text(project, B)
    assert "**stale**" not in text(project, "report")
    assert "stale : code cell 2 changed" in text(project, "report")

    said = built("--strict", status=1)
    assert warning in said
    assert "The site was not built. Each warning or error above names its file." in said

    # Although its text does not change any more, the page shows the new outputs.
    found = outputs.read(project.outputs(A))
    assert found is not None
    found.cells[4].outputs[0].data["application/papermill.record/text/plain"] = "0.4321 anew"
    outputs.write(project.outputs(A), found.cells, found.key, found.provenance)
    pages = project.root / "_build" / "html" / "book"
    before = {p.name: p.stat().st_mtime_ns for p in pages.glob("*.html")}
    built()
    assert "0.4321 anew" in text(project, A)
    changed = {p.name for p in pages.glob("*.html") if p.stat().st_mtime_ns != before[p.name]}
    assert f"{A}.html" in changed


def test_changed_questions_make_no_chapter_stale_and_are_shown_by_the_next_build(
    project: Project, built: Build
) -> None:
    built()
    project.replace("book/quizzes/a-train.yml", "Too many.", "Far too many.")
    assert built() == ""
    assert "Far too many." in text(project, A)
    notebook = project.root / "_build" / "html" / "notebooks" / f"{A}.ipynb"
    assert "Far too many." in notebook.read_text(encoding="utf-8")


def test_the_version_of_a_wheel_is_one_that_no_installer_rewrites(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Digits:
        def update(self, content: bytes) -> None:
            """Takes anything."""

        def hexdigest(self) -> str:
            return "01146516" * 8

    monkeypatch.setattr(build.hashlib, "sha256", Digits)
    version = build.wheel_file(package).name.split("-")[1]
    assert str(Version(version)) == version
