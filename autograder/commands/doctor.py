"""`autograder doctor`: what this machine offers for grading."""

from __future__ import annotations

import dataclasses
import json

import click

from autograder.doctor import Machine, examine, healthy

COLOURS = {"good": "green", "note": "yellow", "missing": "red"}


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Say which sandbox, limits and versions there are, and how to mend what is missing."""
    findings = examine(Machine())
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            level = click.style(f"{finding.level:8}", fg=COLOURS[finding.level])
            click.echo(f"{level} {finding.what}: {finding.found}")
            if finding.mend:
                click.echo("         " + finding.mend.replace("\n", "\n         "))
    if not healthy(findings):
        raise SystemExit(1)
