"""The command line `autograder`. Each command stands in a module of its own and stays thin."""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from autograder.errors import GraderError

# Loaded when called: `autograder check` must not wait for what `autograder grade` imports.
COMMANDS = {
    "check": "Run the public tests of a notebook on it.",
    "doctor": "Say what this machine offers for grading.",
    "env": "Make the environment of an assignment.",
    "grade": "Grade notebooks in a sandbox.",
    "read": "Write the written answers of submissions as pages.",
    "regrade": "Grade again, and show who gains and loses first.",
    "similar": "Rank pairs of submissions by shared code.",
}
WINDOWS = (
    "This command runs on Linux. Windows has it in WSL: run `wsl --install` in PowerShell once, "
    "open Ubuntu from the start menu, and install and run `autograder` there."
)


class LazyGroup(click.Group):
    """A click group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"autograder.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
def group() -> None:
    """Marks notebooks of Otter assignments without letting them near the tests."""


def main() -> None:
    """Run the command line; a `GraderError` becomes one clear message and exit status 1."""
    if sys.platform == "win32":
        # Before anything is imported that asks Linux for something.
        fail(WINDOWS)
    try:
        group(prog_name="autograder")
    except GraderError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end."""
    click.secho(f"error: {message}", fg="red", err=True)
    raise SystemExit(1) from None
