"""The page of an exercise, its files to download, and which outcomes its questions test."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from course.errors import SiteError
from course.exercises import plan, student
from course.exercises.plan import Plan
from course.site import buttons
from course.storage import write_text

# Where the site has the notebooks of exercises and their files.
FOLDER = "exercises"
LOGGER = logging.getLogger(__name__)
MARKUP = re.compile(r"\{[a-z:]+\}`([^`<]*?)(?:\s*<[^>]*>)?`|[*_`]")


def plain(text: str) -> str:
    """Words of a text without its markup, in one line."""
    return " ".join(MARKUP.sub(lambda found: found[1] or "", text).split())


def outcomes(text: str) -> list[str]:
    """What a chapter promises: the first list of its text, item by item."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("- "):
            found.append(line[2:])
        elif found and line.startswith("  "):
            found[-1] += " " + line.strip()
        elif found:
            break
    return [plain(item).rstrip(";.") for item in found]


def outcome(root: Path, chapter: str, words: str) -> str | None:
    """The one outcome of a chapter that has the words in it; None for no one or several."""
    path = root / "book" / f"{chapter}.md"
    if not path.is_file():
        return None
    body = path.read_text(encoding="utf-8").split("\n# ", 1)[-1]
    found = [item for item in outcomes(body) if words in item]
    return found[0] if len(found) == 1 else None


def missing(root: Path) -> list[str]:
    """Outcomes that an exercise names and no chapter has."""
    return [
        f"{planned.name}, {question.name}: {chapter} has no single outcome with the words {words!r}"
        for planned in plan.listed(root)
        for question in planned.questions
        for chapter, words in question.outcomes
        if outcome(root, chapter, words) is None
    ]


class ExerciseFacts(SphinxDirective):
    """What is asked in an exercise, for how many points, and who checks it."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """The facts of `exercise.toml`, as nodes."""
        root = Path(self.env.srcdir)
        planned = plan.read(root / plan.SOLUTIONS / self.arguments[0])
        self.env.note_dependency(str(planned.folder / plan.FILE))
        node = nodes.container()
        lines = facts(planned, hidden(planned)).splitlines()
        self.state.nested_parse(StringList(lines, "exercise facts"), 0, node)
        return [self.links(planned), *node.children]

    def links(self, planned: Plan) -> nodes.Node:
        """Where to get the notebook."""
        depth = "../" * self.env.docname.count("/")
        notebook = f"{FOLDER}/{planned.name}.ipynb"
        self.env.metadata[self.env.docname][buttons.EXERCISE] = notebook
        links = [
            ("Download the notebook", f"{depth}{notebook}"),
            (
                "Download everything: notebook, data and public tests",
                f"{depth}{FOLDER}/{planned.name}.zip",
            ),
        ]
        address = buttons.colab_address(self.env.app, notebook)
        if address:
            links.append(("Open in Colab", address))
        else:
            page = f"{depth}book/how-to-use.html{buttons.UPLOADING}"
            links.append(("How to open it in Colab", page))
        found = nodes.bullet_list()
        for text, address in links:
            link = nodes.reference("", text, refuri=address)
            found += nodes.list_item("", nodes.paragraph("", "", link))
        return found


class OutcomeMap(SphinxDirective):
    """Which question of which exercise tests which outcome of which chapter."""

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """One row an outcome; a warning for each that no chapter has."""
        root = Path(self.env.srcdir)
        for problem in missing(root):
            LOGGER.warning(problem, location=self.get_location(), type="course", subtype="outcome")
        rows: dict[tuple[str, str], list[str]] = {}
        for planned in plan.listed(root):
            self.env.note_dependency(str(planned.folder / plan.FILE))
            for question in planned.questions:
                for chapter, words in question.outcomes:
                    text = outcome(root, chapter, words)
                    if text:
                        asked = rows.setdefault((chapter, text), [])
                        asked.append(f"{planned.label} {question.name}")
        table = [("Chapter", "Outcome", "Questions")]
        for (chapter, text), asked in sorted(rows.items()):
            table.append((f"{{doc}}`{chapter}`", text, ", ".join(asked)))
        for chapter in {chapter for chapter, _ in rows}:
            self.env.note_dependency(str(root / "book" / f"{chapter}.md"))
        node = nodes.container()
        self.state.nested_parse(StringList(listed(table, "20 60 20"), "outcomes"), 0, node)
        return list(node.children)


def hidden(planned: Plan) -> set[str]:
    """Names of the questions that have hidden tests, read from the master."""
    text = (planned.folder / plan.MASTER).read_text(encoding="utf-8")
    found, name = set(), ""
    for line in text.splitlines():
        if line.startswith("name: "):
            name = line.removeprefix("name: ").strip()
        elif line.strip() == "hidden: true":
            found.add(name)
    return found


def facts(planned: Plan, with_hidden: set[str]) -> str:
    """The page's facts as MyST text."""
    rows = [("Question", "Points", "Checked by")]
    for question in planned.questions:
        by = student.checked_by(question, with_hidden)
        rows.append((f"{question.name}: {question.title}", f"{question.points:g}", by))
    total = planned.automatic + planned.manual
    checked = f"{planned.automatic:g} by tests, {planned.manual:g} by your teacher"
    rows.append(("**together**", f"**{total:g}**", checked))
    lines = listed(rows, "50 15 35")
    limits = planned.limits
    lines += [
        "",
        f"Your notebook may run for {limits.seconds} seconds, one cell for {limits.cell_seconds}, "
        f"in {limits.memory_mb:,} MB of memory. What you hand in may have {limits.upload_mb} MB. "
        f"It is run with Python {planned.python} and {', '.join(planned.packages)}, "
        "without the internet.",
    ]
    for question in planned.questions:
        if question.rubric:
            lines += ["", f"For **{question.title}** your teacher gives"]
            lines += [""] + [f"- {points:g}: {text}" for points, text in question.rubric]
    return "\n".join(lines)


def listed(rows: Sequence[tuple[str, ...]], widths: str) -> list[str]:
    """A table in MyST, its first row the heads."""
    lines = [":::{list-table}", ":header-rows: 1", f":widths: {widths}", ""]
    for row in rows:
        lines.append("* - " + "\n  - ".join(row))
    return "\n".join([*lines, ":::"]).splitlines()


def write(root: Path, out: Path, site: str) -> None:
    """Write each exercise beside the pages: its notebook, ready to run anywhere, and a zip.

    Args:
        root: the folder of the course.
        out: the folder of the site.
        site: address of the published site; without one the notebook holds its files.
    """
    for planned in plan.listed(root):
        folder = root / "exercises" / planned.name
        name = f"{planned.name}.ipynb"
        if not (folder / name).is_file():
            continue
        target = out / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{planned.name}.zip").write_bytes(zipped(folder, ""))
        address = f"{site.rstrip('/')}/{FOLDER}/{planned.name}.zip" if site else ""
        files = "" if site else base64.b64encode(zipped(folder, name)).decode()
        write_text(target / name, filled((folder / name).read_text("utf-8"), address, files))


def zipped(folder: Path, without: str) -> bytes:
    """The files that students get, as a zip whose bytes depend on nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            parts = name.split("/")
            if name != without and not any(p[0] == "." or p == "__pycache__" for p in parts):
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(entry, path.read_bytes())
    return made.getvalue()


def filled(text: str, address: str, files: str) -> str:
    """A student's notebook that knows where its files are."""
    made = json.loads(text)
    for cell in made["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and student.ADDRESS in source:
            source = source.replace(student.ADDRESS, f'ADDRESS = "{address}"', 1)
            source = source.replace(student.FILES, f'FILES = "{files}"', 1)
            cell["source"] = source.splitlines(keepends=True)
            return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    raise SiteError("The notebook has no cell that says where its files are.")
