"""A site of pages with quizzes, for the tests: Sphinx alone builds it, in a second or two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

from course import quizzes

CONF = """\
extensions = ["myst_parser", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
root_doc = "index"

def setup(app):
    from course.site import quiz

    quiz.setup(app)
"""
WEB = Path(__file__).parents[1] / "web"
# As on the site of the course: its theme, style, scripts and templates.
LOOK = f"""\
html_theme = "sphinx_book_theme"
html_static_path = [{str(WEB / "static")!r}]
templates_path = [{str(WEB / "templates")!r}]
html_css_files = ["course.css"]
html_js_files = [["course.js", {{"defer": "defer"}}]]
html_context = {{"default_mode": "light"}}
"""


class Site:
    """A site of pages with quizzes, built by Sphinx alone in a process of its own.

    Args:
        root: a folder that does not exist yet.
        look: let it look like the site of the course.
    """

    def __init__(self, root: Path, *, look: bool = False) -> None:
        self.root = root
        (root / quizzes.FOLDER).mkdir(parents=True)
        self.pages: dict[str, str] = {}
        (root / "conf.py").write_text(CONF + LOOK * look, encoding="utf-8")

    def write(self, name: str, questions: str | None, text: str = "```{quiz}\n```\n") -> None:
        """Add a page and its questions."""
        self.pages[name] = text
        (self.root / "book" / f"{name}.md").write_text(f"# {name}\n\n{text}", encoding="utf-8")
        if questions is not None:
            quizzes.file_of(self.root, name).write_text(questions, encoding="utf-8")

    def build(self) -> str:
        """Build what has changed; what Sphinx said."""
        listed = "".join(f"book/{name}\n" for name in self.pages)
        index = self.root / "index.md"
        text = f"# Index\n\n```{{toctree}}\n{listed}```\n"
        if not index.is_file() or index.read_text(encoding="utf-8") != text:
            index.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-q", "--no-color", ".", "_build/html"]
        done = subprocess.run(command, check=False, cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def page(self, name: str) -> BeautifulSoup:
        """A built page."""
        path = self.root / "_build" / "html" / f"{name}.html"
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
