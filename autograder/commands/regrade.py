"""`autograder regrade`: who would gain and who would lose, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from autograder import scores
from autograder.batch import Store, compare
from autograder.batch.standing import of_another, others
from autograder.commands.grade import (
    described,
    looked_at,
    prepared,
    refuse_nobody,
    refused,
    tell_repeated,
    told,
)
from autograder.commands.options import (
    grading,
    line,
    refuse_both,
    refuse_together,
    resumable,
    submissions,
)
from autograder.errors import GraderError
from autograder.records import Grade


def refuse_a_part(kept: Sequence[Grade], bundle: str, out: Path) -> None:
    """Keep a class from being graded by two versions of an assignment.

    Args:
        kept: grades of submissions that are not graded anew.
        bundle: digest of the assignment.
        out: the folder of results.

    Raises:
        GraderError: some of them are of another version.
    """
    names = of_another(kept, bundle)
    if names:
        raise GraderError(
            f"{out} holds grades that were made with another bundle, and {len(names)} of these "
            f"submissions are not in PATHS, such as {line(names[0])}. Name them too; a grade that "
            f"is to go has a file in {out / 'grades'}, which you can remove."
        )


def agreed() -> bool:
    """Ask whether to write.

    Raises:
        GraderError: nobody answers: Ctrl-C, or the end of the input.
    """
    try:
        return click.confirm("Write the new grades?")
    except click.Abort:
        raise GraderError(
            "Nothing is written, since nobody answered. Repeat the command; with --yes it does not "
            "ask."
        ) from None


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
    second_look: bool,
    wanted: tuple[str, ...],
    layout: scores.Format,
    yes: bool,
) -> None:
    """Grade PATHS anew, show the differences to the grades in OUT, and write them if you agree.

    Exit status: as of `autograder grade`.
    """
    refuse_together(paths, out)
    refuse_both(jobs, scheduler)
    store = Store(out)
    if not store.all_standing():
        raise GraderError(
            f"{out} holds no grades to compare with. Check --out, or make the first ones: "
            "`autograder grade` with the same options."
        )
    with resumable(), store.alone(layout):
        batch, title = prepared(
            paths, bundle, out, jobs, scheduler, python, sandbox, image, mode, second_look, wanted
        )
        standing = store.all_standing()
        refuse_a_part(others(standing, batch.uploads).kept, batch.bundle, out)
        grades = batch.run()
        changes = compare(store, grades)
        for change in changes:
            click.echo(described(change))
        gain = sum(change.difference > 0 for change in changes)
        lose = sum(change.difference < 0 for change in changes)
        click.echo(f"{gain} gain, {lose} lose, {len(changes)} differ, {len(batch.uploads)} in all.")
        # The same points by other tests, or without a second look: the grades say so from now on.
        unlooked = not second_look and looked_at(standing)
        if changes or unlooked or of_another(standing.values(), batch.bundle):
            if yes or not changes or agreed():
                told(batch.publish(title, layout), layout)
                click.echo(f"Written: {out / 'scores.csv'}")
            else:
                click.echo("Nothing is written.")
    refused(grades, out)
    tell_repeated(grades, out)
    refuse_nobody(grades, batch.uploads)
