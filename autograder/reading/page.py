"""Makes one page of a submission for the teacher who marks its written answers.

What a student's notebook holds is hostile. Nothing of it becomes markup, and the page's content
security policy lets nothing run and nothing be fetched, whatever was overlooked.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from pygments.formatters.html import HtmlFormatter

from autograder.reading.cells import Room, joined, rendered
from autograder.reading.written import END, Answer, WrittenQuestion

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
# In Otter's student notebooks: what stands in an answer that nobody has begun.
UNTOUCHED = ("", "...", "_Type your answer here, replacing this text._")
STYLE = """
:root { color-scheme: light dark; --line: #8888; --soft: #8881; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { margin-top: 2.5rem; }
img { max-width: 100%; height: auto; background: white; }
pre { overflow-x: auto; padding: .6rem; background: var(--soft); white-space: pre-wrap;
  overflow-wrap: anywhere; }
table { border-collapse: collapse; } td, th { padding: .25rem .6rem; border: 1px solid var(--line);
  text-align: left; vertical-align: top; }
.answer { border-left: .25rem solid var(--line); padding-left: 1rem; overflow-x: auto;
  margin-bottom: 1.5rem; }
.empty { font-weight: bold; } .box { min-width: 4rem; }
.output { border-left: .2rem solid var(--line); background: none; }
details { margin-top: 3rem; }
@media print { details { display: none; } section + section { break-before: page; } }
"""


def page(name: str, student: str, notebook: Mapping[str, Any], answers: Sequence[Answer]) -> str:
    """A page of HTML: each written question with answer and rubric, and the whole notebook below.

    Args:
        name: of the submission, as it was handed in.
        student: or "" where it is not known.
        notebook: parsed, format 4, checked by the intake.
        answers: of `autograder.reading.answers`.
    """
    who = f" – {html.escape(student)}" if student else ""
    title = f"{html.escape(name)}{who}"
    room = Room()
    sections = "\n".join(_section(answer, room) for answer in answers)
    if not answers:
        sections = "<p>This assignment has no written questions.</p>"
    light = HtmlFormatter(style="default").get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    whole = rendered(notebook.get("cells", []), room)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}{light}
@media (prefers-color-scheme: dark) {{ {dark} }}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{sections}
<details>
<summary>The whole notebook, as it was handed in</summary>
<div>{whole}</div>
</details>
</main>
</body>
</html>
"""


def _section(answer: Answer, room: Room) -> str:
    question = answer.question
    if question is None:
        heading = "A written part that is not one of the questions"
    else:
        heading = f"{html.escape(question.title)} ({question.points:g} points)"
    if not answer.cells:
        body = '<p class="empty">The notebook has no such part: its cells were deleted.</p>'
    else:
        told = "" if _begun(answer) else '<p class="empty">Nothing was written here.</p>\n'
        body = f'{told}<div class="answer">{rendered(answer.cells, room)}</div>'
    return f"<section>\n<h2>{heading}</h2>\n{body}\n{_rubric(question)}</section>"


def _begun(answer: Answer) -> bool:
    """Whether any cell behind the question's text differs from what students receive."""
    written = [joined(cell.get("source")) for cell in answer.cells[1:]]
    return not all(text.strip() in UNTOUCHED for text in written if END not in text)


def _rubric(question: WrittenQuestion | None) -> str:
    if question is None or not question.rubric:
        return ""
    rows = "\n".join(
        f'<tr><td>{html.escape(reason)}</td><td>{points:g}</td><td class="box"></td></tr>'
        for points, reason in question.rubric
    )
    return (
        "<table>\n<thead><tr><th scope='col'>Points are given for</th><th scope='col'>Points</th>"
        f"<th scope='col'>Given</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
    )
