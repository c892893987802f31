"""Whether a site has to be built again."""

from __future__ import annotations

import pytest
from small_course import Project

from course.site import current


def test_a_site_is_current_as_long_as_nothing_changes(project: Project) -> None:
    now = current.digest(project.root)
    assert not current.is_current(project.root, now)  # there is no site yet
    page = project.root / current.PAGE
    page.parent.mkdir(parents=True)
    page.touch()
    current.remember(project.root, now)
    assert current.is_current(project.root, current.digest(project.root))
    current.forget(project.root)
    assert not current.is_current(project.root, now)


@pytest.mark.parametrize(
    "changed",
    ["book/a-train.md", "outputs/cpu/a-train.ipynb", "_config.yml", "course/site/merge.py",
     "requirements.txt", "web/package-lock.json", "book/new.md", "models/digit.json"],
)  # fmt: skip
def test_everything_that_a_page_is_made_from_counts(project: Project, changed: str) -> None:
    before = current.digest(project.root)
    path = project.root / changed
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(" ")
    assert current.digest(project.root) != before


def test_the_profile_counts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current.digest(project.root)
    monkeypatch.setenv("COURSE_PROFILE", "gpu")
    assert current.digest(project.root) != before


@pytest.mark.parametrize(
    "left", ["course/__pycache__/x.pyc", "_build/html/x.html", "cache/runs/x", "notes.txt"]
)
def test_what_no_page_is_made_from_does_not_count(project: Project, left: str) -> None:
    before = current.digest(project.root)
    path = project.root / left
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("left by a tool")
    assert current.digest(project.root) == before
