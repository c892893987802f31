"""`autograder grade PATH…`: a class's grades, in tables and pages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from autograder import scores
from autograder.batch import Batch, Store
from autograder.batch.bundle import BundleGrader, read_bundle
from autograder.commands.options import chosen, grading, line, submissions
from autograder.intake import discover
from autograder.intake.limits import within
from autograder.rooms import trial
from autograder.sandbox.bubblewrap import room_for_files

# To start the interpreters that wait takes as long as a few notebooks.
HANDFUL = 5


def fitting(submissions: int, sandbox: str, *, elsewhere: bool) -> str:
    """The mode for so many submissions; whether forks work `elsewhere` shows there."""
    if submissions <= HANDFUL or sandbox != "bubblewrap":
        return "cold"
    reason = "" if elsewhere else trial()
    if reason:
        click.echo(f"Slower than it could be, in cold rooms: {line(reason)}", err=True)
    return "cold" if reason else "warm"


def prepared(
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
) -> tuple[Batch, BundleGrader]:
    """A batch from the options of a command."""
    # Known at once where the bundle cannot be read, and it says which files come along.
    interpreter = chosen(python, sandbox, image)
    assignment = read_bundle(bundle, interpreter, sandbox).assignment()
    limits = assignment.limits
    # The other half of the room is for the assignment's files and for what the notebook writes.
    most = within(limits.file_mb << 20, room_for_files(limits) // 2)
    uploads = discover(paths, (*wanted, *assignment.wanted), most)
    if mode == "auto":
        mode = fitting(len(uploads), sandbox, elsewhere=bool(scheduler))
    grader = read_bundle(bundle, interpreter, sandbox, mode, image)
    batch = Batch(
        uploads,
        grader,
        Store(out),
        bundle=assignment.digest,
        settings=grader.settings_digest(),
        jobs=jobs,
        scheduler=scheduler,
        about=grader.about(),
    )
    return batch, grader


def told(left: list[scores.Left], layout: str) -> None:
    """Say which submissions an import leaves out."""
    for item in left:
        click.echo(f"not in {layout}.csv: {line(item.submission)}: {line(item.reason)}", err=True)


@click.command(name="grade")
@submissions
@grading
@click.option("--json", "as_json", is_flag=True, help="Print all grades as JSON.")
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
    as_json: bool,
) -> None:
    """Grade what lies in PATHS: notebooks, zips, or a platform's download of a class."""
    store = Store(out)
    with store.alone():
        batch, grader = prepared(
            paths, bundle, out, jobs, scheduler, python, sandbox, image, mode, wanted
        )
        grades = batch.run()
        told(batch.publish(grader.name, layout), layout)
    if as_json:
        click.echo(json.dumps([json.loads(grade.to_json()) for grade in grades], indent=1))
        return
    counted = Counter(grade.status for grade in grades)
    click.echo(", ".join(f"{count} {status}" for status, count in counted.most_common()))
    if sandbox == "none":
        click.secho("These notebooks ran WITHOUT a sandbox.", fg="red", err=True)
    click.echo(f"Scores: {out / 'scores.csv'}\nSummary: {out / 'summary.html'}")
