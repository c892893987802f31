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
        lines.append(f"{question.name:12} {question.score:6g} of {question.possible:g}")
        if question.reason:
            lines.append(f"    for a teacher: {question.reason}")
        for case in question.cases:
            if case.passed is not True and case.message:
                lines.append("    " + case.message.replace("\n", "\n    "))
    lines += [grade.scaled] if grade.scaled else []
    lines += [f"warning: {warning}" for warning in grade.warnings]
    if grade.provenance.get("sandbox") == "none":
        lines.append("warning: this notebook ran WITHOUT a sandbox")
    lines.append(
        f"{grade.submission}: {grade.score:g} of {grade.possible:g} points, {grade.status}, "
        f"{grade.seconds:.1f} s"
    )
    return plain("\n".join(lines))
