"""Runs the code cells of a chapter in a kernel of this Python, one after the other."""

from __future__ import annotations

import asyncio
import copy
import functools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from course import errors, recording
from course.chapters import Chapter
from course.errors import ChapterError
from course.execution.clean import log

# TensorFlow's greetings say nothing about a chapter.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1", "PYTHONHASHSEED": "0"}
FINISH = "import course.execution.machine as _machine; _machine.note_end()"
RUN_MESSAGE = "run "


@dataclass(frozen=True)
class Progress:
    """One step of an execution, for who watches it.

    Attributes:
        cell: number of the cell, from 1.
        cells: how many there are.
        seconds: how long the cell took; None when it has only begun.
        message: the first line of the cell, or what a run says while it trains.
    """

    cell: int
    cells: int
    seconds: float | None
    message: str


@dataclass(frozen=True)
class Executed:
    """What came out of the kernel.

    Attributes:
        cells: the code cells with their raw outputs.
        seconds: wall time of each cell, in seconds.
        records: what the cells loaded and trained, and the machine they ran on.
    """

    cells: list[Any]
    seconds: list[float]
    records: list[dict[str, Any]]


class _Client(NotebookClient):
    """Passes on what training runs say, and keeps everything said to stderr in a log."""

    tell: Callable[[str], None]
    log_file: Path

    def output(self, outs: list[Any], msg: Any, display_id: Any, cell_index: int) -> Any:
        if msg["msg_type"] == "stream" and msg["content"]["name"] == "stderr":
            text = msg["content"]["text"]
            with self.log_file.open("a", encoding="utf-8") as file:
                file.write(text)
            for line in text.splitlines():
                if line.startswith(RUN_MESSAGE):
                    self.tell(line)
        return super().output(outs, msg, display_id, cell_index)


def execute(
    chapter: Chapter, profile: str, log_file: Path, report: Callable[[Progress], None]
) -> Executed:
    """Run a chapter from top to bottom in a fresh kernel and an empty folder.

    Args:
        chapter: the chapter.
        profile: `cpu` or `gpu`.
        log_file: where everything goes that the cells say to stderr.
        report: is told when a cell begins, when it ends, and what its runs say.

    Raises:
        ChapterError: a cell raised, or the kernel died; the message has the cell and traceback.
        KeyboardInterrupt: the user stopped it; the kernel is shut down.
    """
    cells = [nbformat.v4.new_code_cell(source) for source in chapter.sources]
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(FINISH)])
    total = len(cells)
    seconds: list[float] = []
    with (
        tempfile.TemporaryDirectory(prefix="course-") as folder,
        _started(notebook, Path(folder), profile, log_file) as client,
    ):
        for index, cell in enumerate(notebook.cells):
            number = min(index + 1, total)
            first_line = cell.source.strip().partition("\n")[0]
            client.tell = functools.partial(_tell, report, number, total)
            if index < total:
                report(Progress(number, total, None, first_line))
            began = time.perf_counter()
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, DeadKernelError) as error:
                raise ChapterError(_failure(chapter, number, cell, error)) from error
            if index < total:
                seconds.append(round(time.perf_counter() - began, 2))
                report(Progress(number, total, seconds[-1], first_line))
        records = recording.read(Path(folder) / "records.jsonl")
    return Executed(copy.deepcopy(notebook.cells[:total]), seconds, records)


def _tell(report: Callable[[Progress], None], cell: int, cells: int, text: str) -> None:
    report(Progress(cell, cells, None, text))


@contextmanager
def _started(notebook: Any, folder: Path, profile: str, log_file: Path) -> Iterator[_Client]:
    # The native kernel is this interpreter; a kernel of the same name elsewhere on the machine
    # would bring other libraries.
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    # The blocking manager would wait for ever for a kernel that has died.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    # Sockets of the file system: other users of the machine cannot listen.
    manager.transport = "ipc"
    manager.ip = str(folder / "kernel")
    client = _Client(notebook, km=manager, timeout=None, startup_timeout=180)
    client.log_file = log_file
    log_file.parent.mkdir(parents=True, exist_ok=True)
    log_file.write_text("", encoding="utf-8")
    work = folder / "work"
    work.mkdir()
    environment = {
        **os.environ,
        **QUIET,
        "COURSE_PROFILE": profile,
        # Figures are shown, and nobody's own startup files run, whatever the shell says.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(folder / "ipython"),
        recording.VARIABLE: str(folder / "records.jsonl"),
        # A notebook finds the package even where it is not installed.
        "PYTHONPATH": import_path(),
    }
    for name in ("CNN_COURSE_DATA", "CNN_COURSE_CACHE"):
        if environment.get(name):
            environment[name] = str(Path(environment[name]).resolve())
    with (
        log_file.open("a", encoding="utf-8") as noise,
        client.setup_kernel(
            env=environment, cwd=str(work), stdout=noise, stderr=noise, cleanup_kc=True
        ),
    ):
        try:
            yield client
        except KeyboardInterrupt:
            run_sync(_settle)()
            raise


async def _settle() -> None:
    """End what an interrupted cell still waits for: later it would complain of a dead kernel."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def import_path() -> str:
    """What a process that imports the package is to have as `PYTHONPATH`."""
    package = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))


def _failure(chapter: Chapter, number: int, cell: Any, error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        # nbclient repeats the cell between two rules before the traceback.
        shown = log(error.traceback).rpartition("\n------------------\n")[2].strip()
        what = f"cell {number} raised {error.ename}: {log(error.evalue)}"
    else:
        shown = ""
        what = f"the kernel died in cell {number}, perhaps for lack of memory"
    source = "\n".join(f"    {line}" for line in cell.source.splitlines())
    unchanged = "The old outputs are unchanged; training runs that finished are kept."
    if isinstance(error, CellExecutionError) and hasattr(errors, error.ename):
        # The package says itself what is wrong and what to do; the cell needs no mending.
        return (
            f"{chapter.path}: cell {number} could not go on.\n\n{source}\n\n{log(error.evalue)}\n\n"
            f"{unchanged} Then repeat `course execute {chapter.name}`."
        )
    return (
        f"{chapter.path}: {what}\n\n{source}\n\n{shown}\n\n"
        f"{unchanged} Mend the cell and run `course execute {chapter.name}` again."
    )
