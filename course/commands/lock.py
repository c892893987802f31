"""`course lock`: write the lock files, or check them."""

from __future__ import annotations

import click

from course import lock, project
from course.errors import CourseError


@click.command("lock")
@click.option("--check", is_flag=True, help="Only say whether they match pyproject.toml.")
@click.option("--upgrade", is_flag=True, help="Take the newest version of everything.")
def command(check: bool, upgrade: bool) -> None:
    """Write requirements.txt, requirements-site.txt and requirements-gpu.txt.

    Versions stay as they are where pyproject.toml still allows them.
    """
    root = project.root()
    if check:
        old = lock.outdated(root)
        if old:
            raise CourseError(f"{', '.join(old)} do not match pyproject.toml; run `course lock`.")
        click.echo("The lock files match pyproject.toml.")
        return
    lock.write(root, upgrade=upgrade)
    click.echo(f"Written: {', '.join(lock.FILES)}.")
