"""Groups of cgroup v2: where they are looked for, and what the kernel is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox import cgroups
from autograder.sandbox.cgroups import Group, Groups, place
from autograder.sandbox.limits import Limits
from tests.autograder.sandbox.trees import delegated

LIMITS = Limits(memory_mb=100, processes=20)


def test_a_part_of_the_tree_that_was_delegated_is_found(tmp_path: Path) -> None:
    folder = delegated(tmp_path)
    assert place(tmp_path) == cgroups.Place(folder)


def test_what_a_grader_has_started_finds_the_place_of_the_grader(tmp_path: Path) -> None:
    folder = delegated(tmp_path)
    (folder / "cgroup.procs").write_text("")
    delegated(tmp_path, at=f"user/one/{cgroups.OURS}")
    assert place(tmp_path) == cgroups.Place(folder, inside=True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda folder: (folder / "cgroup.controllers").write_text("cpu pids"), "memory cannot be"),
        (lambda folder: (folder / "cgroup.procs").write_text("1\n"), "other programs"),
        (lambda folder: (folder / "cgroup.procs").unlink(), "may make no groups"),
    ],
)
def test_without_one_the_reason_is_told(
    tmp_path: Path, change: Callable[[Path], object], why: str
) -> None:
    change(delegated(tmp_path))
    found = place(tmp_path)
    assert found.folder is None
    assert why in found.why


def test_a_machine_without_version_2_says_so(tmp_path: Path) -> None:
    assert "no cgroup v2" in place(tmp_path).why
    delegated(tmp_path)
    (tmp_path / "proc/self/mountinfo").write_text("22 1 0:21 / /x rw - cgroup cgroup rw,memory\n")
    assert "no cgroup v2" in place(tmp_path).why


def test_the_grader_leaves_its_group_to_the_rooms(tmp_path: Path) -> None:
    folder = delegated(tmp_path)
    (folder / "room-of a grader that was killed").mkdir()
    Groups(tmp_path).enter()
    assert (folder / cgroups.OURS / "cgroup.procs").read_text() == str(os.getpid())
    assert (folder / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert not list(folder.glob("room-*"))


def test_where_others_are_no_group_is_made(tmp_path: Path) -> None:
    folder = delegated(tmp_path, members=(1,))
    assert Groups(tmp_path).made(LIMITS) is None
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []


def test_a_worker_stays_in_the_graders_group_where_the_kernel_refuses(tmp_path: Path) -> None:
    folder = delegated(tmp_path)
    (folder / "cgroup.procs").write_text("")
    own = delegated(tmp_path, at=f"user/one/{cgroups.OURS}")
    # A folder takes no text.
    (folder / "cgroup.subtree_control").unlink()
    (folder / "cgroup.subtree_control").mkdir()
    assert Groups(tmp_path).made(LIMITS) is None
    assert own.is_dir()
    assert (folder / "cgroup.procs").read_text() == ""


def test_the_kernel_is_told_the_limits_and_asked_for_the_reason(tmp_path: Path) -> None:
    group = Group(tmp_path, LIMITS)
    told = {path.name: path.read_text() for path in group.folder.iterdir()}
    assert told["memory.max"] == str(100 << 20)
    assert told["memory.oom.group"] == "1"
    assert told["pids.max"] == "28"
    assert not group.overrun()
    (group.folder / "memory.events").write_text("max 3\noom 1\noom_kill 4\noom_group_kill 1\n")
    assert group.overrun()


def test_a_program_enters_its_group_before_it_begins(tmp_path: Path) -> None:
    group = Group(tmp_path, LIMITS)
    done = subprocess.run(
        group.starting(["/bin/sh", "-c", 'echo "$1"; cat /proc/$$/environ', "sh", "a b $1"]),
        capture_output=True,
        text=True,
        check=True,
        env={"SECRET": "1"},
    )
    assert done.stdout == "a b $1\n"
    assert (group.folder / "cgroup.procs").read_text() == "0\n"
    # Where the group is gone, nothing runs outside it.
    (group.folder / "cgroup.procs").unlink()
    (group.folder / "cgroup.procs").mkdir()
    assert subprocess.run(group.starting(["echo"]), capture_output=True, check=False).returncode
