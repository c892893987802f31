"""`course site`: build the site, or show it."""

from __future__ import annotations

import click

from course import project
from course.execution import status
from course.site import build as site_build
from course.site import current
from course.site import serve as site_serve


@click.group("site")
def command() -> None:
    """Build the site, or show it on this machine."""


@command.command()
@click.option("--strict", is_flag=True, help="Fail on every warning, stale chapters among them.")
@click.option("--clean", is_flag=True, help="Begin from nothing.")
def build(strict: bool, clean: bool) -> None:
    """Build the pages into _build/html. Nothing is executed."""
    root = project.root()
    page = site_build.build(root, strict=strict, clean=clean)
    stale = [] if current.is_noted(root) else [s for s in status.states(root) if not s.fresh]
    for state in stale:
        click.secho(f"stale: {state.chapter.name}, because {state.reasons[0]}", fg="red", err=True)
    click.echo(f"The site is built: {page}\nOpen this file in a browser, or run `make serve`.")


@command.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on this machine; 0 takes a free one.",
)
def serve(port: int) -> None:
    """Show the built site at http://localhost:8000 until Ctrl-C."""
    server = site_serve.server(project.root() / site_build.BUILD / "html", port)
    click.echo(f"The site is at http://localhost:{server.server_port}/ – Ctrl-C ends it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nEnded.")
    finally:
        server.server_close()
