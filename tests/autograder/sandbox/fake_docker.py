"""A program that understands the command lines which the grader gives to Docker, and no others.

Containers are rooms of bubblewrap, laid out from the options alone. It is no kinder than Docker:
nothing ends a container but its own end and `docker kill`. In the folder FAKE_DOCKER are `images`,
one a line; `log`, a line of JSON for each call; `running/NAME`, the first process of a container;
and, if a test puts it there, `cgroup`, what a container sees of its own use.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

STATE = Path(os.environ["FAKE_DOCKER"])
ALONE = {"--rm", "--interactive", "--read-only"}
ONCE = {
    "--name", "--pull", "--network", "--cap-drop", "--ipc", "--security-opt", "--user",
    "--hostname", "--memory", "--memory-swap", "--pids-limit", "--cpus", "--log-driver",
    "--shm-size", "--workdir", "--entrypoint",
}  # fmt: skip
OFTEN = {"--ulimit", "--tmpfs", "--env", "--mount"}


def fail(text: str, status: int = 125) -> NoReturn:
    sys.stderr.write(f"{text}\n")
    sys.exit(status)


def parsed(words: list[str]) -> tuple[dict[str, list[str]], str, list[str]]:
    """Options by name, image, and what follows it."""
    found: dict[str, list[str]] = {}
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option not in ALONE | ONCE | OFTEN:
            fail(f"unknown flag: {option}")
        if option in found and option not in OFTEN:
            fail(f"given twice: {option}")
        found.setdefault(option, []).append("" if option in ALONE else words.pop(0))
    return found, words[0], words[1:]


def run(words: list[str]) -> int:
    options, image, program = parsed(words)
    missing = ALONE - options.keys()
    if missing:
        fail(f"this container would not do without {missing}")
    if image not in (STATE / "images").read_text().splitlines():
        fail(f"docker: Error response from daemon: No such image: {image}")
    if options["--entrypoint"] != ["python"] or (STATE / "no-python").exists():
        fail('docker: Error response from daemon: exec: "python": executable file not found', 127)
    if options["--workdir"] != ["/"]:
        fail("this folder would be made, closed to the user, where a folder in memory comes")
    (name,) = options["--name"]
    user, group = options["--user"][0].split(":")
    python = Path(sys.executable)
    line = ["bwrap", "--unshare-all", "--as-pid-1", "--new-session", "--cap-drop", "ALL"]
    line += ["--unshare-user", "--uid", user, "--gid", group]
    for link in ("bin", "lib", "lib64", "sbin"):
        line += ["--symlink", f"usr/{link}", f"/{link}"]
    line += ["--proc", "/proc", "--dev", "/dev", "--ro-bind-try", f"{STATE}/cgroup"]
    line += ["/sys/fs/cgroup"]
    for tmpfs in options["--tmpfs"]:
        place, settings = tmpfs.split(":")
        size = dict(item.split("=") for item in settings.split(",") if "=" in item)
        line += ["--perms", size["mode"], "--size", size["size"], "--tmpfs", place]
    # After /tmp, where the environment may lie.
    for path in image_folders(python):
        line += ["--ro-bind", path, path]
    for mount in options.get("--mount", []):
        (fields,) = csv.reader([mount])
        if fields[0] != "type=bind" or fields[3:] != ["readonly"]:
            fail(f"invalid mount: {mount}")
        source, target = (field.split("=", 1)[1] for field in fields[1:3])
        if not Path(source).exists():
            fail(f"docker: Error response from daemon: bind source path does not exist: {source}")
        line += ["--ro-bind", source, target]
    line += ["--remount-ro", "/", "--chdir", options["--workdir"][0], "--clearenv"]
    line += ["--setenv", "PATH", f"{python.parent}:/usr/bin"]
    for variable in options["--env"]:
        line += ["--setenv", *variable.split("=", 1)]
    reading, writing = os.pipe()
    line += ["--info-fd", str(writing), "--", "python", *program]
    begun = subprocess.Popen(line, pass_fds=[writing], start_new_session=True)
    os.close(writing)
    with open(reading) as told:
        first = json.load(told)["child-pid"]
    place = STATE / "running" / name
    place.write_text(str(first))
    try:
        return begun.wait() % 256
    finally:
        place.unlink()


def image_folders(python: Path) -> list[str]:
    """What the image holds: the system's programs, and the environment that runs the tests."""
    from autograder.sandbox.bubblewrap import environment_folders

    found = [Path("/usr"), *environment_folders(python)]
    return [str(path) for path in found] + [
        path for path in ("/etc/ld.so.cache", "/etc/fonts") if Path(path).exists()
    ]


def main() -> int:
    words = sys.argv[1:]
    (STATE / "running").mkdir(exist_ok=True)
    with (STATE / "log").open("a") as log:
        log.write(json.dumps(words) + "\n")
    if (STATE / "silent").exists():
        fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", 1)
    if words[0] == "run":
        return run(words[1:])
    if words[:4] == ["image", "inspect", "--format", "{{.Id}}"]:
        if words[4] not in (STATE / "images").read_text().splitlines():
            fail(f"Error response from daemon: No such image: {words[4]}", 1)
        print(f"sha256:{'ab' * 32}")
        return 0
    if words[0] == "kill" and len(words) == 2:
        try:
            os.kill(int((STATE / "running" / words[1]).read_text()), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            fail(f"Error response from daemon: No such container: {words[1]}", 1)
        return 0
    fail(f"docker: unknown command: {words}")


if __name__ == "__main__":
    sys.exit(main())
