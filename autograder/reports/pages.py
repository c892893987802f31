"""Fills the templates: no scripts, no network, nothing of a student's that is not escaped."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from autograder.records import Case, Grade
from autograder.repeated import HINT
from autograder.reports.statistics import Summary, summary
from autograder.scores import number

TEMPLATES = Path(__file__).parent / "templates"
LONGEST = 6_000  # characters of one message or detail on a page
CELL = re.compile(r"cell [1-9]")
PUBLIC_HINT = 'Run grader.check("{question}") in your notebook: it shows this test fail.'
HIDDEN_HINT = "This test is not shown. Read the question again and try other inputs."


def page_name(submission: str) -> str:
    """A file name for the pages of a submission: readable, safe, and no other submission's."""
    readable = re.sub(r"[^\w.-]+", "_", submission).strip("._")
    # In all, what a file system takes, of letters of four bytes, too. Platforms write the student
    # first; what is cut is between that and the end of the file's name.
    if len(readable) > 60:
        readable = f"{readable[:40]}_{readable[-19:]}"
    data = readable.encode("utf-8", "replace")
    if len(data) > 120:
        parts = (data[:80], data[-39:])
        readable = "_".join(part.decode("utf-8", "ignore") for part in parts)
    # Half of the digest: with fewer digits, names can be made up that share one.
    digest = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{readable}-{digest}"


def student_page(grade: Grade, title: str) -> str:
    """The page for the student: of hidden tests, only that they exist and the author's message.

    Cells that ended in an error are on it: they ran before any hidden test.
    No time is on it: a function of the student's could sleep as long as a hidden number says.

    Args:
        grade: of the submission.
        title: of the assignment.
    """
    return render("student.html", grade=grade, title=title, teacher=False, hint=hint)


def teacher_page(grade: Grade, title: str) -> str:
    """The same with what each test saw, the warnings, the time and the whole provenance."""
    return render("student.html", grade=grade, title=title, teacher=True, hint=hint)


def summary_page(grades: Sequence[Grade], title: str) -> str:
    """The page for the teacher: how the class did, what failed, what to look at.

    Args:
        grades: of all submissions.
        title: of the assignment.
    """
    found: Summary = summary(grades)
    return render("summary.html", grades=grades, title=title, found=found, page=page_name)


def hint(case: Case, question: str) -> str:
    """What a student can do about a case that failed, or ""."""
    if case.passed is not False:
        return ""
    if case.hidden:
        return "" if case.message else HIDDEN_HINT
    return PUBLIC_HINT.format(question=question)


def cells(grade: Grade) -> list[str]:
    """The warnings about single cells, which hold nothing that a hidden test has told a notebook.

    Hidden cases run after the last cell, and what is noted of cells has come by then.
    """
    return [text for text in grade.warnings if CELL.match(text)]


def unconfined(grade: Grade) -> bool:
    """Whether the notebook ran with the rights of whoever graded it."""
    return grade.provenance.get("sandbox", "") == "none"


def clean(value: Any) -> Any:
    """Text without the characters that are invisible or turn the reading direction."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    text = value if len(value) <= LONGEST else f"{value[:LONGEST]} … ({len(value)} characters)"
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
        else f"\\u{{{ord(character):x}}}"
        for character in text
    )


def render(template: str, **values: Any) -> str:
    """A page from a template in the folder `templates`, with everything in it escaped."""
    return _environment().get_template(template).render(**values)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Including a file drops its last line end.
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8").removesuffix("\n")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # Named by its digest, this style is the only thing that a browser may use.
    environment.globals["policy"] = f"default-src 'none'; style-src 'sha256-{digest}'"
    environment.globals["unconfined"] = unconfined
    environment.globals["cells"] = cells
    environment.globals["one_after_the_other"] = HINT
    environment.filters["points"] = number
    return environment
