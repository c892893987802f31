"""Makes exercises from their masters, checks them, and puts them in place."""

from __future__ import annotations

import ast
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.exercises import answers, assign, environment, grading, heldout, leaks, master, normal
from course.exercises.faults import ExerciseError, Fault
from course.exercises.grading import Graded
from course.exercises.master import Case, Master
from course.exercises.plan import FILE, MASTER, Plan
from course.exercises.secret import held_back

EXERCISES = "exercises"
BUNDLES = "_build/bundles"


@dataclass(frozen=True)
class Built:
    """An exercise that passed all checks.

    Attributes:
        plan: what was planned.
        student: path in `exercises/NAME` to content.
        bundle: content of the bundle, path to content.
        solution: how the solution was graded.
        blank: how the blank notebook was graded.
    """

    plan: Plan
    student: dict[str, bytes]
    bundle: dict[str, bytes]
    solution: Graded
    blank: Graded


def build(root: Path, plan: Plan, secret: str) -> Built:
    """Make an exercise and check it. Nothing outside a temporary folder is written.

    Args:
        root: the folder of the course.
        plan: of the exercise.
        secret: of the installation; the held-out data are drawn from it.

    Raises:
        ExerciseError: a check failed.
    """
    with tempfile.TemporaryDirectory(prefix="course-exercise-") as folder:
        work = Path(folder)
        found, made = assigned(root, plan, secret, work)
        bundle, solution, blank = (
            work / name for name in ("b.zip", "s.ipynb", f"{plan.name}.ipynb")
        )
        normal.write_zip(bundle, made.bundle)
        solution.write_bytes(made.solution)
        blank.write_bytes(made.student[f"{plan.name}.ipynb"])
        right = grading.run(bundle, solution, plan.limits.seconds)
        _complain(_solution(found, right))
        empty = grading.run(bundle, blank, plan.limits.seconds)
        _complain(_blank(found, empty))
    return Built(plan, made.student, made.bundle, right, empty)


def assigned(root: Path, plan: Plan, secret: str, work: Path) -> tuple[Master, assign.Assigned]:
    """Make an exercise and check all that can be checked without running a notebook.

    Args:
        root: the folder of the course.
        plan: of the exercise.
        secret: of the installation.
        work: an empty folder.

    Raises:
        ExerciseError: a check failed.
    """
    found = master.read(plan)
    _complain(answers.faults(found))
    held_out = work / "held-out"
    heldout.make(plan, held_out, secret)
    versions = environment.requirements(root, plan.packages)
    seed = held_back(secret, plan.name)
    made = assign.assign(found, held_out, versions, work, seed)
    _complain(_tests(found, made))
    _complain(leaks.faults(found, made.student, held_out))
    return found, made


def install(root: Path, builts: Sequence[Built]) -> None:
    """Put exercises and bundles in place; each takes the place of the old one as a whole."""
    for built in builts:
        target = root / EXERCISES / built.plan.name
        passing = target.with_name(f".{target.name}.new")
        old = target.with_name(f".{target.name}.old")
        for folder in (passing, old):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            for name, content in built.student.items():
                (passing / name).parent.mkdir(parents=True, exist_ok=True)
                (passing / name).write_bytes(content)
            if target.exists():
                target.rename(old)
            try:
                passing.rename(target)
            except OSError:
                if old.exists():
                    old.rename(target)
                raise
        finally:
            shutil.rmtree(passing, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
        bundle = bundle_file(root, built.plan)
        bundle.parent.mkdir(parents=True, exist_ok=True)
        part = bundle.with_suffix(".part")
        normal.write_zip(part, built.bundle)
        part.replace(bundle)


def bundle_file(root: Path, plan: Plan) -> Path:
    """Where the bundle of an exercise lies."""
    return root / BUNDLES / f"{plan.name}.zip"


def differences(root: Path, built: Built) -> list[str]:
    """In what the committed folder of an exercise differs from what its master gives."""
    folder = root / EXERCISES / built.plan.name
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    there = {name: path for name, path in there.items() if _committed(name)}
    found = [f"{name}: missing" for name in sorted(built.student.keys() - there.keys())]
    found += [
        f"{name}: not made by the master" for name in sorted(there.keys() - built.student.keys())
    ]
    for name, path in sorted(there.items()):
        if name in built.student and path.read_bytes() != built.student[name]:
            found.append(f"{name}: differs")
    return found


def _committed(name: str) -> bool:
    """Whether a file is not one that working with the notebook leaves behind."""
    return not any(part.startswith(".") or part == "__pycache__" for part in Path(name).parts)


def _tests(found: Master, made: assign.Assigned) -> Iterator[Fault]:
    """Test files compile, hold every case, and give the planned points."""
    from otter.test_files.exception_test import ExceptionTestFile

    for question in found.plan.questions:
        if question.manual:
            continue
        cases = found.cases[question.name]
        text = made.bundle[f"tests/{question.name}.py"].decode()
        try:
            file = ExceptionTestFile.from_string(text, path=f"{question.name}.py")
        except Exception as error:  # whatever runs when the file is read
            problem = f"the test file of {question.name} cannot be read: {error}"
            yield found.fault(cases[0].cell, 1, problem)
            continue
        if len(file.test_cases) != len(cases):
            have = f"{len(file.test_cases)} of {len(cases)} tests"
            # Two functions of one name: the second takes the place of the first.
            yield found.fault(cases[-1].cell, 1, f"{question.name} keeps {have}; rename functions")
        elif abs(file.possible - question.points) > 1e-9:
            problem = (
                f"the tests of {question.name} give {file.possible:g} points; "
                f"{FILE} plans {question.points:g}"
            )
            yield found.fault(cases[0].cell, 1, problem)
        public = made.student.get(f"tests/{question.name}.py", b"").decode()
        for case in cases:
            name = f"def {ast.parse(case.function).body[0].name}("  # type: ignore[attr-defined]
            if (name in public) == case.hidden:
                where = "is in" if case.hidden else "is missing from"
                yield found.fault(case.cell, 1, f"this test {where} the student's file")


def _solution(found: Master, graded: Graded) -> Iterator[Fault]:
    """The solution gets full marks."""
    if graded.failure:
        yield Fault(found.plan.name, MASTER, 0, 0, f"the solution {graded.failure}")
    for raised in graded.raised:
        line = raised.line + raised.within - 1 if raised.line else 0
        problem = f"the solution raises {raised.text}"
        yield Fault(found.plan.name, MASTER, line, raised.cell, problem)
    if graded.failure or graded.raised:
        return
    for case, result in _results(found, graded):
        if result is None:
            yield found.fault(case.cell, 1, "this test was not run")
        elif not result.passed:
            kind = "hidden" if case.hidden else "public"
            said = result.message.splitlines()[-1] if result.message else "no message"
            line = case.line - case.cell.line + 1
            yield found.fault(case.cell, line, f"the solution fails this {kind} test: {said}")
    planned = found.plan.automatic
    if abs(graded.possible - planned) > 1e-9:
        problem = f"{graded.possible:g} points are possible, {planned:g} are planned"
        yield Fault(found.plan.name, FILE, 0, 0, problem)
    if graded.memory_mb > found.plan.limits.memory_mb:
        used, limit = graded.memory_mb, found.plan.limits.memory_mb
        problem = f"the solution used {used:.0f} MB; memory_mb is {limit}"
        yield Fault(found.plan.name, FILE, 0, 0, problem)


def _blank(found: Master, graded: Graded) -> Iterator[Fault]:
    """The blank notebook gets nothing."""
    if graded.failure:
        yield Fault(found.plan.name, MASTER, 0, 0, f"the blank notebook {graded.failure}")
    for case, result in _results(found, graded):
        if result is not None and result.passed:
            line = case.line - case.cell.line + 1
            problem = f"the blank notebook passes this test and gets {case.points:g} points"
            yield found.fault(case.cell, line, problem)


def _results(found: Master, graded: Graded) -> Iterator[tuple[Case, grading.CaseResult | None]]:
    for question, cases in found.cases.items():
        results = graded.questions.get(question, ())
        for number, case in enumerate(cases):
            yield case, results[number] if number < len(results) else None


def _complain(faults: Iterator[Fault]) -> None:
    found = list(faults)
    if found:
        raise ExerciseError(found)
