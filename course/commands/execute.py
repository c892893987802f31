"""`course execute`: run the chapters whose outputs are stale."""

from __future__ import annotations

import os
import sys
import time

import click

from course import profiles, project
from course.execution import execute
from course.execution.kernel import Progress


@click.command("execute")
@click.argument("names", metavar="[CHAPTER]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Run fresh chapters too.")
@click.option("--profile", type=click.Choice(profiles.PROFILES), help="Constants to run with.")
def command(names: tuple[str, ...], every: bool, profile: str | None) -> None:
    """Run chapters and write their outputs to outputs/.

    Without CHAPTER, all that are stale. A chapter that fails keeps its old outputs. Training runs
    are kept as soon as they finish, so an interrupted execution goes on where it stopped.
    """
    root = project.root()
    if profile:
        os.environ["COURSE_PROFILE"] = profile
    done = 0
    try:
        with execute.alone(root):
            for plan in execute.plans(root, names, every):
                why = "; ".join(plan.reasons) or "asked for"
                click.secho(f"{plan.chapter.name}: {why}", bold=True)
                began = time.monotonic()
                written = execute.run(root, plan, _show)
                done += 1
                for title, value in written.headlines.items():
                    click.echo(f"  {title}: {value}")
                click.echo(f"  written in {time.monotonic() - began:.0f} s")
    except KeyboardInterrupt:
        click.secho(
            "\nStopped. Outputs are as they were; finished training runs are kept, and the same "
            "command goes on from there.",
            fg="yellow",
            err=True,
        )
        raise SystemExit(130) from None
    if not done:
        click.echo("Everything is fresh; nothing was run. (--all runs it anyway.)")


def _show(step: Progress) -> None:
    share = f"[{step.cell:3d}/{step.cells}]"
    running = step.seconds is None
    if sys.stdout.isatty():
        width = 24
        filled = round(width * (step.cell - running) / step.cells)
        bar = "█" * filled + "·" * (width - filled)
        line = f"  {bar} {share} {step.message[:60]:60s}"
        click.echo("\r" + line, nl=False)
        if step.cell == step.cells and not running:
            click.echo()
    elif not running:
        click.echo(f"  {share} {step.seconds:8.1f} s  {step.message[:70]}")
    elif step.message.startswith("run "):
        click.echo(f"  {share}             {step.message}")
