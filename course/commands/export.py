"""`course export`: write the small model files that the pages use."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from course import chapters, exports, profiles, project
from course.execution import status


@click.command("export")
@click.option("--check", is_flag=True, help="Only say whether the files belong to the outputs.")
def command(check: bool) -> None:
    """Write the networks of the pages, and the runs that later chapters take.

    Both come from the run store. A network whose file belongs to the outputs stays as it is, so
    that its run need not be on this machine.

    With --check nothing is written, and neither TensorFlow nor the run store is needed.
    """
    root = project.root()
    book = chapters.listed(root)
    # What a chapter loads and does not train itself comes from an earlier chapter.
    names = sorted({name for c in book for name in c.loads if name not in c.trains})
    trained = status.surroundings(root, book).trained
    if check:
        reason = exports.why_outdated(root, trained)
        reason = reason or exports.why_runs_outdated(root, names, trained)
        if reason:
            raise exports.ExportError(reason)
        click.echo("The exported models belong to the outputs.")
        return
    # What follows loads TensorFlow, whose greetings say nothing here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for carried in exports.export_runs(root, names, profiles.current()):
        click.echo(f"{carried.relative_to(root)}: {carried.stat().st_size / 1000:.0f} kB")
    for wanted in exports.EXPORTS:
        if exports.why_one_outdated(root, wanted, trained) is None:
            click.echo(f"{exports.FOLDER}/{wanted.name}.js: belongs to the outputs")
            continue
        path = exports.export(root, wanted, datetime.now(UTC).date().isoformat())
        about = exports.read(path)["provenance"]
        click.echo(
            f"{path.relative_to(root)}: {path.stat().st_size / 1000:.0f} kB, {about['run']}, "
            f"seed {about['seed']}, {wanted.score} {about[wanted.score]:.4f}"
        )
