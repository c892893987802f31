"""The command lines of the sandboxes say what they promise."""

from __future__ import annotations

import csv
import struct
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, docker, seccomp
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits

IMAGE = "registry.example/course@sha256:" + "0" * 64


def given(uid: int) -> list[str]:
    room = Room(Path("/usr/bin/python3"), {"/tests": Path("/srv/tests")}, {"EXTRA": "1"})
    return bubblewrap.arguments(room, Limits(), uid=uid, info=7, seccomp=8)


@pytest.mark.parametrize("uid", [0, 1_900_000_001])
def test_bubblewrap_separates_everything(uid: int) -> None:
    line = given(uid)
    for option in ("net", "pid", "ipc", "uts"):
        assert f"--unshare-{option}" in line
    assert {"--new-session", "--die-with-parent", "--clearenv"} <= set(line)
    assert line[line.index("--cap-drop") + 1] == "ALL"
    assert line[line.index("--seccomp") + 1] == "8"
    assert ("--unshare-user" in line) is (uid == 0)


def test_bubblewrap_ends_by_making_the_root_read_only() -> None:
    line = given(0)
    place = len(line) - line[::-1].index("--remount-ro") - 1
    assert line[place + 1] == "/"
    assert not {"--bind", "--dev-bind"} & set(line[:place])
    assert not {"--bind", "--ro-bind", "--tmpfs"} & set(line[place:])


def test_bubblewrap_shows_no_home_and_no_settings_of_the_machine() -> None:
    line = given(0)
    bound = {line[n + 1] for n, word in enumerate(line) if word.startswith("--ro-bind")}
    assert not {"/", "/root", "/home", "/etc", "/var", "/run", "/sys"} & bound
    assert "/srv/tests" in bound


def test_docker_has_the_same_limits() -> None:
    room = Room(readable={"/tests": Path("/srv/tests")})
    line = docker.command(room, Limits(memory_mb=800, processes=50), ["run.py"], IMAGE, "one")
    text = " ".join(line)
    for part in (
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--user 65534:65534",
        "--memory 800m --memory-swap 800m",
        "--pids-limit 50",
        "--pull never",
        "--mount type=bind,source=/srv/tests,target=/tests,readonly",
    ):
        assert part in text
    assert line[-2:] == [IMAGE, "run.py"]
    assert "--privileged" not in line
    assert "docker.sock" not in text


def test_docker_leaves_nothing_and_asks_no_registry() -> None:
    line = docker.command(Room(), Limits(), ["run.py"], IMAGE, "one")
    text = " ".join(line)
    for part in (
        "docker run --rm --interactive --name one --pull never",
        "--ipc private",
        "--log-driver none",
        # What a crash would start outside starts with every limit but this one.
        "--ulimit core=1",
        "--tmpfs /tmp:rw,exec,nosuid,nodev,size=",
        "mode=1777,uid=65534,gid=65534 --workdir / ",
        "--entrypoint python",
    ):
        assert part in text
    # Docker would fill them in from the teacher's own settings.
    assert {"HTTP_PROXY=", "http_proxy=", "ALL_PROXY=", "no_proxy="} <= set(line)
    assert not any(word.startswith("PATH=") for word in line)


def test_a_path_with_a_comma_is_one_path_to_docker() -> None:
    room = Room(readable={"/tests": Path('/srv/a,b "c"')})
    line = docker.command(room, Limits(), [], IMAGE, "one")
    (mount,) = csv.reader([line[line.index("--mount") + 1]])
    assert mount == ["type=bind", 'source=/srv/a,b "c"', "target=/tests", "readonly"]


@pytest.mark.parametrize(
    "image", ["", "python:3.12", "sha256:abc", "--privileged", f"A@sha256:{'0' * 64}"]
)
def test_docker_takes_no_image_that_can_change(image: str) -> None:
    with pytest.raises(SandboxError, match="by its digest"):
        docker.command(Room(), Limits(), ["run.py"], image, "one")


def test_docker_takes_an_image_by_its_own_number() -> None:
    number = f"sha256:{'0' * 64}"
    assert docker.command(Room(), Limits(), [], number, "one")[-1] == number


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_jumps_only_to_its_own_lines(machine: str) -> None:
    program = seccomp.program(machine)
    assert program is not None
    lines = [struct.unpack("=HBBI", program[n : n + 8]) for n in range(0, len(program), 8)]
    for place, (code, if_true, if_false, _) in enumerate(lines):
        if code in (seccomp.EQUAL, seccomp.AT_LEAST, seccomp.ANY_BIT):
            assert place + 1 + max(if_true, if_false) < len(lines)
    assert lines[-1][0] == seccomp.RETURN
    assert lines[-1][3] == seccomp.ALLOW


def test_there_is_no_filter_for_an_unknown_machine() -> None:
    assert seccomp.program("sparc") is None
