"""The buttons at the head of a chapter or exercise: download the notebook, open it in Colab."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from course.site import downloads

COLAB = "https://colab.research.google.com/github/"
# The branch that a published site lies on.
PUBLISHED = "gh-pages"
# Which part of "How to use this book" says how a notebook is uploaded to Colab.
UPLOADING = "#open-in-colab"
# Under this key a page's metadata have the place of its exercise's notebook.
EXERCISE = "exercise-notebook"


def add(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Replace the theme's download of the text by the notebook that runs, and add Colab."""
    del templatename, doctree
    theme = [b for b in context.get("header_buttons", []) if b.get("label") != "download-buttons"]
    what, place = notebook_of(app, pagename)
    if not place:
        context["header_buttons"] = theme
        return
    address = colab_address(app, place)
    if not address:
        address = f"{context['pathto']('book/how-to-use')}{UPLOADING}"
    opens = address.startswith(COLAB)
    own = [
        {
            "type": "link",
            "url": context["pathto"](place, 1),
            "text": "",
            "icon": "fas fa-download",
            "tooltip": f"Download this {what} as a notebook",
            "label": "download-notebook-button",
        },
        {
            "type": "link",
            "url": address,
            "text": "",
            "icon": "fas fa-rocket",
            "tooltip": f"{'Open' if opens else 'How to open'} this {what} in Colab",
            "label": "launch-colab-button",
        },
    ]
    context["header_buttons"] = own + theme


def notebook_of(app: Sphinx, page: str) -> tuple[str, str]:
    """What a page is, and where its notebook lies in the site; nothing for one without."""
    folder, _, name = page.rpartition("/")
    if folder == "book" and name in {s.chapter.name for s in getattr(app, "course_states", [])}:
        return "chapter", f"{downloads.FOLDER}/{name}.ipynb"
    exercise = app.env.metadata.get(page, {}).get(EXERCISE, "")
    return "exercise", exercise


def colab_address(app: Sphinx, place: str) -> str:
    """Where Colab opens a notebook of the site.

    Colab reads notebooks from GitHub. A site that names its repository links there; "" for any
    other, whose readers upload the notebook that they have downloaded.
    """
    repository = str(app.config.html_theme_options.get("repository_url", "")).rstrip("/")
    if not repository.startswith("https://github.com/"):
        return ""
    owner = repository.removeprefix("https://github.com/")
    return f"{COLAB}{owner}/blob/{PUBLISHED}/{place}"
