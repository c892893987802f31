"""`course execute`: run the chapters whose outputs are stale."""

from __future__ import annotations

import os
import shutil
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
@click.option(
    "--without-gpu", is_flag=True, help="Run the profile gpu although there is no GPU; slow."
)
def command(names: tuple[str, ...], every: bool, profile: str | None, without_gpu: bool) -> None:
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
                if not without_gpu:
                    execute.require_gpu(plan)
                began = time.monotonic()
                written = execute.run(root, plan, _show)
                done += 1
                for title, value in written.headlines.items():
                    click.echo(f"  {title}: {value}")
                device = written.provenance["device"]
                click.echo(f"  written in {time.monotonic() - began:.0f} s, executed on {device}")
    except KeyboardInterrupt:
        click.secho(
            "\nStopped. The outputs of this chapter are as they were; finished training runs are "
            "kept, and the same command goes on from there.",
            fg="yellow",
            err=True,
        )
        raise SystemExit(130) from None
    if not done:
        click.echo("Everything is fresh; nothing was run. (--all runs it anyway.)")


def _show(step: Progress) -> None:
    """One line a cell when it is done; in a terminal, a bar for the cell that runs."""
    share = f"[{step.cell:3d}/{step.cells}]"
    # A line that is too long for the terminal could not be overwritten.
    width = min(shutil.get_terminal_size().columns - 1, 100)
    terminal = sys.stdout.isatty()
    if step.seconds is not None:
        line = f"  {share} {step.seconds:8.1f} s  {step.message}"
        click.echo(("\r" if terminal else "") + line[:width].ljust(width if terminal else 0))
    elif terminal:
        filled = round(12 * (step.cell - 1) / step.cells)
        line = f"  {'█' * filled}{'·' * (12 - filled)} {share} {step.message}"
        click.echo("\r" + line[:width].ljust(width), nl=False)
    elif step.message.startswith("run "):
        click.echo(f"  {share}             {step.message}")
