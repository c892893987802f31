"""The command line as a whole."""

from __future__ import annotations

import errno
import importlib
import os
import subprocess
import sys

import pytest
from small_course import Command

from course import __version__, commands


def test_the_help_lists_every_command(course: Command) -> None:
    result = course("--help")
    assert result.status == 0
    for name, what in commands.COMMANDS.items():
        assert f"  {name} " in result.out
        assert what in " ".join(result.out.split())


@pytest.mark.parametrize("name", sorted(commands.COMMANDS))
def test_every_listed_command_exists_and_explains_itself(name: str) -> None:
    command = importlib.import_module(f"course.commands.{name}").command
    assert command.name == name
    assert command.help


def test_the_version_is_printed(course: Command) -> None:
    assert course("--version").out == f"course, version {__version__}\n"


def test_an_unknown_command_is_refused(course: Command) -> None:
    result = course("exceute")
    assert result.status == 2
    assert "No such command 'exceute'. Did you mean 'execute'?" in result.err
    assert "Did you mean" not in course("qqqq").err


def test_a_python_without_the_environment_is_told_how_to_get_it(
    course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name="myst_nb")

    monkeypatch.setattr(commands.importlib, "import_module", absent)
    result = course("status")
    assert result.status == 1
    assert "myst_nb is not installed for" in result.err
    assert "type `. .venv/bin/activate` first" in result.err


def test_what_computes_staleness_needs_no_tensorflow_no_kernel_and_no_plots() -> None:
    program = (
        "import sys; import course.execution.status, course.site; "
        "heavy = {'tensorflow', 'keras', 'pandas', 'sklearn', 'nbclient'}; "
        "sys.exit(str(sorted(heavy & set(sys.modules)) or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.stderr.strip() == ""


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "the right to write")],
)
def test_what_the_disk_refuses_is_told_with_the_file_and_the_next_step(
    course: Command, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def refuse() -> None:
        raise OSError(number, os.strerror(number), "/somewhere/outputs.ipynb")

    monkeypatch.setattr("course.project.root", refuse)
    result = course("status")
    assert result.status == 1
    assert "/somewhere/outputs.ipynb" in result.err
    assert advice in result.err
    assert "Traceback" not in result.err


def test_a_fault_of_the_code_itself_is_not_dressed_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr("course.project.root", broken)
    monkeypatch.setattr(sys, "argv", ["course", "status"])
    with pytest.raises(OSError, match="Bad file descriptor"):
        commands.main()
