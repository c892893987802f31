"""`course exercises`: make the exercises from their masters, or check them."""

from __future__ import annotations

import click

from course import project
from course.errors import CourseError
from course.exercises import build, plan, secret


@click.command("exercises")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail where exercises/ is out of date.")
def command(names: tuple[str, ...], check: bool) -> None:
    """Make exercises/NAME and _build/bundles/NAME.zip from solutions/NAME.

    Without NAME, all of them. Each is checked: points as planned, full marks for the solution and
    none for the blank notebook, nothing of the teacher's in what students get. If one check fails,
    nothing is written.
    """
    root = project.root()
    text = secret.read(root)
    builts, old = [], []
    for planned in plan.chosen(root, names):
        click.secho(f"{planned.label}: {planned.title}", bold=True)
        built = build.build(root, planned, text)
        right = built.solution
        click.echo(
            f"  solution {right.score:g} of {planned.automatic:g} points in {right.seconds:.0f} s, "
            f"{right.memory_mb:.0f} MB; blank notebook {built.blank.score:g}; "
            f"{planned.manual:g} points by hand"
        )
        builts.append(built)
        if check:
            old += [f"exercises/{planned.name}/{d}" for d in build.differences(root, built)]
    if old:
        listed = "\n".join(old)
        raise CourseError(f"{listed}\nRun `course exercises` and commit what it writes.")
    if check:
        click.echo("The exercises match their masters.")
        return
    build.install(root, builts)
    for built in builts:
        bundle = build.bundle_file(root, built.plan).relative_to(root)
        click.echo(f"Written: exercises/{built.plan.name}/, {bundle}")
