"""A small course with outputs that were really executed, a copy of it for each test."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock
import hypothesis
import pytest
import small_course
from small_course import Command, Project, Result

from course import commands
from course.execution import execute

# How long an example takes says nothing on a machine that is shared.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

VARIABLES = ("COURSE_PROFILE", "COURSE_RECORD", "CNN_COURSE_DATA", "MPLBACKEND")


@pytest.fixture(scope="session")
def executed_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, executed once for all tests, whichever process runs them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "small-course"
    with filelock.FileLock(shared / "small-course.lock"), pytest.MonkeyPatch.context() as patch:
        if not (folder / "executed").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            small_course.write(folder)
            patch.setenv("CNN_COURSE_CACHE", str(folder / "cache"))
            for variable in VARIABLES:
                patch.delenv(variable, raising=False)
            for plan in execute.plans(folder, (), every=False):
                execute.run(folder, plan, lambda step: None)
            (folder / "executed").touch()
    return folder


@pytest.fixture
def project(executed_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A fresh copy of the executed course, as the current folder, with a run store of its own."""
    root = tmp_path / "project"
    shutil.copytree(executed_course, root)
    (root / "executed").unlink()
    monkeypatch.setenv("CNN_COURSE_CACHE", str(root / "cache"))
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(root)
    return Project(root)


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command of the course in this process."""

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["course", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            commands.main()
        shown = capsys.readouterr()
        return Result(int(exit_.value.code or 0), shown.out, shown.err)

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium for all tests that need one: two at a time do not go together."""
    from browser import visits
    from playwright.sync_api import sync_playwright

    executable = visits.chromium()
    if executable is None:
        reason = "no Chromium or Chrome on PATH; install one (Debian: apt install chromium)."
        if os.environ.get("COURSE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(f"NOTHING TESTED IN A BROWSER: {reason}")
    with sync_playwright() as playwright:
        running = visits.launch(playwright, executable)
        yield running
        running.close()
