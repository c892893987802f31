"""A clean build against the same pages without code in plain Jupyter Book; a build of nothing."""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import yaml

from benchmarks.timing import described, in_turn, seconds

CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)
GLUE = re.compile(r"\{glue(?::text|:)?\}`[^`]*`")
FIGURE = re.compile(r"\{numref\}`[^`]*`")
# The course's own extension and what exists only with code.
OWN = ("course.site",)


def plain_book(root: Path, folder: Path) -> None:
    """A copy of the book's text without code cells and without the course's extension."""
    shutil.copy(root / "_toc.yml", folder)
    shutil.copytree(root / "web", folder / "web", ignore=shutil.ignore_patterns("node_modules"))
    (folder / "models" / "web").mkdir(parents=True)
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["extra_extensions"] = [
        e for e in config["sphinx"]["extra_extensions"] if e not in OWN
    ]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    for page in [root / "index.md", *(root / "book").glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        text = FIGURE.sub("a figure", GLUE.sub("0.5", CELL.sub("", text)))
        text = re.sub(r"^jupytext:\n(  .*\n)+", "", text, flags=re.MULTILINE)
        text = text.replace("```{execution-report}\n```", "")
        target = folder / page.relative_to(root)
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    shutil.copy(root / "book" / "references.bib", folder / "book")


def measure(root: Path) -> None:
    """Print both ratios."""
    own = [sys.executable, "-m", "course", "site", "build"]
    book = [str(Path(sys.executable).parent / "jupyter-book"), "build", "."]
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name)
        plain_book(root, plain)
        seconds([*own, "--clean"], root)  # the wheel and the front-end files are there afterwards

        def build_plain() -> float:
            shutil.rmtree(plain / "_build", ignore_errors=True)
            return seconds(book, plain)

        ours, theirs = in_turn(lambda: seconds([*own, "--clean"], root), build_plain)
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(f"clean build, with outputs:         {described(ours)}")
        print(f"plain Jupyter Book, text only:     {described(theirs)}")
        print(f"ratio, pair by pair:               {ratio:.2f} (target: at most 1.5)")
        again, plain_again = in_turn(lambda: seconds(own, root), lambda: seconds(book, plain))
        print(f"build with nothing to do:          {described(again)} (target: under 2 s)")
        print(f"plain Jupyter Book, nothing to do: {described(plain_again)}")
