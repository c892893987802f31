"""`autograder regrade`: who would gain and who would lose, before anything is written."""

from __future__ import annotations

from pathlib import Path

import click

from autograder import scores
from autograder.batch import Change, Store, compare
from autograder.commands.grade import prepared, told
from autograder.commands.options import grading, line, submissions


def described(change: Change) -> str:
    """A line on one submission."""
    before = "–" if change.before is None else f"{change.before:g}"
    after = "–" if change.after is None else f"{change.after:g}"
    parts = [f"{change.difference:+7g}  {before:>6} → {after:<6}", line(change.submission)]
    parts += [line(question) for question in change.questions]
    return "  ".join([*parts, change.status]).rstrip()


@click.command(name="regrade")
@submissions
@grading
@click.option("--yes", is_flag=True, help="Write the new grades without asking.")
def command(
    paths: tuple[Path, ...],
    bundle: Path,
    out: Path,
    jobs: int,
    scheduler: str,
    python: Path | None,
    sandbox: str,
    image: str,
    mode: str,
    wanted: tuple[str, ...],
    layout: scores.Format,
    yes: bool,
) -> None:
    """Grade PATHS anew, show the differences to the grades in OUT, and write them if you agree."""
    store = Store(out)
    with store.alone():
        batch, grader = prepared(
            paths, bundle, out, jobs, scheduler, python, sandbox, image, mode, wanted
        )
        changes = compare(store, batch.run())
        for change in changes:
            click.echo(described(change))
        gain = sum(change.difference > 0 for change in changes)
        lose = sum(change.difference < 0 for change in changes)
        click.echo(f"{gain} gain, {lose} lose, {len(changes)} differ, {len(batch.uploads)} in all.")
        if not changes:
            return
        if yes or click.confirm("Write the new grades?"):
            told(batch.publish(grader.name, layout), layout)
            click.echo(f"Written: {out / 'scores.csv'}")
        else:
            click.echo("Nothing is written.")
