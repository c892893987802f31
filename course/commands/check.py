"""`course check`: links, images, requests and headings of the built site, and its text."""

from __future__ import annotations

from pathlib import Path

import click

from course import check, project


@click.command("check")
@click.argument("html_dir", required=False, type=click.Path(path_type=Path))
@click.option("--book", type=click.Path(path_type=Path), help="Folder of the text. [book]")
def command(html_dir: Path | None, book: Path | None) -> None:
    """Check the built site in HTML_DIR (_build/html when not given) and the text it comes from.

    Prints one line for each fault, `file:line: rule: what to do`, and exits with 1 when there is
    one.
    """
    html_dir = html_dir or _here("_build/html")
    findings, pages = check.check_site(html_dir, book or _here("book"))
    for finding in findings:
        click.echo(str(finding))
    if findings:
        files = len({finding.file for finding in findings})
        click.secho(f"{len(findings)} faults in {files} files.", fg="red", err=True)
        raise SystemExit(1)
    click.secho(f"{pages} pages checked, no faults.", fg="green")


def _here(name: str) -> Path:
    """A folder of the course, in the short form that it has for a user who stands beside it."""
    path = project.root() / name
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
