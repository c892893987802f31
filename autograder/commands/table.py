"""A grade as a table for the terminal."""

from __future__ import annotations

import unicodedata

from autograder.records import Grade


def plain(text: str) -> str:
    """Text without what a terminal would obey: a notebook may have written parts of it."""
    return "".join(c if unicodedata.category(c)[0] != "C" or c in "\n\t" else "�" for c in text)


def show(grade: Grade) -> str:
    """Questions with their points, what was said about failed cases, warnings."""
    if grade.status in ("rejected", "failed"):
        return plain(f"{grade.submission}: {grade.status}. {grade.reason}")
    lines = []
    for question in grade.questions:
        reached = f"{'–':>6}" if question.manual else f"{question.score:6g}"
        lines.append(f"{question.name:12} {reached} of {question.possible:g}")
        if question.reason:
            lines.append(f"    for a teacher: {question.reason}")
        for case in question.cases:
            if case.passed is not True and case.message:
                lines.append("    " + case.message.replace("\n", "\n    "))
    lines += [grade.scaled] if grade.scaled else []
    lines += [f"warning: {warning}" for warning in grade.warnings]
    if grade.provenance.get("sandbox") == "none":
        lines.append("warning: this notebook ran WITHOUT a sandbox")
    points = f"{grade.score:g} of {grade.so_far:g} points"
    if grade.unmarked:
        points += f" so far; {grade.unmarked:g} for written answers are still to be marked"
    lines.append(f"{grade.submission}: {points}, {grade.status}, {grade.seconds:.1f} s")
    return plain("\n".join(lines))
