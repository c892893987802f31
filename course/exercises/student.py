"""What students get beside the questions: the cells that set a notebook up, and the README."""

from __future__ import annotations

from course.exercises.plan import HeldBack, Plan, Question

# The site fills one of the two in when it publishes the notebook.
ADDRESS = 'ADDRESS = ""'
FILES = 'FILES = ""'
GRADER = "otter-grader~=7.0"

SETUP = f'''\
# @title Run this cell first. It brings the data and the tests, unless they are here already.
import base64
import importlib.util
import io
import urllib.request
import zipfile
from pathlib import Path

{ADDRESS}
{FILES}
if not Path("tests").is_dir():
    if ADDRESS:
        with urllib.request.urlopen(ADDRESS, timeout=60) as answer:
            content = answer.read()
    elif FILES:
        content = base64.b64decode(FILES)
    else:
        raise FileNotFoundError("Put this notebook into the folder it came in, beside `tests`.")
    zipfile.ZipFile(io.BytesIO(content)).extractall()
if importlib.util.find_spec("otter") is None:
    %pip install --quiet "{GRADER}"'''

# Without a file name: a notebook that was renamed must not lose its tests.
OPEN = """\
import otter

grader = otter.Notebook()"""


def checked_by(question: Question, with_hidden: set[str]) -> str:
    """Who checks a question, as students read it.

    Args:
        question: as it is planned.
        with_hidden: names of the questions that have hidden tests.
    """
    by = "your teacher" if question.manual else "tests"
    return by + (", some of them hidden" if question.name in with_hidden else "")


def readme(plan: Plan, with_hidden: set[str]) -> str:
    """The README of the folder that students receive.

    Args:
        plan: of the exercise.
        with_hidden: names of the questions that have hidden tests.
    """
    lines = [f"# {plan.label}: {plan.title}", "", plan.summary, ""]
    held = plan.held_back
    handed_in = f"the notebook and the folder `{held.folder}`" if held else "the notebook"
    lines += [
        f"1. Open `{plan.name}.ipynb` in Jupyter, in this folder: the tests and the data are here.",
        "   In Colab, open the notebook from the page of the exercise; its first cell brings them.",
        '2. Fill in every `...`, and run `grader.check("…")` after each question.',
        "3. Restart the kernel and run everything from top to bottom. Save.",
        f"4. Hand in what the last cell makes: a zip file with {handed_in}.",
        "",
        "| Question | Points | Checked by |",
        "|---|---|---|",
    ]
    for question in plan.questions:
        by = checked_by(question, with_hidden)
        lines.append(f"| {question.name}: {question.title} | {question.points:g} | {by} |")
    total = plan.automatic + plan.manual
    lines += [
        f"| **together** | **{total:g}** | |",
        "",
        "The tests in `tests/` are the public ones: that they pass does not mean full points yet.",
        f"Needed: Python with {', '.join(plan.packages)} and `{GRADER}`.",
        f"The notebook must run within {plan.limits.seconds} seconds.",
        *(held_back(held) if held else ()),
        "",
        f"Made by `course exercises {plan.name}`; do not edit.",
    ]
    return "\n".join(lines) + "\n"


def held_back(held: HeldBack) -> list[str]:
    """What a README says of files that the grader holds back.

    Args:
        held: what the exercise plans.
    """
    return [
        "",
        f"Of what is in `{held.folder}`, the grader takes about {held.share:.0%} of each class",
        f"away, at least {held.at_least}, before your notebook runs, and asks the notebook about",
        f"them afterwards. With fewer than {2 * held.at_least} in a class your teacher decides.",
    ]
