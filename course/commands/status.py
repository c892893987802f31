"""`course status`: say for each chapter whether its outputs are fresh, and why not."""

from __future__ import annotations

import json

import click

from course import project
from course.execution import status
from course.site import provenance


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, for other programs.")
def command(as_json: bool) -> None:
    """Say for each chapter whether its outputs are fresh, or stale and why.

    Exits with 1 when a chapter is stale.
    """
    states = status.states(project.root())
    if as_json:
        click.echo(json.dumps([status.as_json(state) for state in states], indent=2))
    else:
        for state in states:
            colour, word = ("green", "fresh") if state.fresh else ("red", "stale")
            click.echo(f"{click.style(word, fg=colour)}  {state.chapter.name}")
            for reason in state.reasons:
                click.echo(f"         because {reason}")
            for note in state.notes:
                click.echo(f"         note: {note}")
            if state.outputs:
                made = state.outputs.provenance
                training = provenance.minutes(made["training_cpu_seconds"])
                click.echo(
                    f"         {made['date']}, {made['device']}; on two cores "
                    f"{provenance.processor_time(state.outputs)}, of which training {training}"
                )
                for title, value in state.outputs.headlines.items():
                    click.echo(f"         {title}: {value}")
    if not all(state.fresh for state in states):
        raise SystemExit(1)
