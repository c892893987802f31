"""Options that several commands share, and lines that a terminal can be trusted with."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from autograder.errors import GraderError, SandboxError
from autograder.reports.pages import clean
from autograder.settings import SANDBOXES

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def submissions(function: Callable[..., Any]) -> Callable[..., Any]:
    """The paths of what was handed in."""
    kind = click.Path(exists=True, path_type=Path)
    return click.argument("paths", nargs=-1, required=True, type=kind)(function)


def grading(function: Callable[..., Any]) -> Callable[..., Any]:
    """What grading a class needs beside the paths."""
    options: list[Decorator] = [
        click.option(
            "--assignment",
            "bundle",
            required=True,
            type=click.Path(exists=True, path_type=Path),
            help="The zip or folder that `otter assign` or `course exercises` wrote.",
        ),
        click.option(
            "--out",
            required=True,
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder of the results; a second run goes on where the first was stopped.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            help="Notebooks at a time on this machine.",
        ),
        click.option(
            "--scheduler", default="", help="Address of a Dask scheduler, in place of --jobs."
        ),
        click.option(
            "--python",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Interpreter of the assignment's environment, for notebooks and tests, such as "
            "one that `autograder env build` made; the default is this one.",
        ),
        click.option(
            "--sandbox",
            type=click.Choice(SANDBOXES),
            default="bubblewrap",
            show_default=True,
            help="`docker` needs --image; `none` runs notebooks with your rights, and every report "
            "then says so.",
        ),
        click.option(
            "--image",
            default="",
            metavar="NAME@sha256:…",
            help="For --sandbox docker: the image of the assignment's environment, by its digest "
            "or by its number, sha256:….",
        ),
        click.option(
            "--mode",
            type=click.Choice(["auto", "warm", "cold"]),
            default="auto",
            show_default=True,
            help="`warm` forks a waiting interpreter for each notebook, `cold` starts a new one; "
            "`auto` is warm for a class and cold for a few. The points are the same. "
            "Only bubblewrap has warm rooms.",
        ),
        click.option(
            "--second-look",
            is_flag=True,
            help="Where points were lost, Otter's own grading runs too, in a sandbox of its own; "
            "what it gives more is left to you. There the notebook can read hidden tests and files "
            "(book/grading-security.md).",
        ),
        click.option(
            "--data",
            "wanted",
            multiple=True,
            metavar="PATTERN",
            help="Data files that students hand in beside the notebook, such as 'photos/*.jpg'.",
        ),
        click.option(
            "--format",
            "layout",
            type=click.Choice(["plain", "canvas", "moodle"]),
            default="plain",
            help="Also write a file that this platform imports.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def once(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths, each of them once; a line says which were named more often."""
    found: dict[Path, Path] = {}
    for path in paths:
        first = found.setdefault(path.resolve(), path)
        if first is not path:
            click.echo(f"Named more than once, counted once: {line(str(first))}", err=True)
    return tuple(found.values())


def refuse_together(paths: tuple[Path, ...], out: Path) -> None:
    """Keep results apart from submissions: there they would be handed in the next time.

    Raises:
        GraderError: the folder of results is one of the paths, or lies in one.
    """
    place = out.resolve()
    for path in paths:
        if path.is_dir() and place.is_relative_to(path.resolve()):
            raise GraderError(
                f"{out} lies in {path}, the folder of the submissions: results would be mixed with "
                "what was handed in. Choose an --out outside."
            )


def refuse_both(jobs: int, scheduler: str) -> None:
    """The workers of a scheduler say themselves how much they do at a time.

    Raises:
        GraderError: there are jobs of this machine, too.
    """
    if scheduler and jobs > 1:
        raise GraderError(
            f"--jobs {jobs} is for this machine, and --scheduler names another's workers, which "
            "do as many as they were started for. Leave one of the two out."
        )


@contextlib.contextmanager
def resumable() -> Iterator[None]:
    """Say after Ctrl-C that nothing is lost.

    Raises:
        GraderError: it was pressed.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise GraderError(
            "Stopped. Repeat the command to go on: what is graded already is kept."
        ) from None


def chosen(python: Path | None, sandbox: str, image: str) -> Path:
    """The interpreter of a command, where it goes together with what else is asked for.

    Raises:
        SandboxError: it does not.
    """
    if sandbox != "docker":
        if image:
            raise SandboxError("--image is for --sandbox docker; give both or neither.")
        return python or Path(sys.executable)
    if python is not None:
        raise SandboxError(
            "--python names an interpreter of this machine, and --sandbox docker runs that of the "
            "image. Leave --python out."
        )
    if not image:
        raise SandboxError(
            "--sandbox docker needs an image with the assignment's environment: "
            "--image NAME@sha256:… book/grading-security.md says how to build one."
        )
    return Path(sys.executable)


def line(text: str) -> str:
    """One line without what a terminal would obey: students choose names of files."""
    return str(clean(text)).replace("\n", " ").replace("\t", " ")
