"""`autograder env build BUNDLE`: the environment that an assignment's notebooks run in."""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

import click

from autograder import building
from autograder.assignment import located, open_bundle
from autograder.requirements import of_bundle


@click.group(name="env")
def command() -> None:
    """Make the environment of an assignment."""


@command.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Its folder; the default is one in your cache folder, for this lock alone.",
)
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path(sys.executable),
    help="Interpreter to make it with; the default is this one.",
)
@click.option("--unpinned", is_flag=True, help="Let pip choose versions that the lock leaves open.")
def build(bundle: Path, out: Path | None, python: Path, unpinned: bool) -> None:
    """Install what BUNDLE's requirements.txt pins into an environment of its own.

    The packages come from where your pip gets them, and installing them runs code of theirs with
    your rights: do it for bundles that you trust.
    """
    bundle = located(bundle)
    with tempfile.TemporaryDirectory(prefix="autograder-") as work:
        lock = of_bundle(open_bundle(bundle, Path(work)).folder, bundle.name)
    # Not resolved: the name of a virtual environment's interpreter says which one it is.
    recipe = building.recipe(lock, python.absolute(), unpinned=unpinned)
    target = (out or recipe.place(bundle.stem)).absolute()
    click.echo(f"{len(lock.lines)} packages, Python {recipe.version}: {target}")
    if not building.build(recipe, target):
        click.echo("It is there already.")
    words = ["autograder", "grade", "…", "--assignment", str(bundle), "--out", "…"]
    click.echo(shlex.join(words).replace("'…'", "…"), nl=False)
    click.echo(f" --python {shlex.quote(str(target / 'bin' / 'python'))}")
