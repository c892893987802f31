"""`course execute` with real kernels, and what an execution leaves when something goes wrong."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from small_course import Command, Project

from course.errors import ChapterError, CourseError
from course.execution import execute, kernel, outputs, status

A, B, C = "a-train", "b-compare", "c-pictures"


def reasons(project: Project) -> dict[str, tuple[str, ...]]:
    return {s.chapter.name: s.reasons for s in status.states(project.root)}


def cells(project: Project, chapter: str, profile: str = "cpu") -> list[Any]:
    found = outputs.read(project.outputs(chapter, profile))
    assert found is not None
    return found.cells


def printed(cell: Any) -> str:
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


# What the session's execution of the whole book has left.


def test_a_chapter_finds_the_runs_that_another_one_trained(project: Project) -> None:
    text = printed(cells(project, B)[0])
    assert text.startswith("mean 0.")
    assert text.endswith(" (2 seeds)\n")


def test_logs_are_kept_as_a_terminal_shows_them_without_what_went_to_stderr(
    project: Project,
) -> None:
    assert printed(cells(project, C)[2]) == "step 2\nred\n"
    log = (project.root / "_build" / "execute" / f"{C}.log").read_text()
    assert "a secret of the machine" in log


def test_a_figure_is_kept_once_and_as_a_palette_picture(project: Project) -> None:
    (output,) = cells(project, C)[3].outputs
    assert list(output.data) == ["image/png"]


def test_a_chapter_runs_in_a_folder_of_its_own(project: Project) -> None:
    assert list(project.root.rglob("executed")) == []


def test_the_provenance_says_where_and_how_the_outputs_were_made(project: Project) -> None:
    found = outputs.read(project.outputs(A))
    assert found is not None
    made = found.provenance
    assert made["profile"] == "cpu"
    assert made["runs"] == {"a/first": [0, 1]}
    assert made["libraries"].keys() == {"numpy"}
    assert len(made["cell_seconds"]) == 5
    assert made["cpu_seconds"] > 0
    assert made["peak_memory"] > 50_000_000


def test_outputs_hold_no_path_of_the_machine(project: Project) -> None:
    for chapter in (A, B, C):
        text = project.outputs(chapter).read_text(encoding="utf-8")
        assert str(Path.home()) not in text
        assert str(project.root.parent) not in text
        assert "ipykernel" not in text


# Executions of their own.


def test_what_the_package_itself_complains_of_is_told_without_traceback(
    project: Project, course: Command
) -> None:
    raising = "from course.errors import DataError\n\nraise DataError('Not here. Fetch it.')"
    project.append_cell(B, raising)
    result = course("execute")
    assert result.status == 1
    assert "could not go on" in result.err
    assert "\nNot here. Fetch it.\n" in result.err
    assert f"Then repeat `course execute {B}`." in result.err
    assert "Traceback" not in result.err
    assert "Mend the cell" not in result.err


def test_what_the_kernel_trained_itself_is_noted_and_what_the_store_had_is_not(
    project: Project, course: Command
) -> None:
    def trained() -> float:
        found = outputs.read(project.outputs(A))
        assert found is not None
        return float(found.provenance["trained_cpu_seconds"])

    slow = "sum(sum(weights) for _ in range(200_000))"
    project.replace(f"book/{A}.md", "weights.mean()", slow)
    assert course("execute", A).status == 0
    assert trained() > 0
    assert course("execute", "--all", A).status == 0
    assert trained() == 0


def test_a_cell_that_raises_leaves_the_old_outputs_and_shows_cell_and_traceback(
    project: Project, course: Command
) -> None:
    project.append_cell(B, "third = 3")
    for number in range(4, 7):
        project.append_cell(B, f"cell = {number}")
    project.append_cell(B, "def fail():\n    raise ValueError('no such thing')\n\n\nfail()")
    before = project.outputs(B).read_bytes()
    result = course("execute")
    assert result.status == 1
    assert f"{project.root / 'book' / B}.md: cell 7 raised ValueError: no such thing" in result.err
    assert "\n    fail()\n" in result.err
    assert "Traceback (most recent call last)" in result.err
    assert "\x1b" not in result.err
    assert "The old outputs are unchanged; training runs that finished are kept." in result.err
    assert f"Mend the cell and run `course execute {B}` again." in result.err
    assert project.outputs(B).read_bytes() == before
    assert reasons(project)[B] == ("it has 7 code cells, the outputs have 2",)


def test_a_kernel_that_dies_is_told_from_a_cell_that_raises(project: Project) -> None:
    project.append_cell(B, "import os\nos._exit(9)")
    before = project.outputs(B).read_bytes()
    # In a process of its own: a regression would wait for the dead kernel for ever.
    command = [sys.executable, "-m", "course", "execute", B]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "the kernel died in cell 3, perhaps for lack of memory" in done.stderr
    assert project.outputs(B).read_bytes() == before


def test_the_profile_changes_constants_and_the_folder_of_outputs(
    project: Project, course: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Nothing of the user's own settings reaches the kernel.
    startup = tmp_path / "ipython" / "profile_default" / "startup" / "50.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("raise SystemExit('the startup file was run')")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("COURSE_PROFILE", "cpu")
    before = project.outputs(A).read_bytes()
    result = course("execute", A, C, "--profile", "gpu")
    assert result.status == 0
    glued = cells(project, A, "gpu")[4].outputs[1].data
    assert glued == {"application/papermill.record/text/plain": "3"}
    assert [list(o.data) for o in cells(project, C, "gpu")[3].outputs] == [["image/png"]]
    assert project.outputs(A).read_bytes() == before
    monkeypatch.setenv("COURSE_PROFILE", "gpu")
    assert reasons(project) == {A: (), B: ("it has never been executed",), C: ()}


def test_constants_for_a_gpu_are_not_run_where_tensorflow_sees_none(
    project: Project, course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.append_cell(C, "if False:\n    import keras")
    monkeypatch.setattr(execute, "sees_gpu", lambda: False)
    result = course("execute", C, "--profile", "gpu")
    assert result.status == 1
    assert "sees no GPU on this machine" in result.err
    assert "requirements-gpu.txt" in result.err
    assert f"`course execute {C} --profile gpu --without-gpu` runs it here" in result.err
    assert not project.outputs(C, "gpu").exists()
    result = course("execute", C, "--profile", "gpu", "--without-gpu")
    assert result.status == 0
    assert project.outputs(C, "gpu").exists()
    monkeypatch.setattr(execute, "sees_gpu", lambda: True)
    assert course("execute", "--all", C, "--profile", "gpu").status == 0


def test_the_profile_cpu_asks_for_no_gpu(
    project: Project, course: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.append_cell(C, "if False:\n    import keras")
    monkeypatch.setattr(execute, "sees_gpu", lambda: pytest.fail("a GPU was looked for"))
    assert course("execute", C).status == 0


@pytest.mark.parametrize(
    ("shown", "status", "seen"),
    [
        ("[]\n", 0, False),
        ("['NVIDIA H100']\n", 0, True),
        ("greetings\n[]\n", 0, False),
        ("", 1, True),
    ],
)
def test_another_process_looks_for_a_gpu(
    monkeypatch: pytest.MonkeyPatch, shown: str, status: int, seen: bool
) -> None:
    done = subprocess.CompletedProcess([], status, shown, "")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: done)
    assert execute.sees_gpu.__wrapped__() is seen


@pytest.mark.slow
def test_what_looks_for_a_gpu_agrees_with_the_system() -> None:
    assert execute.sees_gpu() == Path("/dev/nvidia0").exists()


def test_the_device_is_named_when_a_chapter_has_been_executed(
    project: Project, course: Command
) -> None:
    project.append_cell(B, "1")
    result = course("execute", B)
    found = outputs.read(project.outputs(B))
    assert found is not None
    assert f"executed on {found.provenance['device']}\n" in result.out
    assert found.provenance["device"].endswith(" cores")


@pytest.fixture
def gate(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file without which the second seed of chapter a does not end."""
    path = project.root / "gate"
    monkeypatch.setenv("GATE", str(path))
    project.replace(
        f"book/{A}.md", "import numpy as np", "import os\nimport time\n\nimport numpy as np"
    )
    project.replace(
        f"book/{A}.md",
        "    weights =",
        '    while seed == 1 and not os.path.exists(os.environ["GATE"]):\n'
        '        with open(os.environ["GATE"] + ".pid", "w") as file:\n'
        "            file.write(str(os.getpid()))\n"
        "        time.sleep(0.05)\n"
        "    weights =",
    )
    return path


def test_an_interrupted_execution_keeps_finished_runs_and_goes_on_from_there(
    project: Project, course: Command, gate: Path
) -> None:
    before = project.outputs(A).read_bytes()
    # What a shell starts in the background ignores the signal, and so would its children.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import course.commands; course.commands.main()"
    )
    command = [sys.executable, "-c", program, "execute", A]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project.root
    ) as running:
        try:
            assert running.stdout is not None
            assert any("seed 1: training" in line for line in running.stdout)
            while not (text := _text(gate.with_suffix(".pid"))):
                assert running.poll() is None
            running.send_signal(signal.SIGINT)
            _, complaint = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130
    assert "finished training runs are kept" in complaint
    assert "Traceback" not in complaint
    with pytest.raises(ProcessLookupError):  # the kernel has ended too
        os.kill(int(text), 0)
    assert project.outputs(A).read_bytes() == before

    gate.touch()
    result = course("execute", A)
    assert result.status == 0
    assert "run a/first, seed 0: from the run store" in result.out
    assert "run a/first, seed 1: training" in result.out
    assert reasons(project)[A] == ()


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


# What happens around a kernel, without one.


@pytest.fixture
def plan(project: Project) -> execute.Plan:
    """A stale chapter."""
    project.append_cell(B, "1")
    return next(iter(execute.plans(project.root, (B,), False)))


def executed(plan: execute.Plan) -> kernel.Executed:
    """What a kernel would give for a chapter that prints nothing."""
    machine = {
        "kind": "machine", "device": "d", "system": "s", "python": "3", "cpu_seconds": 1.0,
        "libraries": {},
    }  # fmt: skip
    code = [nbformat.v4.new_code_cell(source) for source in plan.chapter.sources]
    return kernel.Executed(code, [0.0] * len(code), [machine])


def test_a_full_disk_leaves_the_old_outputs_and_no_other_file(
    project: Project, plan: execute.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = project.outputs(B).read_bytes()
    beside = sorted(project.outputs(B).parent.iterdir())
    monkeypatch.setattr(kernel, "execute", lambda *_: executed(plan))
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CourseError, match=r"The disk is full.*b-compare.ipynb.*is unchanged"):
        execute.run(project.root, plan, lambda step: None)
    assert project.outputs(B).read_bytes() == before
    assert sorted(project.outputs(B).parent.iterdir()) == beside


def test_code_that_is_edited_while_a_chapter_runs_makes_its_outputs_stale(
    project: Project, plan: execute.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(*_: object) -> kernel.Executed:
        project.replace("course/runs/__init__.py", "fmean(values)", "median(values)")
        project.append_cell(B, "2")
        return executed(plan)

    monkeypatch.setattr(kernel, "execute", edited)
    execute.run(project.root, plan, lambda step: None)
    why = reasons(project)[B]
    assert "it has 4 code cells, the outputs have 3" in why
    assert "course.runs.spread changed" in why


def test_a_table_of_contents_that_breaks_meanwhile_costs_no_outputs(
    project: Project, plan: execute.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> kernel.Executed:
        (project.root / "book" / "draft.md").write_text("# A draft\n")
        return executed(plan)

    monkeypatch.setattr(kernel, "execute", broken)
    written = execute.run(project.root, plan, lambda step: None)
    assert outputs.read(project.outputs(B)) == written


def test_a_chapter_whose_library_is_not_installed_is_not_begun(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.append_cell(B, "import no_such_library")
    monkeypatch.setattr(kernel, "execute", lambda *_: pytest.fail("a kernel was started"))
    (plan,) = execute.plans(project.root, (B,), False)
    with pytest.raises(ChapterError, match="b-compare needs no_such_library, which is not"):
        execute.run(project.root, plan, lambda step: None)
