"""Runs the cells of a notebook and hands values over where it is checked."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from typing import Any

from autograder.student import generators
from autograder.student.given import Given
from autograder.student.loop import Loop
from autograder.student.references import Bounded, References, flush, text_of
from autograder.values import VERSION, folders, printing
from autograder.values.encode import Encoder
from autograder.values.wire import Channel, Message, WireError

# A cell that catches its time limit so often is not asked any more.
PATIENCE = 3
MAX_ERRORS = 50
# The report takes 300 characters of an error; two of them say that there was more.
MAX_SAID = 298
# Of one question's values as JSON: less than the other side reads.
MOST_JSON = 12 << 20
# On a crowded machine a cell may wait for its turn: that much longer than its limit at most.
STRETCH = 3.0


class TimeLimit(KeyboardInterrupt):
    """The cell or call has used up its time; `except Exception` does not catch this."""


class Clock:
    """Time that code has used: of the processor, or a third of what passed, if that is more.

    So a notebook loses nothing where the machine is busy with others, and cannot sleep for long.
    """

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self.wall, self.processor = time.monotonic(), time.process_time()

    def spent(self) -> float:
        """Seconds since the clock was made."""
        used = (time.process_time() - self.processor) / self.threads
        return max(used, (time.monotonic() - self.wall) / STRETCH)


class Driver:
    """One notebook, from its first cell to the last question about it.

    Args:
        shell: IPython's.
        channel: to the tests.
        settings: `names` by question (None: all), `cell_seconds`, `seconds`, `threads`, `seed`,
            `seed_variable`, `given` (the assignment's files).
    """

    def __init__(self, shell: Any, channel: Channel, settings: dict[str, Any]) -> None:
        self.shell, self.channel, self.settings = shell, channel, settings
        self.references = References()
        self.given = Given(settings["given"])
        self.folders = folders.imported_from()
        self.process = os.getpid()
        self.loop = Loop()
        self.emojis = generators.Emojis()
        self.errors: list[dict[str, Any]] = []
        self.checked: set[str] = set()
        # Checks so far, and what no message has told yet of cells that drew after one.
        self.checks = 0
        self.drew: list[list[Any]] = []
        self.limits_hit = 0
        self.calling = False
        self.finishing = False
        self.hidden = set(shell.user_ns)
        self.start = Clock(settings["threads"])
        self.tests = 0.0
        self.cell_start, self.cell_seconds = self.start, float("inf")
        signal.signal(signal.SIGALRM, self.alarm)

    def alarm(self, *_: Any) -> None:
        """The time of a cell or call is over, or a cell has waited for its turn."""
        if not self.calling and not self.finishing:
            left = self.cell_seconds - self.cell_start.spent()
            if left > 0.05:
                signal.setitimer(signal.ITIMER_REAL, left, 0.5)
                return
        self.limits_hit += 1
        if self.limits_hit > PATIENCE and not self.calling and not self.finishing:
            # The cell catches everything. What ran before it is graded from here.
            self.finish()
            os._exit(0)
        raise TimeLimit("time limit")

    @contextlib.contextmanager
    def limited(self, seconds: float) -> Any:
        """Raise `TimeLimit` inside after so long, and again each half second."""
        self.limits_hit = 0
        signal.setitimer(signal.ITIMER_REAL, max(0.01, seconds), 0.5)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def run(self, cells: list[dict[str, Any]]) -> None:
        """Run all cells, then answer until told to stop.

        Args:
            cells: `number`, `source`, and the questions to be checked after it, `checks`.
        """
        for cell in cells:
            left = self.settings["seconds"] - self.start.spent() + self.tests
            if left <= 0:
                self.note(cell["number"], "TimeLimit", "the notebook has used up its time")
                break
            # If the process ends in it, nobody else can say which cell that was.
            self.channel.send(Message({"kind": "cell", "cell": cell["number"]}))
            self.cell(cell, min(left, self.settings["cell_seconds"]))
            for question in cell["checks"]:
                self.seed()
                self.loop.apart(self.check, question, None)
        self.loop.apart(self.finish)

    def cell(self, cell: dict[str, Any], seconds: float) -> None:
        """Run one cell; what it raises is noted, as a notebook would show it."""
        out = Bounded()
        error: BaseException | None = None
        checks = self.checks
        self.emojis.begin(cell["emojis"])
        self.cell_start, self.cell_seconds = Clock(self.settings["threads"]), seconds
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                with self.limited(seconds):
                    result = self.ran(self.seeded(cell["source"]))
                error = result.error_before_exec or result.error_in_exec
        except BaseException as escaped:
            error = escaped
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.original()
        if checks:
            self.drew += [[cell["number"], checks, name] for name in self.emojis.drew()]
        if error is not None:
            said = text_of(error) if not isinstance(error, TimeLimit) else f"after {seconds:.0f} s"
            self.note(cell["number"], type(error).__name__, said)
        with contextlib.suppress(Exception):
            sys.modules["matplotlib.pyplot"].close("all")

    def ran(self, source: str) -> Any:
        """Run the text of a cell in the loop of the notebook, as a kernel does."""
        shell = self.shell
        if not asynchronous(shell, source):
            return self.loop.call(self.alone, shell.run_cell, source)
        text, failed = transformed(shell, source)

        async def cell() -> Any:
            result = None
            try:
                result = await shell.run_cell_async(
                    source,
                    store_history=True,
                    transformed_cell=text,
                    preprocessing_exc_tuple=failed,
                )
            finally:
                self.original()
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
            return result

        return self.loop.wait(cell)

    def alone(self, run_cell: Any, source: str) -> Any:
        """Run the text of a cell that waits for nothing."""
        try:
            return run_cell(source, store_history=True)
        finally:
            self.original()

    def original(self) -> None:
        """End a copy of this process: one that a cell forked must not carry on with the
        notebook."""
        if os.getpid() != self.process:
            os._exit(0)

    def seeded(self, source: str) -> str:
        """The cell with the seeding that Otter puts before each."""
        seed, variable = self.settings["seed"], self.settings["seed_variable"]
        if seed is None or source.startswith("%%"):
            return source
        if variable:
            return f"{variable} = {seed}\n{source}"
        return (
            f"import numpy as _np_s, random as _rd_s; _np_s.random.seed({seed}); "
            f"_rd_s.seed({seed}); del _np_s, _rd_s\n{source}"
        )

    def seed(self) -> None:
        """Seed as Otter does before a cell of its own, with nothing but a check in it."""
        if self.settings["seed"] is not None and not self.settings["seed_variable"]:
            generators.seed(self.settings["seed"])

    def note(self, number: int, name: str, said: str) -> None:
        """Remember for the report that a cell went wrong."""
        if len(self.errors) < MAX_ERRORS:
            said = folders.shortened(said, self.folders)
            text = said if len(said) <= MAX_SAID else f"{said[:MAX_SAID]} …"
            self.errors.append({"cell": number, "error": name[:80], "text": text})

    def shared(self, question: str, scope: dict[str, Any]) -> dict[str, Any]:
        """What is said of the variables of a question that a function, or its tests, may change."""
        names = self.settings["names"].get(question, [])
        values = {name: scope[name] for name in names or () if name in scope}
        return {"shared": self.references.shared.hand_over(values, question)}

    def values(self, question: str, scope: dict[str, Any], encoder: Encoder) -> dict[str, Any]:
        """What a question needs, as JSON by name; names that are not there are left out."""
        names = self.settings["names"].get(question, [])
        if names is None:
            names = [n for n in scope if not n.startswith("_") and n not in self.hidden]
        found, room = {}, MOST_JSON
        for name in names:
            if name in scope:
                node = encoder.value(scope[name])
                size = len(json.dumps(node))
                found[name] = node if size <= room else {"other": "a value that is too large"}
                room -= size if size <= room else 0
        return found

    def found(self, question: str, scope: dict[str, Any], encoder: Encoder) -> dict[str, Any]:
        """What a check says: values, the given files that are no longer as they were, the
        settings for printing that are not, and the cells that drew since the last one."""
        drew, self.drew = self.drew, []
        head: dict[str, Any] = {"kind": "check", "question": question, "drew": drew}
        head["files"] = self.given.changed()
        head |= {"values": self.values(question, scope, encoder), "options": printing.changed()}
        head["decimals"], head["emoji"] = printing.decimals(), self.emojis.left > 0
        if self.settings["seed"] is not None and not self.settings["seed_variable"]:
            head["drawn"] = generators.drawn(self.settings["seed"])
        return head | self.shared(question, scope)

    def check(self, question: Any, scope: Any) -> None:
        """Hand over the values of a question, and answer the tests about them."""
        if threading.current_thread() is not threading.main_thread() or self.calling:
            return
        self.original()
        if type(question) is not str or question not in self.settings["names"]:
            raise FileNotFoundError(f"Test {question} does not exist")
        left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
        started = time.monotonic()
        encoder = Encoder(self.references.refer)
        head = self.found(question, self.shell.user_ns if scope is None else scope, encoder)
        self.channel.send(Message(head, encoder.blob))
        self.checked.add(question)
        self.checks += 1
        own, kept = self.emojis.drew(), self.references.generators
        kept.seeded.clear()
        self.serve()
        kept.leave(question)
        # What tests have seeded, they have drawn, and not the cell.
        self.emojis.pass_over(kept.seeded.difference(own))
        # Tests are not on the student's time.
        self.tests += time.monotonic() - started
        self.cell_seconds += time.monotonic() - started
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, 0.5)

    def serve(self) -> None:
        """Answer calls until the other side says `go`."""
        while True:
            message = self.channel.receive()
            if message.kind == "lost":
                self.channel.send(Message({"kind": "lost", "lost": self.lost(message)}))
                continue
            if message.kind != "call":
                return
            self.calling = True
            try:
                with self.limited(float(message.head["seconds"])):
                    answer = self.references.answer(message)
            except BaseException as error:
                raised = [type(error).__name__, text_of(error)]
                answer = Message({"kind": "answer", "value": None, "raised": raised, "out": ""})
            self.calling = False
            flush()
            number = {"call": message.head.get("call"), "files": self.given.changed()}
            try:
                self.channel.send(Message(answer.head | number, answer.blob))
            except WireError as error:
                raised = ["ValueError", str(error)]
                head = {"kind": "answer", "value": None, "raised": raised, "out": ""}
                self.channel.send(Message(head | number))

    def lost(self, message: Message) -> bool:
        """Whether a value has changed that is too large to be followed; yes where it takes long."""
        # Inside a cell, its alarm would take this limit for the cell's.
        self.calling = True
        try:
            with self.limited(float(message.head["seconds"])):
                return self.references.shared.lost(message.head["question"], message.head["since"])
        except BaseException:
            return True
        finally:
            self.calling = False

    def finish(self) -> None:
        """Hand over what the unchecked questions need, and answer until told to stop."""
        self.finishing = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        for question in self.settings["names"]:
            if question in self.checked:
                continue
            encoder = Encoder(self.references.refer)
            head = self.found(question, self.shell.user_ns, encoder)
            self.channel.send(Message(head, encoder.blob))
            self.serve()
            self.references.generators.leave(question)
        self.channel.send(
            Message(
                {
                    "kind": "end",
                    "errors": self.errors,
                    "version": VERSION,
                    "files": self.given.changed(),
                    "drew": self.drew,
                }
            )
        )
        self.serve()


def transformed(shell: Any, source: str) -> tuple[str, Any]:
    """The text of a cell as Python, and what went wrong with it, if anything did."""
    try:
        return str(shell.transform_cell(source)), None
    except Exception:
        return source, sys.exc_info()


def asynchronous(shell: Any, source: str) -> bool:
    """Whether a cell waits for something at its top, and asyncio is what it waits with."""
    if str(shell.loop_runner) != "asyncio":
        return False
    text, failed = transformed(shell, source)
    return bool(
        shell.should_run_async(source, transformed_cell=text, preprocessing_exc_tuple=failed)
    )
