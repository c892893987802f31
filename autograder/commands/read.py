"""`autograder read`: the written answers of submissions as pages, without running anything."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autograder.commands.options import line, once, refuse_together, submissions
from autograder.errors import Rejected
from autograder.intake import discover
from autograder.reading import answers, page, questions
from autograder.reports.pages import page_name
from autograder.storage import write_whole


@click.command()
@submissions
@click.option(
    "--assignment",
    "bundle",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="The zip or folder that `otter assign` or `course exercises` wrote.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the pages, one per submission.",
)
def command(paths: tuple[Path, ...], bundle: Path, out: Path) -> None:
    """Write a page for each submission in PATHS: its written answers beside the rubric.

    PATHS are notebooks, zips or the downloads of a learning platform. No notebook is run.
    """
    refuse_together(paths, out)
    asked = questions(bundle)
    refused = 0
    uploads = discover(once(paths))
    for upload in uploads:
        try:
            submission = upload.read()
            notebook = json.loads(submission.notebook)
            text = page(submission.name, submission.student, notebook, answers(notebook, asked))
        except Rejected as reason:
            left_out = str(reason)
        except Exception as error:
            # Whatever one notebook leads to: the others get their pages.
            left_out = f"No page could be made of it ({type(error).__name__}: {str(error)[:200]})."
        else:
            write_whole(out / f"{page_name(submission.name)}.html", text)
            continue
        refused += 1
        click.secho(f"{line(upload.name)}: {line(left_out)}", fg="red", err=True)
    click.echo(f"Pages in {out}: {len(uploads) - refused}. Submissions refused: {refused}.")
    if refused:
        raise SystemExit(1)
