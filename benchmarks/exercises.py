"""How far right solutions of the exercises are from every threshold of the tests.

Each right solution runs with 20 seeds. A seed sets the weights and the held-out data, and the split
where the notebook draws it from NumPy's generator.
What is compared, value and limit, is read from the `assert` lines of the tests themselves.
"""

from __future__ import annotations

import ast
import contextlib
import multiprocessing
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from course.exercises import build, heldout, notebook, plan

SEEDS = 20
SUBMISSIONS = "tests/submissions"
# How much room there is: limit minus value, or value minus limit.
SIGNS = {ast.Lt: 1, ast.LtE: 1, ast.Gt: -1, ast.GtE: -1}
# Case and comparison to pairs of value and room.
Margins = dict[tuple[str, str], list[tuple[float, float]]]


class _Watch(ast.NodeTransformer):
    """Turns `assert a < b` into `assert __watch("a < b", a, b, sign)`; the rest stays."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in SIGNS:
            parts: list[ast.expr] = [
                ast.Constant(ast.unparse(test)),
                test.left,
                test.comparators[0],
                ast.Constant(SIGNS[type(test.ops[0])]),
                ast.Constant(type(test.ops[0]) in (ast.Lt, ast.Gt)),
            ]
            node.test = ast.Call(ast.Name("__watch", ast.Load()), parts, [])
        return ast.fix_missing_locations(node)


def watched(text: str, margins: Margins) -> dict[str, Any]:
    """The functions of a test file, each noting in `margins` how far its comparisons are apart."""
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in tree.body:
        assert isinstance(node, ast.FunctionDef)
        node.decorator_list = []
    names: dict[str, Any] = {}
    case = ""

    def watch(words: str, left: Any, right: Any, sign: int, strict: bool) -> bool:
        with contextlib.suppress(TypeError, ValueError):
            room = sign * (float(right) - float(left))
            margins[case, words].append((float(left), room))
        return bool((right - left) * sign > 0 if strict else (right - left) * sign >= 0)

    names["__watch"] = watch
    exec(compile(_Watch().visit(tree), "<tests>", "exec"), names)  # noqa: S102 - our own tests

    def named(name: str, function: Any) -> Any:
        def call(values: dict[str, Any]) -> None:
            nonlocal case
            case = name
            code = function.__code__
            function(*(values.get(word) for word in code.co_varnames[: code.co_argcount]))

        return call

    return {n.name: named(n.name, names[n.name]) for n in tree.body}  # type: ignore[attr-defined]


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Whatever seed a notebook sets, it gets one of its own for each run."""
    import keras

    set_seed, generator = keras.utils.set_random_seed, np.random.default_rng

    def own_seed(value: int) -> None:
        set_seed(1000 * seed + value)

    def own_generator(value: int = 0) -> np.random.Generator:
        return generator([seed, value])

    with (
        mock.patch.object(keras.utils, "set_random_seed", own_seed),
        mock.patch.object(np.random, "default_rng", own_generator),
    ):
        yield


@dataclass(frozen=True)
class Round:
    """One notebook with one seed: what failed, its margins, its seconds of CPU time."""

    stem: str
    seed: int
    failures: tuple[str, ...]
    margins: dict[tuple[str, str], list[tuple[float, float]]]
    seconds: float


def measure(root: Path, name: str = "") -> None:
    """Print pass rate and margins of every exercise that has right solutions, or of one."""
    for planned in plan.chosen(root, (name,) if name else ()):
        with tempfile.TemporaryDirectory() as name:
            _exercise(root, planned, Path(name))


def _exercise(root: Path, planned: plan.Plan, work: Path) -> None:
    _, made = build.assigned(root, planned, "benchmark", work)
    (work / "solution.ipynb").write_bytes(made.solution)
    right = sorted((root / SUBMISSIONS / planned.name).glob("right-*.ipynb"))
    texts = {
        question.name: made.bundle[f"tests/{question.name}.py"].decode()
        for question in planned.questions
        if not question.manual
    }
    # A small network gains nothing by a second thread; a second run does.
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    rounds: list[Round] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        waiting = [
            pool.submit(_round, planned, texts, path, seed)
            for seed in range(SEEDS)
            for path in [work / "solution.ipynb", *right]
        ]
        for future in as_completed(waiting):
            rounds.append(done := future.result())
            said = "; ".join(text.splitlines()[0] for text in done.failures) or "full points"
            print(f"{planned.label} {done.stem}, seed {done.seed}: {said}", flush=True)
            if len(rounds) % 15 == 0:
                _progress(planned, rounds)
    _progress(planned, rounds)


def _progress(planned: plan.Plan, rounds: list[Round]) -> None:
    for stem in sorted({done.stem for done in rounds}):
        mine = [done for done in rounds if done.stem == stem]
        passed = sum(not done.failures for done in mine)
        seconds = np.mean([done.seconds for done in mine])
        print(f"{planned.label} {stem}: {passed} of {len(mine)} seeds pass every test;", end=" ")
        print(f"{seconds:.1f} s of CPU time a run")
    print(f"{planned.label}: nearest to each threshold, in {len(rounds)} runs")
    for key in rounds[0].margins:
        found = [pair for done in rounds for pair in done.margins.get(key, [])]
        value, room = min(found, key=lambda pair: pair[1])
        print(f"  {': '.join(key)}: {value:.4g}, room {room:.3g}", flush=True)


def _round(planned: plan.Plan, texts: dict[str, str], path: Path, seed: int) -> Round:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in planned.files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes((planned.folder / file).read_bytes())
        heldout.make(planned, folder, f"benchmark {seed}")
        began = time.process_time()
        with seeded(seed):
            values, raised = notebook.run(notebook.cells(path), folder)
        seconds = time.process_time() - began
        margins: Margins = defaultdict(list)
        failures = raised + _failures(texts, values, folder, margins)
    return Round(path.stem, seed, tuple(failures), dict(margins), seconds)


def _failures(
    texts: dict[str, str], values: dict[str, Any], folder: Path, margins: Margins
) -> list[str]:
    """Run all cases; what failed, in words."""
    found = []
    with contextlib.chdir(folder):
        for question, text in texts.items():
            for name, case in watched(text, margins).items():
                try:
                    case(values)
                except Exception as error:  # whatever the test does
                    found.append(f"{question} {name}: {type(error).__name__}: {error}")
    return found
