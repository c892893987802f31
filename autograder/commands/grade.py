"""`autograder grade`: a notebook's grade, in a table or as JSON."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from autograder.assignment import open_bundle
from autograder.commands.table import show
from autograder.grading import Settings, grade


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--assignment",
    "bundle",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="The zip or folder that `otter assign` or `course exercises` wrote.",
)
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Interpreter of the assignment's environment; the default is this one.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["bubblewrap", "none"]),
    default="bubblewrap",
    show_default=True,
    help="`none` runs the notebook with your rights; every report then says so.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole grade as JSON.")
def command(notebook: Path, bundle: Path, python: Path | None, sandbox: str, as_json: bool) -> None:
    """Grade NOTEBOOK in a sandbox, with tests that it cannot see."""
    settings = Settings(sandbox=sandbox) if python is None else Settings(python, sandbox=sandbox)
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        found = grade(open_bundle(bundle, Path(work)), notebook, settings)
    click.echo(found.to_json() if as_json else show(found))
    if found.status in ("rejected", "failed"):
        raise SystemExit(1)
