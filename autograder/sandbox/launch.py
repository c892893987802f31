"""First program inside the sandbox: takes its own rights and resources away, then becomes another.

Run by its path with the standard library alone: `python -I -S launch.py SETTINGS PROGRAM …`,
SETTINGS being JSON with `uid` (0: stay who you are), `data`, `file`, `cpu`, `processes`, and
`work`, a folder to be made and worked in, with copies of what is in the folder `files`.
"""

import json
import os
import resource
import shutil
import sys
from pathlib import Path
from typing import Any


def limit(settings: dict[str, Any]) -> None:
    """Limit this process and its children, and cease to be root."""
    limits = {
        # Not 0: with that, a machine that pipes cores to a program would still start it, outside.
        resource.RLIMIT_CORE: 1,
        resource.RLIMIT_FSIZE: settings["file"],
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_CPU: settings["cpu"],
        # Private memory. Address space is no measure: TensorFlow reserves far more than it uses.
        resource.RLIMIT_DATA: settings["data"],
        # For root this one means nothing, which is why root ceases to be root below.
        resource.RLIMIT_NPROC: settings["processes"],
        resource.RLIMIT_MEMLOCK: 0,
    }
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        # Linux alone has it, and rooms alone need it; one's own notebook may run elsewhere.
        limits[resource.RLIMIT_MSGQUEUE] = 0
    for name, wanted in limits.items():
        _, hard = resource.getrlimit(name)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(name, (value, value))
    if settings["uid"]:
        os.setgroups([])
        os.setresgid(settings["uid"], settings["uid"], settings["uid"])
        os.setresuid(settings["uid"], settings["uid"], settings["uid"])
    os.umask(0o077)


def copied(source: Path, target: Path) -> None:
    """Copy a folder in the order of names: a folder lists its files in the order they came in, and
    a notebook that does not sort them is to find the same one on every machine and in every room.
    """
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_dir():
            copied(path, target / path.name)
        else:
            shutil.copyfile(path, target / path.name)


def main() -> None:
    """Limit this process and its children; then be the program."""
    settings = json.loads(sys.argv[1])
    limit(settings)
    copied(Path(settings["files"]), Path(settings["work"]))
    os.chdir(settings["work"])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - what this script is for


if __name__ == "__main__":
    main()
