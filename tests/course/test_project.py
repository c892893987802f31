"""The folder of the course and its lock file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import project
from course.errors import CourseError

LOCK = """\
# A comment with name==1.0
numpy==2.4.6
    # via
    #   keras==3.0
Tensor_Flow[and-cuda]==2.21.0 ; sys_platform == 'linux'
zope.interface==7.0 \\
    --hash=sha256:0123
-e .
local @ file:///somewhere
unpinned>=3
"""


def test_the_root_is_the_nearest_folder_with_a_table_of_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "pyproject.toml").touch()
    below = tmp_path / "book" / "deep"
    below.mkdir(parents=True)
    (below / "_toc.yml").touch()  # a table alone is no course
    monkeypatch.chdir(below)
    assert project.root() == project.root(tmp_path) == tmp_path.resolve()


def test_outside_of_every_course_there_is_no_root(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"is not inside the course\. Change to the folder"):
        project.root(tmp_path)


def test_the_lock_gives_exact_versions_by_canonical_name(tmp_path: Path) -> None:
    (tmp_path / project.LOCK).write_text(LOCK)
    assert project.locked(tmp_path) == {
        "numpy": "2.4.6", "tensor-flow": "2.21.0", "zope-interface": "7.0",
    }  # fmt: skip


def test_a_missing_lock_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"requirements\.txt is missing; `course lock` writes"):
        project.locked(tmp_path)


@pytest.mark.parametrize(
    ("version", "minor"), [("2.21.0", "2.21"), ("2.21.0rc1", "2.21"), ("2.21", "2.21"), ("9", "9")]
)
def test_a_patch_release_has_the_same_minor_version(version: str, minor: str) -> None:
    assert project.minor(version) == minor


@given(st.lists(st.sampled_from(["a", "b"]), min_size=1), st.sampled_from(["-", "_", ".", "-_."]))
def test_separators_do_not_make_another_distribution(parts: list[str], separator: str) -> None:
    assert project.canonical(separator.join(parts).upper()) == "-".join(parts)
