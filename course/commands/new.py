"""`course new`: begin an exercise."""

from __future__ import annotations

import click

from course import project
from course.exercises import scaffold


@click.group("new")
def command() -> None:
    """Begin something new from a small example that works."""


@command.command("exercise")
@click.argument("name")
def exercise(name: str) -> None:
    """Write solutions/NAME: an exercise with one tested and one written question."""
    root = project.root()
    folder = scaffold.new(root, name).relative_to(root)
    click.echo(f"{folder}: written. It works as it is; now change")
    click.echo("  exercise.toml  title, points, limits, what is handed over")
    click.echo("  master.md      text, answers and tests")
    click.echo("  held_out.py    what only the grader has (delete it if nothing)")
    click.echo(f"Then run `course exercises {name}`.")
