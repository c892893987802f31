"""The buttons at the head of a chapter or exercise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from course.site import buttons

THEME = [{"label": "download-buttons"}, {"label": "theme-switch"}]


def header(page: str, repository: str = "") -> list[dict[str, Any]]:
    """The buttons of a page in a book with one chapter and one exercise."""
    chapter = SimpleNamespace(chapter=SimpleNamespace(name="05-mnist"))
    config = SimpleNamespace(html_theme_options={"repository_url": repository})
    metadata = {"book/e1": {buttons.EXERCISE: "exercises/e1-curve.ipynb"}, "book/glossary": {}}
    env = SimpleNamespace(metadata=metadata)
    app: Any = SimpleNamespace(course_states=[chapter], config=config, env=env)

    def pathto(target: str, resource: int = 0) -> str:
        return f"../{target}" if resource else f"{target}.html"

    context = {"header_buttons": list(THEME), "pathto": pathto}
    buttons.add(app, page, "page.html", context, None)
    return list(context["header_buttons"])


def test_a_chapter_offers_its_notebook_instead_of_its_text() -> None:
    download, colab, theme = header("book/05-mnist")
    assert download["url"] == "../notebooks/05-mnist.ipynb"
    assert download["tooltip"]
    assert colab["url"] == "book/how-to-use.html#open-in-colab"
    assert colab["tooltip"] == "How to open this chapter in Colab"
    assert theme == {"label": "theme-switch"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_colab_opens_the_published_notebook_where_the_repository_is_known(slash: str) -> None:
    colab = header("book/05-mnist", f"https://github.com/owner/name{slash}")[1]
    assert colab["tooltip"] == "Open this chapter in Colab"
    assert colab["url"] == (
        "https://colab.research.google.com/github/owner/name/blob/gh-pages/notebooks/05-mnist.ipynb"
    )


def test_an_exercise_offers_its_notebook() -> None:
    download, colab, _ = header("book/e1", "https://github.com/owner/name")
    assert download["url"] == "../exercises/e1-curve.ipynb"
    assert download["tooltip"] == "Download this exercise as a notebook"
    assert colab["url"].endswith("/owner/name/blob/gh-pages/exercises/e1-curve.ipynb")
    assert colab["tooltip"] == "Open this exercise in Colab"


@pytest.mark.parametrize("page", ["index", "book/glossary", "exercises/05-mnist", "search"])
def test_other_pages_offer_no_notebook(page: str) -> None:
    assert header(page) == [{"label": "theme-switch"}]
