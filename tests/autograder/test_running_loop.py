"""Cells, and the functions that tests call, run inside an event loop, as in a kernel."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.records import Grade
from autograder.settings import MODES, Settings
from autograder.student.loop import Loop
from tests.autograder.bundles import bundle, exceptions, notebook

HEAD = "import asyncio, otter\ngrader = otter.Notebook()\nasync def five():\n    return 5\n"
# Cells, and what is true of a variable that they have made, `x`, or of a function, `f`.
SAME = {
    "running": (["x = asyncio.get_running_loop() is not None"], "x"),
    "asked": (["x = asyncio.get_event_loop().is_running()"], "x"),
    "refused": (["x = 1\nx = asyncio.run(five())"], "x == 1"),
    "refused_in_a_call": (
        [
            "x = 0\ndef f():\n    try:\n        return asyncio.run(five())\n"
            "    except RuntimeError:\n        return 'refused'"
        ],
        "f() == 'refused'",
    ),
    "begun": (
        [
            "x = []\nasync def work():\n    await asyncio.sleep(0.01)\n    x.append(1)\n"
            "task = asyncio.ensure_future(work())",
            "await asyncio.sleep(0.3)",
        ],
        "x == [1]",
    ),
    "a_turn": (
        [
            "x = []\nasync def work():\n    x.append(1)\ntask = asyncio.ensure_future(work())",
            "y = 1",
        ],
        "x == [1]",
    ),
    "awaited": (["x = await five()", "x += await asyncio.create_task(five())"], "x == 10"),
    "one_by_one": (
        [
            "async def some():\n    for n in range(3):\n        yield n\n"
            "x = [n async for n in some()]"
        ],
        "x == [0, 1, 2]",
    ),
    "in_a_thread": (
        [
            "import threading\nx = []\nthread = threading.Thread(target=lambda: "
            "x.append(asyncio.run(five())))\nthread.start()\nthread.join()"
        ],
        "x == [5]",
    ),
    "in_processes": (
        [
            "from multiprocessing import Pool\ndef square(n):\n    return n * n\n"
            "with Pool(2) as pool:\n    x = pool.map(square, [1, 2, 3])"
        ],
        "x == [1, 4, 9]",
    ),
    "one_context": (
        ["import numpy as np\nold = np.seterr(all='raise')", "x = np.geterr()"],
        "x['over'] == 'raise'",
    ),
    "precision": (
        ["from decimal import *\ngetcontext().prec = 4", "x = getcontext().prec"],
        "x == 4",
    ),
}
# What a notebook does to its loop, and the cells after it still run.
BROKEN = {
    "stopped": ["asyncio.get_running_loop().stop()"],
    "stopped, waiting": ["asyncio.get_running_loop().stop()\nawait asyncio.sleep(0.01)"],
    "taken away": ["asyncio.set_event_loop(None)\nasyncio.new_event_loop = None"],
    "patched": ["asyncio.get_running_loop().run_forever = lambda: None"],
    "patched, raises": ["asyncio.get_running_loop().call_soon = None"],
    "raises": ["async def bad():\n    raise ValueError\ntask = asyncio.ensure_future(bad())"],
    "leaves": ["async def bad():\n    raise SystemExit\ntask = asyncio.ensure_future(bad())"],
    "forked": ["import os\nif os.fork() == 0:\n    await asyncio.sleep(0)"],
    "own": ["own = asyncio.new_event_loop()\nasyncio.set_event_loop(own)\nown.close()"],
    "endless": ["await asyncio.sleep(1000)"],
    "endless task": [
        "async def bad():\n    while True:\n        pass\ntask = asyncio.ensure_future(bad())"
    ],
    "closed": [
        "import threading, time\nloop = asyncio.get_running_loop()\ndef close():\n"
        "    while not loop.is_closed():\n        try:\n            loop.close()\n"
        "        except RuntimeError:\n            pass\n"
        "threading.Thread(target=close, daemon=True).start()"
    ],
}


def graded(
    cells: list[str], holds: dict[str, str], folder: Path, mode: str, seconds: float = 60
) -> Grade:
    """Questions of one point each, of which this must hold."""
    tests = {}
    for name, what in holds.items():
        takes = "x, f" if "f()" in what else "x"
        text = f"@test_case(points=1)\ndef test_it({takes}):\n    assert {what}\n"
        tests[name] = exceptions(name, text)
    opened = open_bundle(bundle(folder / "bundle", tests), folder)
    limits = dataclasses.replace(opened.limits, cell_seconds=seconds)
    path = notebook(folder / "a.ipynb", [HEAD, *cells])
    return grade(opened, path, Settings(mode=mode, limits=limits))


@pytest.mark.parametrize("mode", MODES)
def test_it_is_as_in_a_kernel(mode: str, tmp_path: Path) -> None:
    cells, holds = [], {}
    for name, (some, what) in SAME.items():
        # Checked at once: the next ones have variables of the same names.
        cells += [*some, f'grader.check("{name}")']
        holds[name] = what
    found = graded(cells, holds, tmp_path, mode)
    assert {question.name: question.score for question in found.questions} == dict.fromkeys(
        SAME, 1
    ), found


@pytest.mark.attacks
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_loop_stops_no_later_cell_and_no_test(name: str, tmp_path: Path) -> None:
    cells = [*BROKEN[name], "x = 1\ndef f():\n    return 2"]
    found = graded(cells, {"q": "x == 1 and f() == 2"}, tmp_path, "cold", seconds=1)
    assert found.score == 1, found


@pytest.fixture
def loop() -> Iterator[Loop]:
    """One that is closed, and not that of this thread, afterwards."""
    made = Loop()
    yield made
    made.loop.close()
    asyncio.set_event_loop(None)


def test_what_was_interrupted_before_it_began_is_not_called_later(loop: Loop) -> None:
    called = list[int]()

    def interrupt() -> None:
        raise KeyboardInterrupt

    loop.loop.call_soon(interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop.call(called.append, 1)
    loop.call(called.append, 2)
    assert called == [2]


def test_apart_nothing_else_has_a_turn(loop: Loop) -> None:
    seen = list[str]()
    loop.loop.call_soon(seen.append, "begun before")
    assert loop.apart(lambda: asyncio.get_running_loop() is not loop.loop)
    assert seen == []
    loop.call(seen.append, "called")
    assert seen == ["begun before", "called"]
    loop.loop.close()
    assert loop.call(lambda: 3) == 3
