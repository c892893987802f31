"""The buttons at the head of a chapter: download the notebook, open it in Colab."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from course.site import downloads

COLAB = "https://colab.research.google.com/github/"
# The branch that a published site lies on.
PUBLISHED = "gh-pages"


def add(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Replace the theme's download of the text by the notebook that runs, and add Colab."""
    del templatename, doctree
    names = {s.chapter.name for s in getattr(app, "course_states", [])}
    name = pagename.rpartition("/")[2]
    theme = [b for b in context.get("header_buttons", []) if b.get("label") != "download-buttons"]
    if name not in names or not pagename.startswith("book/"):
        context["header_buttons"] = theme
        return
    address = colab_address(app, name, context)
    opens = address.startswith(COLAB)
    own = [
        {
            "type": "link",
            "url": context["pathto"](f"{downloads.FOLDER}/{name}.ipynb", 1),
            "text": "",
            "icon": "fas fa-download",
            "tooltip": "Download this chapter as a notebook",
            "label": "download-notebook-button",
        },
        {
            "type": "link",
            "url": address,
            "text": "",
            "icon": "fas fa-rocket",
            "tooltip": f"{'Open' if opens else 'How to open'} this chapter in Colab",
            "label": "launch-colab-button",
        },
    ]
    context["header_buttons"] = own + theme


def colab_address(app: Sphinx, name: str, context: dict[str, Any]) -> str:
    """Where Colab opens the notebook of a chapter.

    Colab reads notebooks from GitHub. A site that names its repository links there; any other
    links to the page that explains how to upload the downloaded notebook.
    """
    repository = str(app.config.html_theme_options.get("repository_url", "")).rstrip("/")
    if repository.startswith("https://github.com/"):
        place = repository.removeprefix("https://github.com/")
        return f"{COLAB}{place}/blob/{PUBLISHED}/{downloads.FOLDER}/{name}.ipynb"
    return str(context["pathto"]("book/how-to-use")) + "#open-in-colab"
