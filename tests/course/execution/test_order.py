"""Which chapters an execution runs, in which order. No kernel is started here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_course import HEADER, Command, Project

from course import chapters
from course.errors import ChapterError
from course.execution import execute, keys, outputs, status
from course.runs import store

A, B, C = "a-train", "b-compare", "c-pictures"


def planned(project: Project, *names: str, every: bool = False) -> list[str]:
    """The chapters that an execution takes, where each run makes its outputs fresh."""
    taken = []
    for plan in execute.plans(project.root, names, every):
        taken.append(plan.chapter.name)
        pretend(project, plan.chapter)
    return taken


def pretend(project: Project, chapter: chapters.Chapter) -> None:
    """Write outputs as an execution with the runs in the store would."""
    cells = chapters.read_notebook(chapter.path.read_text(), chapter.path).cells
    digests = {name: store.digest_of(name, "cpu") or "" for name in chapter.trains + chapter.loads}
    if not all(digests[name] for name in chapter.loads):
        raise ChapterError(f"{chapter.name} does not find a run")
    for name in chapter.trains:
        if not digests[name]:
            keep(name, "1" * 64)
            digests[name] = store.digest_of(name, "cpu") or ""
    key = keys.key(
        chapter,
        "cpu",
        definitions=chapter.definitions(project.root),
        data=[],
        loaded={name: digests[name] for name in chapter.loads},
        trained={name: digests[name] for name in chapter.trains},
        libraries={},
    )
    code = [cell for cell in cells if cell.cell_type == "code"]
    outputs.write(project.outputs(chapter.name), code, key, {})


class Weights:
    """All of a model that the store asks for."""

    def save(self, path: Path) -> None:
        path.write_bytes(b"weights")


def keep(name: str, digest: str) -> None:
    """Put a run into the store."""
    record = {**dict.fromkeys(store.FIELDS, 1), "name": name, "seed": 0, "digest": digest}
    store.keep(f"key-of-{digest[:8]}", record, Weights())
    store.name_runs(name, "cpu", [f"key-of-{digest[:8]}"])


def add(project: Project, name: str, code: str) -> None:
    """Add a chapter of one cell, first in the book."""
    text = f"{HEADER}# Added\n\n```{{code-cell}} python\n{code}\n```\n"
    (project.root / "book" / f"{name}.md").write_text(text)
    project.replace("_toc.yml", "chapters:\n", f"chapters:\n- file: book/{name}\n")


def test_nothing_is_planned_when_everything_is_fresh(project: Project) -> None:
    assert planned(project) == []


def test_only_what_is_stale_is_planned(project: Project) -> None:
    project.replace(f"book/{C}.md", "step 2", "step 3")
    assert planned(project) == [C]


def test_all_plans_every_chapter_after_those_whose_runs_it_takes(project: Project) -> None:
    assert planned(project, every=True) == [A, B, C]


def test_named_chapters_alone_are_planned(project: Project) -> None:
    for name in (A, C):
        project.append_cell(name, "1")
    assert planned(project, C) == [C]


def test_a_chapter_becomes_stale_while_the_execution_runs(project: Project) -> None:
    project.append_cell(A, "1")
    keep("a/first", "2" * 64)
    assert planned(project) == [A, B]


def test_runs_that_are_not_on_this_machine_are_trained_before_they_are_needed(
    project: Project,
) -> None:
    shutil.rmtree(project.root / "cache")
    project.append_cell(B, "1")
    assert planned(project, B) == [A, B]


def test_runs_that_nobody_needs_are_not_trained_although_they_are_not_here(
    project: Project,
) -> None:
    shutil.rmtree(project.root / "cache")
    project.append_cell(C, "1")
    assert planned(project) == [C]


def test_a_run_that_needs_another_run_is_trained_after_it(project: Project) -> None:
    project.append_cell(B, 'runs.repeat(len, name="b/second")')
    add(project, "d-last", 'from course import runs\nruns.load("b/second")')
    assert planned(project) == [B, "d-last"]
    shutil.rmtree(project.root / "cache")
    project.append_cell("d-last", "1")
    assert planned(project, "d-last") == [A, B, "d-last"]


def test_a_run_that_was_trained_after_its_outputs_is_not_taken_for_theirs(
    project: Project,
) -> None:
    # As an interrupted execution of an edit that was taken back leaves it.
    keep("a/first", "3" * 64)
    project.append_cell(B, "1")
    assert planned(project, B) == [A, B]


def test_a_chapter_that_an_execution_made_stale_again_is_run_in_the_same_execution(
    project: Project,
) -> None:
    add(project, "d-last", 'from course import runs\nruns.load("a/first")')
    assert planned(project) == ["d-last"]
    shutil.rmtree(project.root / "cache")
    project.append_cell(B, "1")
    assert planned(project) == [A, "d-last", B]


def test_each_chapter_is_run_once_though_it_stays_stale(project: Project) -> None:
    project.append_cell(A, "1")
    project.append_cell(C, "1")
    assert [plan.chapter.name for plan in execute.plans(project.root, (), False)] == [A, C]


def test_the_reasons_stand_in_the_plan(project: Project) -> None:
    shutil.rmtree(project.root / "cache")
    project.append_cell(B, "1")
    first, second = execute.plans(project.root, (B,), False)
    assert first.reasons == ("b-compare needs a/first, which is not on this machine",)
    assert second.reasons == ("it has 3 code cells, the outputs have 2",)


@pytest.mark.parametrize(
    ("chapter", "code", "message"),
    [
        (C, 'runs.repeat(f, name="a/first")', "c-pictures and a-train both train 'a/first'"),
        (C, 'runs.load("a/frist")', "c-pictures loads the run 'a/frist', which none trains"),
        (A, 'runs.load("b/x")', "b-compare → a-train → b-compare"),
    ],
)
def test_chapters_that_cannot_be_ordered_are_refused(
    project: Project, course: Command, chapter: str, code: str, message: str
) -> None:
    project.append_cell(B, 'runs.repeat(f, name="b/x")')
    project.append_cell(chapter, code)
    result = course("execute")
    assert result.status == 1
    assert message in result.err


def test_an_execution_with_nothing_to_do_says_so(project: Project, course: Command) -> None:
    result = course("execute")
    assert result.status == 0
    assert "Everything is fresh; nothing was run." in result.out


@pytest.mark.parametrize("name", ["b-comparr", "compare", "b_compare"])
def test_an_unknown_chapter_is_refused_with_the_nearest_name(
    project: Project, course: Command, name: str
) -> None:
    result = course("execute", name)
    assert result.status == 1
    assert f"There is no chapter {name!r}. Did you mean b-compare?" in result.err


def test_a_second_execution_at_the_same_time_is_refused(project: Project, course: Command) -> None:
    project.append_cell(B, "1")
    before = project.outputs(B).read_bytes()
    with execute.alone(project.root):
        result = course("execute")
    assert result.status == 1
    assert "Another `course execute` is running in this folder." in result.err
    assert project.outputs(B).read_bytes() == before
    with execute.alone(project.root):  # the lock is given back
        assert status.states(project.root)
