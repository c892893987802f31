"""What the doctor says of machines that are not this one."""

import dataclasses
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder import doctor
from autograder.doctor import Finding, Machine, examine, healthy
from tests.autograder.sandbox.trees import delegated

BLOCKED = "bwrap: setting up uid map: Permission denied"


def machine(
    root: Path,
    files: dict[str, str] | None = None,
    starts: bool = True,
    programs: Sequence[str] = ("bwrap",),
    system: str = "Linux",
    uid: int = 1000,
    warm: str = "",
) -> Machine:
    """A machine with these files, programs and answers."""
    for name, text in (files or {}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(command: Sequence[str]) -> tuple[int, str]:
        if "--version" in command:
            return 0, "bubblewrap 0.9.0"
        if command[0].endswith("docker"):
            return 1, "Cannot connect to the Docker daemon"
        return (0, "") if starts else (1, BLOCKED)

    def which(name: str) -> str | None:
        return f"/usr/bin/{name}" if name in programs else None

    return Machine(root, which, run, system, uid, trial=lambda: warm)


def told(one: Machine) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(one)}


def test_a_machine_with_a_sandbox_is_healthy(tmp_path: Path) -> None:
    one = machine(tmp_path)
    assert healthy(examine(one))
    assert told(one)["Sandbox"].found == "bubblewrap"


def test_a_machine_without_warm_rooms_grades_in_cold_ones(tmp_path: Path) -> None:
    one = machine(tmp_path, warm="unshare: Operation not permitted")
    assert healthy(examine(one))
    assert told(one)["Warm mode"].level == "note"
    assert "unshare" in told(one)["Warm mode"].found
    assert told(machine(tmp_path))["Warm mode"].level == "good"


def test_without_bubblewrap_the_install_command_is_named(tmp_path: Path) -> None:
    one = machine(tmp_path, programs=())
    assert not healthy(examine(one))
    assert "apt install bubblewrap" in told(one)["bubblewrap"].mend


@pytest.mark.parametrize(
    ("file", "text", "mend"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "/etc/apparmor.d/bwrap"),
        ("kernel/unprivileged_userns_clone", "0\n", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0\n", "user.max_user_namespaces=15000"),
    ],
)
def test_what_blocks_user_namespaces_is_named_with_its_fix(
    file: str, text: str, mend: str, tmp_path: Path
) -> None:
    one = machine(tmp_path, {f"proc/sys/{file}": text}, starts=False)
    assert not healthy(examine(one))
    assert mend in told(one)["bubblewrap"].mend
    assert BLOCKED in told(one)["bubblewrap"].found
    assert mend in told(one)["User namespaces"].mend


def test_continuous_integration_follows_the_advice() -> None:
    steps = Path(__file__).parents[2] / ".github" / "workflows" / "ci.yml"
    told = [line.strip() for line in doctor.APPARMOR.splitlines()]
    profile = told[told.index("abi <abi/4.0>,") : told.index("}") + 1]
    lines = [line.strip() for line in steps.read_text(encoding="utf-8").splitlines()]
    begin = lines.index(profile[0])
    assert lines[begin : begin + len(profile)] == profile
    assert "/etc/apparmor.d/bwrap" in lines[begin - 1]
    assert told[-1].removeprefix("and run: ") in lines


def test_a_restriction_that_spares_bubblewrap_is_a_note(tmp_path: Path) -> None:
    files = {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}
    one = machine(tmp_path, files)
    assert healthy(examine(one))
    assert told(one)["User namespaces"].level == "note"


def test_cgroups_are_said_to_be_used_where_they_are_delegated(tmp_path: Path) -> None:
    absent = told(machine(tmp_path))["cgroup v2"]
    assert (absent.level, "no cgroup v2" in absent.found) == ("note", True)
    assert "systemd-run --user --scope" in absent.mend
    delegated(tmp_path)
    assert told(machine(tmp_path))["cgroup v2"].level == "good"


def test_root_is_told_that_a_limit_does_not_hold_for_it(tmp_path: Path) -> None:
    assert told(machine(tmp_path, uid=0))["User"].level == "note"


def test_docker_is_marked_as_tried_with_one_version(tmp_path: Path) -> None:
    absent = told(machine(tmp_path))["Docker"]
    assert "not installed" in absent.found
    silent = told(machine(tmp_path, programs=("bwrap", "docker")))["Docker"]
    assert "does not answer" in silent.found
    there = told(Machine(tmp_path, lambda name: name, lambda command: (0, "27.1"), "Linux", 1))
    assert "tried with Docker 20.10 alone" in there["Docker"].found


def test_other_systems_are_told_where_to_grade(tmp_path: Path) -> None:
    one = machine(tmp_path, system="Darwin")
    assert not healthy(examine(one))
    assert "Linux" in told(one)["bubblewrap"].mend
    assert "cgroup v2" not in told(one)


def test_a_missing_package_is_named_with_its_install_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    monkeypatch.setattr(doctor, "OPTIONAL", {"no-such-extra": "nothing"})
    found = told(machine(tmp_path))
    assert found["no-such-package"].level == "missing"
    assert found["no-such-extra"].level == "note"


def test_this_machine_is_examined_without_an_error() -> None:
    found = {finding.what for finding in examine(Machine())}
    assert {"Sandbox", "Docker", "Size", "Python", "otter-grader"} <= found


def test_a_command_that_is_not_there_is_an_answer() -> None:
    status, said = doctor.run(["no-such-command-here"])
    assert status == 127
    assert "no-such-command-here" in said


def test_a_machine_without_watches_grades_nobody(tmp_path: Path) -> None:
    assert told(machine(tmp_path))["Watches"].level == "good"
    one = dataclasses.replace(machine(tmp_path), watching=lambda: "Too many open files")
    assert not healthy(examine(one))
    assert "max_user_instances" in told(one)["Watches"].mend


def test_packages_without_compiled_code_are_named_with_the_command(tmp_path: Path) -> None:
    source = tmp_path / "site packages" / "numpy" / "__init__.py"
    source.parent.mkdir(parents=True)
    source.write_text("")

    def origin(package: str) -> Path | None:
        return source if package == "numpy" else None

    one = dataclasses.replace(machine(tmp_path), origin=origin)
    finding = told(one)["Compiled"]
    assert finding.level == "note"
    assert "numpy" in finding.found
    assert "pandas" not in finding.found
    assert healthy(examine(one))
    command = shlex.split(finding.mend.removeprefix("Run: "))
    subprocess.run(command, check=True)
    assert "Compiled" not in told(one)
