"""The command line `course`. Each command stands in a module of its own and stays thin."""

from __future__ import annotations

import difflib
import errno
import importlib
import sys
from typing import NoReturn

import click

from course import __version__
from course.errors import CourseError

# Loaded when called: `course status` must not wait for what `course check` imports.
COMMANDS = {
    "check": "Check the built site and its text: links, images, requests, numbers, shape.",
    "data": "List, fetch, verify and mirror the data sets.",
    "execute": "Run the chapters whose outputs are stale.",
    "export": "Write the small model files that the pages use.",
    "lock": "Write the lock files, or check that they match pyproject.toml.",
    "runs": "List, pack and fetch finished training runs.",
    "site": "Build the site, or serve it.",
    "status": "Say for each chapter whether its outputs are fresh, and why not.",
}

# What the machine refuses and its user can mend.
MENDABLE = {
    errno.ENOSPC: "The disk is full: free some space and repeat the command.",
    errno.EDQUOT: "Your share of the disk is full: free some space and repeat the command.",
    errno.EACCES: "Ask for the right to write there, or work in a folder of your own.",
    errno.EROFS: "The disk is read-only: copy the course to another one.",
}


class LazyGroup(click.Group):
    """A click group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"course.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; of an unknown one, the nearest is suggested."""
        near = difflib.get_close_matches(args[0], COMMANDS, 1)
        if near and args[0] not in COMMANDS:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="course")
def group() -> None:
    """Data sets, chapter outputs and the site of the course on convolutional networks."""


def main() -> None:
    """Run the command line; a `CourseError` becomes one clear message and exit status 1."""
    try:
        group(prog_name="course")
    except CourseError as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "course":
            raise
        _fail(
            f"{error.name} is not installed for {sys.executable}. In the folder of the course, "
            f"type `. .venv/bin/activate` first; `make test` makes that environment."
        )
    except OSError as error:
        if error.errno not in MENDABLE:
            raise
        place = error.filename or "a file"
        _fail(f"{place} could not be written or read: {error.strerror}. {MENDABLE[error.errno]}")


def _fail(message: str) -> NoReturn:
    click.secho(f"error: {message}", fg="red", err=True)
    raise SystemExit(1) from None
