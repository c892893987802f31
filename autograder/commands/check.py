"""`autograder check`: a student's own look at the public tests, with no server and no sandbox."""

from __future__ import annotations

import platform
from pathlib import Path

import click

from autograder.checking import check
from autograder.commands.table import show


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(notebook: Path) -> None:
    """Run NOTEBOOK from top to bottom, and its public tests on it.

    They are in the folder `tests` beside it, or, where there is none, in the notebook itself.

    For Linux, also in WSL. Files beside the notebook come along; hidden folders and environments do
    not.
    """
    system = platform.system()
    if system != "Linux":
        click.echo(f"On {system} this has not been tested, and memory is not limited.", err=True)
    click.echo(show(check(notebook)))
