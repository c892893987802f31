"""`autograder similar`: pairs of submissions that share code."""

from __future__ import annotations

from pathlib import Path

import click

from autograder import similar
from autograder.commands.options import line, once, refuse_together, submissions
from autograder.errors import GraderError, Rejected
from autograder.intake import Upload, discover

TOLD = 10  # pairs that are printed


def code_of(template: Upload) -> str:
    """The code of a notebook that everybody was given.

    Raises:
        GraderError: it is none.
    """
    try:
        return similar.code(template.read().notebook)
    except Rejected as reason:
        # Its sentence speaks to a student.
        raise GraderError(
            f"--template {line(template.source)} cannot be read as a notebook: {line(str(reason))} "
            "Name the .ipynb file that students were given."
        ) from None


@click.command(name="similar")
@submissions
@click.option(
    "--template",
    "templates",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A notebook that everybody was given; its code does not count.",
)
@click.option(
    "--out",
    default=Path("similar"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the pages.",
)
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="Share of shared code from which a pair is listed.",
)
def command(paths: tuple[Path, ...], templates: tuple[Path, ...], out: Path, least: float) -> None:
    """Rank pairs of the submissions in PATHS by shared code: a hint, never a verdict."""
    refuse_together(paths, out)
    given = list(map(code_of, discover(templates)))
    codes = {}
    for upload in discover(once(paths)):
        try:
            codes[upload.name] = similar.code(upload.read().notebook)
        except Rejected as reason:
            click.echo(f"left out: {line(upload.name)}: {line(str(reason))}", err=True)
        except Exception as error:
            # Whatever one submission leads to: the others are compared.
            why = f"it cannot be read ({type(error).__name__}: {str(error)[:200]})"
            click.echo(f"left out: {line(upload.name)}: {line(why)}", err=True)
    if not codes:
        raise GraderError(
            "There are no submissions to compare, and nothing is written. Check the paths."
        )
    pairs = similar.rank(codes, given, least)
    for pair in pairs[:TOLD]:
        click.echo(f"{100 * pair.share:3.0f} %  {line(pair.first)}  {line(pair.second)}")
    page = similar.write(out, pairs, codes, len(codes))
    click.echo(f"{len(pairs)} pairs to look at: {page}. A hint, never a verdict.")
