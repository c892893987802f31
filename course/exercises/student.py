"""What students get beside the questions: the cells that set a notebook up, and the README."""

from __future__ import annotations

from course.exercises.plan import HeldBack, Plan, Question

# The site fills one of the two in when it publishes the notebook.
ADDRESS = 'ADDRESS = ""'
FILES = 'FILES = ""'
GRADER = "otter-grader~=7.0"

_SETUP = f'''\
# @title Run this cell first. It brings the data and the tests, unless they are here already.
import base64
import importlib.util
import io
import urllib.request
import zipfile
from pathlib import Path

{ADDRESS}
{FILES}
marker = Path("tests/exercise.txt")
if marker.is_file() and marker.read_text().strip() != "NAME":
    raise FileExistsError(
        f"The folder `tests` here belongs to {{marker.read_text().strip()}}. "
        "Move this notebook into a folder of its own and run this cell again."
    )
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

# What is for one exercise says so: two notebooks in a folder must not take each other's tests.
MARKER = "tests/exercise.txt"

# Without a file name: a notebook that was renamed must not lose its tests.
OPEN = """\
import otter

grader = otter.Notebook()"""


# Otter's own cell raises in Colab, and where a folder holds two notebooks.
_EXPORT = """\
# Save your notebook first, then run this cell: it makes what you hand in.
import sys
from pathlib import Path

NOTEBOOK = ""  # the name of this file, if there are several notebooks in this folder
if "google.colab" in sys.modules:
COLAB
elif not NOTEBOOK and len(list(Path().glob("*.ipynb"))) > 1:
    raise ValueError("There are several notebooks here. Put the name of yours into NOTEBOOK above.")
else:
    grader.export(NOTEBOOK or None, pdf=False, ignore_log=TrueFILES_HERE)"""
_COLAB_NOTEBOOK = """\
    print("In Colab you hand in the notebook itself: File > Download > Download .ipynb")"""
_COLAB_FOLDER = """\
    import zipfile

    from google.colab import files

    print("1. File > Download > Download .ipynb   2. Choose the downloaded file here:")
    name, content = files.upload().popitem()
    with zipfile.ZipFile("hand-in.zip", "w") as hand_in:
        hand_in.writestr(name, content)
        for path in sorted(Path("FOLDER").rglob("*")):
            hand_in.write(path)
    files.download("hand-in.zip")"""


def setup(plan: Plan) -> str:
    """The cell that brings data and tests, and refuses those of another exercise."""
    return _SETUP.replace("NAME", plan.name)


def export(plan: Plan) -> str:
    """The last cell, which makes what students hand in: here, and in Colab."""
    held = plan.held_back
    colab = _COLAB_FOLDER.replace("FOLDER", held.folder) if held else _COLAB_NOTEBOOK
    here = f", files=[{held.folder!r}]" if held else ""
    return _EXPORT.replace("COLAB", colab).replace("FILES_HERE", here)


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
        f"4. Hand in what the last cell makes: a zip file with {handed_in}."
        + ("" if held else " In Colab it tells you"),
        *(() if held else ("   how to download the notebook: hand in that.",)),
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
        f"The notebook must run within {plan.limits.seconds} seconds, and without the internet:",
        "when it is graded, nothing can be downloaded and nothing installed.",
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
