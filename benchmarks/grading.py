"""How fast a class is graded: `otter run` one by one against the grader, in turns in one run.

`python -m benchmarks grading` measures speed, the gain of a second job and the grader's memory;
`python -m benchmarks thousand` follows the memory over a thousand notebooks.
The variable BENCHMARK_NOTEBOOKS sets how many notebooks a class has.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.batch.bundle import BundleGrader, read_bundle
from autograder.sandbox import bubblewrap
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from autograder.warm import shared
from benchmarks import classes
from benchmarks.classes import Class
from benchmarks.timing import described

NOTEBOOKS, ROUNDS, THOUSAND = 40, 5, 1000
# Trainings in one process, after one that does not count; comparisons of one process with two.
TRAININGS, PAIRS = 5, 3
UNTUNED = "import tensorflow; from autograder.template import tuning; tuning.leave_untuned()\n"
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def notebooks() -> int:
    """How many notebooks a class has; at least one for each round."""
    return max(ROUNDS, int(os.environ.get("BENCHMARK_NOTEBOOKS", NOTEBOOKS)))


def measure(_: Path) -> None:
    """Print rates and their ratio, jobs, and memory."""
    with tempfile.TemporaryDirectory() as name:
        handed_in = [
            classes.plain(Path(name), notebooks()),
            classes.trained(Path(name), notebooks()),
        ]
        for handed in handed_in:
            against_otter(handed, Path(name))
        # More of them: starting two jobs takes its time, whatever they then do.
        jobs(classes.trained(Path(name, "more"), 2 * notebooks()), Path(name))
    ceiling()


def against_otter(handed: Class, work: Path) -> None:
    """Rounds of `otter run` and of the grader on the same notebooks, in turns."""
    grader = read_bundle(handed.bundle, Path(sys.executable), "bubblewrap", "warm")
    began = time.perf_counter()
    ours(grader, handed.notebooks[0], handed)
    start = time.perf_counter() - began
    parts = [handed.notebooks[place::ROUNDS] for place in range(ROUNDS)]
    theirs_rates, our_rates = [], []
    for part in parts:
        theirs_rates.append(rate(part, lambda path: by_otter(handed, path, work)))
        our_rates.append(rate(part, lambda path: ours(grader, path, handed)))
    shared().close()
    ratio = statistics.median(a / b for a, b in zip(our_rates, theirs_rates, strict=True))
    print(f"{handed.name}: otter run {described(theirs_rates, 'notebooks a minute')}")
    print(f"{handed.name}: grader    {described(our_rates, 'notebooks a minute')}")
    print(f"{handed.name}: ratio {ratio:.1f}; first notebook, with its start, {start:.1f} s")


def rate(part: tuple[Path, ...], grade: Callable[[Path], None]) -> float:
    """Notebooks a minute."""
    began = time.perf_counter()
    for path in part:
        grade(path)
    return 60 * len(part) / (time.perf_counter() - began)


def ours(grader: BundleGrader, path: Path, handed: Class) -> None:
    """Grade one notebook here; each has to get its points in a warm room."""
    with tempfile.TemporaryDirectory() as alone:
        copy = Path(alone, path.name)
        copy.write_bytes(path.read_bytes())
        found = grader(copy)
    if found.score != handed.points or found.provenance["mode"] != "warm":
        raise RuntimeError(f"{path.name}: {found.to_json()}")


def by_otter(handed: Class, path: Path, work: Path) -> None:
    """Grade one notebook with `otter run`; it has to get its points."""
    with tempfile.TemporaryDirectory(dir=work) as alone:
        command = [sys.executable, "-m", "otter", "run", "-a", str(handed.bundle), "-o", alone]
        subprocess.run([*command, str(path)], check=True, capture_output=True, cwd=alone)
        found = json.loads(Path(alone, "results.json").read_text(encoding="utf-8"))
        score = sum(test.get("score", 0) for test in found["tests"])
    if score != handed.points:
        raise RuntimeError(f"{path.name}: {found}")


def jobs(handed: Class, work: Path) -> None:
    """One job against two on the whole class, in turns; and the memory of the one."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(2):
        for count in (1, 2):
            out = work / f"out-{turn}-{count}"
            took, memory = batch(handed, out, count)
            seconds[count].append(took)
            if count == 1:
                print(f"{handed.name}: grader's own process at most {max(memory):.0f} MB")
    ratio = statistics.median(a / b for a, b in zip(seconds[1], seconds[2], strict=True))
    for count, values in seconds.items():
        print(f"{handed.name}: --jobs {count} {described(values)}, start included")
    print(f"{handed.name}: --jobs 2 is {ratio:.2f} times as fast")


def ceiling() -> None:
    """What a second process gains where there is no grader: the notebooks' training alone."""
    gains: dict[str, list[float]] = {"": [], UNTUNED: []}
    for _ in range(PAIRS):
        for before, found in gains.items():
            alone, both = together(1, before), together(2, before)
            found.append(2 * alone / both)
    for before, found in gains.items():
        how = "as in the grader's templates" if before else "as TensorFlow comes"
        print(f"Keras: the training alone, {how}: two at once are {described(found, 'times')}")


def together(count: int, before: str = "") -> float:
    """Mean seconds of a training while so many processes train, each with one thread.

    Args:
        count: of processes.
        before: code that each runs first.
    """
    environment = {**os.environ, **bubblewrap.variables(Room(), Limits())}
    command = [sys.executable, "-c", before + classes.TRAINING, str(TRAININGS)]
    with contextlib.ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(
                    command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            )
            for _ in range(count)
        ]
        answers = [process.communicate() for process in started]
    for process, (_, said) in zip(started, answers, strict=True):
        if process.returncode:
            raise RuntimeError(f"A training failed: {said.decode(errors='replace')[-500:]}")
    return statistics.fmean(float(answer) for answer, _ in answers)


def batch(handed: Class, out: Path, count: int) -> tuple[float, list[float]]:
    """Seconds of `autograder grade` on a class, and resident MB of its process over time."""
    command = [sys.executable, "-m", "autograder", "grade", str(handed.notebooks[0].parent)]
    command += ["--assignment", str(handed.bundle), "--out", str(out), "--jobs", str(count)]
    memory = []
    began = time.perf_counter()
    with subprocess.Popen([*command, "--mode", "warm"], stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory.append(resident(process.pid))
            time.sleep(0.5)
    if process.returncode:
        raise RuntimeError(f"autograder grade ended with {process.returncode}")
    return time.perf_counter() - began, memory


def resident(process: int) -> float:
    """Resident MB of one process; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_MB
    except (OSError, IndexError):
        return 0.0


def thousand(_: Path) -> None:
    """Print memory over time on a thousand plain notebooks."""
    count = int(os.environ.get("BENCHMARK_NOTEBOOKS", THOUSAND))
    with tempfile.TemporaryDirectory() as name:
        handed = classes.plain(Path(name), count)
        seconds, memory = batch(handed, Path(name, "out"), 1)
    tenth = max(1, len(memory) // 10)
    for place in range(0, len(memory), tenth):
        print(f"after {100 * place / len(memory):3.0f} % of the time: {memory[place]:.0f} MB")
    print(
        f"{count} plain notebooks in {seconds:.0f} s, {60 * count / seconds:.0f} a minute; ", end=""
    )
    print(f"at most {max(memory):.0f} MB")
