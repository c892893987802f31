"""What makes the outputs of a chapter stale, and what does not."""

from __future__ import annotations

import re

import pytest
from small_course import Project

from course.data import registry
from course.execution import outputs, status

A, B, C = "a-train", "b-compare", "c-pictures"


def stale(project: Project) -> dict[str, str]:
    """The stale chapters and why."""
    states = status.states(project.root)
    return {s.chapter.name: "; ".join(s.reasons) for s in states if not s.fresh}


def with_version(project: Project, library: str, change: tuple[int, int]) -> str:
    """Raise the minor and the patch number of a library in the lock; its new version."""
    lock = (project.root / "requirements.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{library}==(\d+)\.(\d+)\.(\d+)", lock, re.MULTILINE)
    assert found
    major, minor, patch = map(int, found.groups())
    version = f"{major}.{minor + change[0]}.{patch + change[1]}"
    project.replace("requirements.txt", found[0], f"{library}=={version}")
    return version


def test_nothing_is_stale_after_an_execution(project: Project) -> None:
    assert stale(project) == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected", "reason"),
    [
        ("book/a-train.md", "seeds=(0, 1)", "seeds=(0, 1, 2)", {A}, "code cell 4 changed"),
        ("book/a-train.md", "STEPS = choose(cpu=2", "STEPS = choose(cpu=5", {A}, "code cell 1"),
        ("book/b-compare.md", "len(first)", "len(first);", {B}, "code cell 2 changed"),
        ("book/b-compare.md", "len(first)", "%time len(first)", {B}, "code cell 2 changed"),
        (
            "book/b-compare.md",
            "Between the cells.",
            "```{code-cell} python\n1\n```",
            {B},
            "it has 3 code cells, the outputs have 2",
        ),
        ("course/plots.py", 'panel.axis("off")', "pass", {C}, "course.plots.pictures changed"),
        ("course/plots.py", "plt.close(figure)", "plt.close()", {C}, "course.plots._done changed"),
        ("course/plots.py", '"#0072B2"', '"#0072B3"', {C}, "course.plots.COLOURS changed"),
        ("course/plots.py", "import math", "import cmath as math", {C}, "course.plots.math"),
        ("course/runs/__init__.py", "fmean(values)", "median(values)", {A, B}, "runs.spread"),
        ("course/runs/__init__.py", 'recording.note("loaded"', 'recording.note("l"', {B}, "load"),
        ("course/runs/__init__.py", "wall, 2", "wall, 3", {A}, "course.runs._train changed"),
        ("course/profiles.py", 'or "cpu"', 'or "gpu"', {A, B}, "course.profiles.current changed"),
        ("course/results.py", "str(value)}", "repr(value)}", {A}, "course.results.glue changed"),
    ],
)
def test_a_change_makes_exactly_the_chapters_that_use_it_stale(
    project: Project, file: str, old: str, new: str, expected: set[str], reason: str
) -> None:
    project.replace(file, old, new)
    found = stale(project)
    assert found.keys() == expected
    assert all(reason in why for why in found.values())


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("book/a-train.md", "The score is", "Prose that was edited: the score is"),
        ("book/c-pictures.md", "A *ramp* from", "Another caption of"),
        ("book/c-pictures.md", "    name: fig-ramp\n", "    name: fig-other\n"),
        ("book/c-pictures.md", "mystnb:\n  fig", "tags: [hide-input]\nmystnb:\n  fig"),
        ("book/c-pictures.md", "description: A chapter", "description: Another chapter"),
        ("book/a-train.md", "def train(seed):\n", "def train(seed):\n    # Why.\n\n"),
        ("book/a-train.md", "def train(seed):\n", 'def train(seed):\n    """What for."""\n'),
        ("book/a-train.md", '"""Stands for a network."""', '"""Another docstring."""'),
        ("book/a-train.md", 'name="a/first", seeds=(0, 1)', "name='a/first',\n  seeds=(0, 1,)"),
        ("book/a-train.md", "# Training\n", "# Training\n\n```python\nno_cell()\n```\n"),
        ("course/plots.py", '"""A grid of pictures.', '"""Another docstring.'),
        ("course/plots.py", '"""Figures in one style', '"""Another docstring of the module'),
        ("course/plots.py", "# Pixels stay pixels", "# Another comment"),
        ("course/plots.py", "np.sqrt(counts)", "np.cbrt(counts)"),  # confusion is in no chapter
        (
            "course/plots.py",
            "def confusion(",
            "def another() -> int:\n    return 1\n\n\ndef confusion(",
        ),
        ("course/runs/store.py", "indent=1", "indent=2"),
        ("course/site/merge.py", "cell.execution_count", "cell.other_count"),
    ],
)
def test_a_change_that_no_output_depends_on_makes_nothing_stale(
    project: Project, file: str, old: str, new: str
) -> None:
    project.replace(file, old, new)
    assert stale(project) == {}


def test_a_changed_checksum_of_a_data_set_makes_the_chapters_that_loaded_it_stale(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = registry.PATH.read_text(encoding="utf-8")
    changed = project.root / "registry.toml"
    changed.write_text(text.replace(registry.checksum("mnist", "original"), "0" * 64))
    monkeypatch.setattr(registry, "PATH", changed)
    assert stale(project) == {C: "the checksum of the data set mnist (original) changed"}


def test_a_data_set_that_is_gone_from_the_registry_makes_its_chapters_stale(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = project.root / "registry.toml"
    empty.write_text("")
    monkeypatch.setattr(registry, "PATH", empty)
    assert stale(project) == {C: "the data set mnist (original) is no longer registered"}


def test_a_minor_release_of_a_library_makes_the_chapters_that_import_it_stale(
    project: Project,
) -> None:
    version = with_version(project, "numpy", (1, 0))
    found = stale(project)
    assert found.keys() == {A, C}
    assert all(f"the lock has {version}" in why for why in found.values())


def test_a_library_that_no_chapter_imports_itself_makes_nothing_stale(project: Project) -> None:
    with_version(project, "nbclient", (1, 0))
    assert stale(project) == {}


def test_a_patch_release_is_a_note_and_makes_nothing_stale(project: Project) -> None:
    version = with_version(project, "numpy", (0, 1))
    assert stale(project) == {}
    notes = {s.chapter.name: " ".join(s.notes) for s in status.states(project.root)}
    assert f"the lock has {version}: a patch release" in notes[A]
    assert notes[B] == ""


def test_a_library_that_left_the_lock_makes_its_chapters_stale(project: Project) -> None:
    project.replace("requirements.txt", "\nnumpy==", "\n# numpy==")
    assert stale(project) == dict.fromkeys([A, C], "numpy is not in requirements.txt")


def test_a_model_that_was_trained_anew_makes_the_chapters_that_load_it_stale(
    project: Project,
) -> None:
    found = outputs.read(project.outputs(A))
    assert found is not None
    key = {**found.key, "trained": {"a/first": "0" * 64}}
    outputs.write(project.outputs(A), found.cells, key, found.provenance)
    assert stale(project) == {B: "the run a/first was trained anew"}


def test_without_the_outputs_that_trained_a_run_its_users_are_stale_too(project: Project) -> None:
    project.outputs(A).unlink()
    assert stale(project) == {
        A: "it has never been executed",
        B: "no chapter has outputs with the run a/first",
    }


def test_outputs_belong_to_one_profile(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROFILE", "gpu")
    assert stale(project) == dict.fromkeys([A, B, C], "it has never been executed")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("mean", "a better mean", "was changed by hand"),
        ('"profile": "cpu"', '"profile": "tpu"', "was changed by hand"),
        ('"schema": 1', '"schema": 99', "has schema 99; this course reads 1"),
        ('"provenance"', '"provenience"', "is half written or no notebook of outputs"),
    ],
)
def test_outputs_that_somebody_edited_are_stale_and_the_next_step_is_named(
    project: Project, old: str, new: str, complaint: str
) -> None:
    project.replace(f"outputs/cpu/{B}.ipynb", old, new)
    (why,) = stale(project).values()
    assert complaint in why
    assert str(project.outputs(B)) in why
    assert why.endswith("Run `course execute b-compare` to make it again.")


@pytest.mark.parametrize("kept", [0, 1, 200, -3])
def test_outputs_that_were_cut_off_are_stale_and_the_next_step_is_named(
    project: Project, kept: int
) -> None:
    path = project.outputs(B)
    path.write_bytes(path.read_bytes()[:kept])
    (why,) = stale(project).values()
    assert why.startswith(f"{path} is half written")
    assert "Run `course execute b-compare`" in why


def test_another_language_of_the_kernel_makes_a_chapter_stale(project: Project) -> None:
    project.replace("book/c-pictures.md", "language: python", "language: julia")

    assert stale(project) == {C: "the kernel's language was python"}
