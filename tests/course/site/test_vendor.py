from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from course.errors import SiteError
from course.site import vendor

# Stands in for npm: logs its arguments, then installs the packages of the lock as empty files.
FAKE_NPM = """#!{python}
import json, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("11.0.0")
    raise SystemExit({version_status})
with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
if {fails!r}:
    print("npm warn deprecated something", file=sys.stderr)
    print("npm error network request to https://registry failed", file=sys.stderr)
    raise SystemExit(1)
dev = "--omit=dev" not in sys.argv
for place, package in json.loads(pathlib.Path("package-lock.json").read_text())["packages"].items():
    if package.get("dev") and not dev:
        continue
    for name in [*package.get("files", []), "package.json"]:
        file = pathlib.Path(place) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({{"version": package["version"]}}))
"""
FILES = [
    "es5/startup.js",
    "es5/core.js",
    "es5/input/tex.js",
    "es5/input/tex/extensions/ams.js",
    "es5/input/tex/extensions/all-packages.js",
    "es5/input/tex/extensions/color.js",
    "es5/output/chtml.js",
    "es5/output/svg.js",
    "es5/output/chtml/fonts/tex.js",
    "es5/output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff",
    "es5/a11y/assistive-mml.js",
]


class Machine:
    """A folder with a lock and a PATH on which only the npm stands that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.web = folder / "web"
        self.target = self.web / "vendor"
        self.bin = folder / "bin"
        self.log = folder / "npm.log"
        self.web.mkdir()
        self.bin.mkdir()
        self.write_lock("3.2.2")

    def write_lock(self, version: str, files: list[str] = FILES) -> None:
        packages = {
            "node_modules/mathjax": {"version": version, "files": files},
            "node_modules/axe-core": {"version": "4.14.1", "dev": True},
        }
        text = json.dumps({"packages": packages})
        (self.web / "package-lock.json").write_text(text, encoding="utf-8")

    def put_npm(self, place: Path, *, fails: bool = False, version_status: int = 0) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            FAKE_NPM.format(
                python=sys.executable,
                log=str(self.log),
                fails=fails,
                version_status=version_status,
            ),
            encoding="utf-8",
        )
        place.chmod(0o755)

    def calls(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def vendored(self) -> set[str]:
        files = (path for path in self.target.rglob("*") if path.is_file())
        return {path.relative_to(self.target).as_posix() for path in files}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with a working npm."""
    machine = Machine(tmp_path)
    machine.put_npm(machine.bin / "npm")
    monkeypatch.setenv("PATH", str(machine.bin))
    return machine


def test_the_wanted_files_are_copied_and_no_others(machine: Machine) -> None:
    assert vendor.fetch(machine.web, machine.target) is True
    assert machine.vendored() == {
        vendor.STAMP,
        *(
            file.replace("es5/", "mathjax/")
            for file in FILES
            if not file.endswith(("all-packages.js", "svg.js"))
        ),
    }
    assert machine.calls() == ["ci --ignore-scripts --no-audit --no-fund --omit=dev"]


def test_npm_runs_again_only_when_the_lock_has_changed(machine: Machine) -> None:
    vendor.fetch(machine.web, machine.target)
    assert vendor.fetch(machine.web, machine.target) is False
    assert len(machine.calls()) == 1
    machine.write_lock("3.2.3")
    assert vendor.fetch(machine.web, machine.target) is True
    assert len(machine.calls()) == 2


def test_the_packages_of_the_tests_are_installed_once_and_only_when_asked_for(
    machine: Machine,
) -> None:
    vendor.fetch(machine.web, machine.target)
    assert not (machine.web / "node_modules/axe-core").exists()
    assert vendor.fetch(machine.web, machine.target, dev=True) is True
    assert (machine.web / "node_modules/axe-core").exists()
    assert "--omit=dev" not in machine.calls()[-1]
    assert vendor.fetch(machine.web, machine.target, dev=True) is False


def test_files_that_are_no_longer_wanted_go_when_the_lock_changes(machine: Machine) -> None:
    vendor.fetch(machine.web, machine.target)
    (machine.target / "mathjax/old.js").write_text("", encoding="utf-8")
    machine.write_lock("3.2.3")
    vendor.fetch(machine.web, machine.target)
    assert "mathjax/old.js" not in machine.vendored()


def test_when_npm_fails_its_message_and_the_next_step_are_shown_and_nothing_is_lost(
    machine: Machine,
) -> None:
    vendor.fetch(machine.web, machine.target)
    before = machine.vendored()
    machine.write_lock("3.2.3")
    machine.put_npm(machine.bin / "npm", fails=True)
    with pytest.raises(SiteError) as caught:
        vendor.fetch(machine.web, machine.target)
    assert "npm error network request to https://registry failed" in str(caught.value)
    assert "npm warn" not in str(caught.value)
    assert "npm ci" in str(caught.value)
    assert machine.vendored() == before
    machine.put_npm(machine.bin / "npm")
    assert vendor.fetch(machine.web, machine.target) is True


def test_a_package_without_a_wanted_file_is_named_and_nothing_is_lost(machine: Machine) -> None:
    vendor.fetch(machine.web, machine.target)
    before = machine.vendored()
    machine.write_lock("4.0.0", [file for file in FILES if not file.endswith("core.js")])
    (machine.web / "node_modules/mathjax/es5/core.js").unlink()
    with pytest.raises(SiteError, match=r"mathjax has no file es5/core\.js"):
        vendor.fetch(machine.web, machine.target)
    assert machine.vendored() == before
    assert [path.name for path in machine.web.iterdir() if path.name.startswith(".")] == []


def test_a_missing_lock_is_named_with_the_next_step(machine: Machine) -> None:
    (machine.web / "package-lock.json").unlink()
    with pytest.raises(SiteError, match=r"package-lock\.json is missing.*git checkout"):
        vendor.fetch(machine.web, machine.target)


def test_without_npm_one_is_installed_from_a_python_wheel_once(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.bin / "npm").unlink()
    made: list[Path] = []

    def install(environment: Path) -> None:
        made.append(environment)
        machine.put_npm(environment / "bin" / "npm")

    monkeypatch.setattr(vendor, "install_node", install)
    vendor.fetch(machine.web, machine.target)
    machine.write_lock("3.2.3")
    vendor.fetch(machine.web, machine.target)
    assert made == [machine.web.parent / ".venv-npm"]
    assert len(machine.calls()) == 2


def test_an_npm_that_does_not_answer_is_passed_over(machine: Machine) -> None:
    machine.put_npm(machine.bin / "npm", version_status=1)
    own = machine.web.parent / "own"
    found = vendor.find_npm(own, lambda folder: machine.put_npm(folder / "bin" / "npm"))
    assert found == own / "bin" / "npm"


def test_when_the_wheel_brings_no_working_npm_the_next_step_is_named(machine: Machine) -> None:
    (machine.bin / "npm").unlink()
    with pytest.raises(SiteError, match=r"Install Node\.js"):
        vendor.find_npm(machine.web.parent / "own", lambda folder: None)


def test_when_pip_cannot_install_node_its_message_is_shown_and_no_half_is_left(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(environment: Path, **options: bool) -> None:
        python = environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\necho 'ERROR: no matching distribution' >&2\nexit 1\n")
        python.chmod(0o755)

    monkeypatch.setattr(vendor.venv, "create", create)
    monkeypatch.setenv("PATH", f"{machine.bin}{os.pathsep}/bin{os.pathsep}/usr/bin")
    own = machine.web.parent / "own"
    with pytest.raises(SiteError, match=r"no npm(.|\n)*no matching distribution(.|\n)*Node\.js 18"):
        vendor.install_node(own)
    assert not own.exists()
