"""What `make site` installs: how long with a warm package cache, and how much."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def megabytes(folder: Path) -> float:
    """Size of all files of a folder, links not followed, in MB of 10⁶ bytes."""
    files = (p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return sum(p.stat().st_size for p in files) / 1e6


def measure(root: Path) -> None:
    """Print time and size of a fresh installation, made twice so that the cache is warm."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(root), str(copy)], check=True)
        environment = {**os.environ, "PYTHON": str(Path(sys.base_prefix) / "bin" / "python3")}
        target = ".venv/site.stamp"
        for attempt in ("cold or warm", "warm"):
            shutil.rmtree(copy / ".venv", ignore_errors=True)
            began, before = time.perf_counter(), os.times()
            subprocess.run(["make", "--silent", target], cwd=copy, check=True, env=environment)
            took, after = time.perf_counter() - began, os.times()
            cpu = after.children_user + after.children_system
            cpu -= before.children_user + before.children_system
            print(f"install for make site, {attempt} cache: {took:.1f} s wall, {cpu:.1f} s CPU")
        print(f"  (target: under 60 s with a warm cache); {megabytes(copy / '.venv'):.0f} MB "
              "(target: under 500 MB)")  # fmt: skip
