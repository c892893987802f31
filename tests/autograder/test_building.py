"""An environment is made whole or not at all, once for each lock."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import filelock
import pytest
from click.testing import CliRunner

from autograder import building
from autograder.assignment import open_bundle
from autograder.building import MARK, build, recipe
from autograder.commands.env import command
from autograder.errors import BundleError, GraderError
from autograder.grading import grade
from autograder.requirements import read
from autograder.settings import Settings
from tests.autograder.assignments import SQUARES
from tests.autograder.bundles import bundle, notebook

TESTS = "otter-grader==7.0\npandas==2.3\n"
TEXT = f"ipython==9.0\nnumpy==2.4\n{TESTS}"
LOCK = read(TEXT)
PYTHON = Path("/usr/bin/python3")


class Machine:
    """Commands that were run; those with a word in `broken` fail."""

    def __init__(self, broken: str = "") -> None:
        self.commands: list[list[str]] = []
        self.broken = broken

    def __call__(self, words: Sequence[str]) -> tuple[int, str]:
        self.commands.append(list(words))
        if self.broken and self.broken in " ".join(words):
            return 1, "No matching distribution found for numpy==2.4"
        if "venv" in words:
            python = Path(words[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.touch()
        if "install" in words:
            self.installed = Path(words[words.index("--requirement") + 1]).read_text()
        return 0, "3.12.1"


def test_an_environment_is_made_of_its_lock_and_of_nothing_else(tmp_path: Path) -> None:
    machine = Machine()
    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    assert build(made, tmp_path / "env", machine)
    assert machine.installed == TEXT
    (install,) = (words for words in machine.commands if "install" in words)
    assert install[0] == str(tmp_path / "env" / "bin" / "python")
    assert "--no-deps" in install
    assert "--require-hashes" not in install
    assert json.loads((tmp_path / "env" / MARK).read_text())["finished"] is True


def test_the_same_lock_is_not_installed_twice(tmp_path: Path) -> None:
    machine = Machine()
    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    build(made, tmp_path / "env", machine)
    before = len(machine.commands)
    assert not build(made, tmp_path / "env", machine)
    assert len(machine.commands) == before
    newer = read(TEXT.replace("9.0", "9.1"))
    other = recipe(newer, PYTHON, unpinned=False, run=machine)
    assert other.place("hw") != made.place("hw")
    with pytest.raises(GraderError, match="of another lock"):
        build(other, tmp_path / "env", machine)
    assert (tmp_path / "env" / "bin" / "python").exists()


def test_the_place_is_in_the_cache_folder_whatever_the_bundle_is_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path))
    made = recipe(LOCK, PYTHON, unpinned=False, run=Machine())
    assert made.place("../a b").parent == tmp_path / "environments"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("venv", "python3-venv"),
        ("--no-input install", "could not install"),
        ("--no-input check", "do not go together"),
        ("import IPython", "Add ipykernel"),
        ("import otter.test_files", "Add otter-grader"),
    ],
)
def test_where_a_step_fails_nothing_is_left(broken: str, said: str, tmp_path: Path) -> None:
    machine = Machine()
    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    machine.broken = broken
    with pytest.raises(GraderError, match=said) as raised:
        build(made, tmp_path / "env", machine)
    assert "No matching distribution" in str(raised.value)
    assert not (tmp_path / "env").exists()


@pytest.mark.parametrize("count", [20, 200])
def test_what_is_missing_is_listed_from_the_beginning_in_whole_lines(
    count: int, tmp_path: Path
) -> None:
    lines = [f"package-{n} 1.0 requires other-{n}, which is not installed." for n in range(count)]
    machine = Machine()

    def checked(words: Sequence[str]) -> tuple[int, str]:
        return (1, "\n".join(lines)) if words[-1] == "check" else machine(words)

    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    with pytest.raises(GraderError, match="do not go together") as raised:
        build(made, tmp_path / "env", checked)
    _, *listed, mend = str(raised.value).splitlines()
    assert listed == lines[:20] + (["and 180 more"] if count == 200 else [])
    assert mend.startswith("Add to requirements.txt")


def test_of_what_pip_says_the_last_whole_lines_are_kept(tmp_path: Path) -> None:
    lines = [f"{n:04} something about a package that pip looks for" for n in range(200)]
    machine = Machine()

    def installed(words: Sequence[str]) -> tuple[int, str]:
        return (1, "\n".join(lines)) if "install" in words else machine(words)

    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    with pytest.raises(GraderError, match="could not install") as raised:
        build(made, tmp_path / "env", installed)
    _, *listed, _ = str(raised.value).splitlines()
    assert listed == lines[-len(listed) :]
    assert len(listed) > 20


def test_a_build_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(words: Sequence[str]) -> tuple[int, str]:
        raise KeyboardInterrupt

    made = recipe(LOCK, PYTHON, unpinned=False, run=Machine())
    with pytest.raises(KeyboardInterrupt):
        build(made, tmp_path / "env", interrupted)
    assert not (tmp_path / "env").exists()


def test_what_a_killed_command_left_is_made_again(tmp_path: Path) -> None:
    machine = Machine()
    made = recipe(LOCK, PYTHON, unpinned=False, run=machine)
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / MARK).write_text(json.dumps({**made.mark, "finished": False}))
    (tmp_path / "env" / "half").touch()
    assert build(made, tmp_path / "env", machine)
    assert not (tmp_path / "env" / "half").exists()


@pytest.mark.parametrize("mark", [None, "[]", "{", '{"lock": 1}'])
def test_a_folder_of_somebody_elses_is_left_alone(mark: str | None, tmp_path: Path) -> None:
    made = recipe(LOCK, PYTHON, unpinned=False, run=Machine())
    (tmp_path / "thesis.txt").touch()
    if mark is not None:
        (tmp_path / MARK).write_text(mark)
    with pytest.raises(GraderError, match="is left as it is"):
        build(made, tmp_path, Machine())
    assert (tmp_path / "thesis.txt").exists()


def test_two_commands_do_not_make_the_same(tmp_path: Path) -> None:
    made = recipe(LOCK, PYTHON, unpinned=False, run=Machine())
    with (
        filelock.FileLock(tmp_path / ".env.lock"),
        pytest.raises(GraderError, match="by another command"),
    ):
        build(made, tmp_path / "env", Machine())


def test_versions_that_are_left_open_need_a_word(tmp_path: Path) -> None:
    lock = read("ipykernel\npandas>=2\n")
    with pytest.raises(BundleError, match="leaves versions open: ipykernel, pandas"):
        recipe(lock, PYTHON, unpinned=False, run=Machine())
    machine = Machine()
    build(recipe(lock, PYTHON, unpinned=True, run=machine), tmp_path / "env", machine)
    assert not any("--no-deps" in words for words in machine.commands)


def test_a_lock_that_runs_no_notebook_is_refused_before_anything_is_installed() -> None:
    with pytest.raises(BundleError, match="has no IPython"):
        recipe(read(f"numpy==2.4\n{TESTS}"), PYTHON, unpinned=False, run=Machine())
    # The tests run in it as well.
    with pytest.raises(BundleError, match="has no otter-grader, pandas, which runs the tests"):
        recipe(read("ipython==9.0\nnumpy==2.4\n"), PYTHON, unpinned=False, run=Machine())


def test_a_python_that_does_not_run_is_named() -> None:
    with pytest.raises(GraderError, match="/usr/bin/python3 does not run"):
        recipe(LOCK, PYTHON, unpinned=False, run=Machine(broken="python_version"))


def test_hashes_are_asked_for(tmp_path: Path) -> None:
    machine = Machine()
    lock = read("".join(f"{line} --hash=sha256:{'a' * 64}\n" for line in TEXT.splitlines()))
    build(recipe(lock, PYTHON, unpinned=False, run=machine), tmp_path / "env", machine)
    assert any("--require-hashes" in words for words in machine.commands)


def test_a_program_that_is_not_there_is_an_answer() -> None:
    assert building.run(["/no/such/python"])[0] == 127


def closure(*names: str) -> str:
    """These packages and what they need, as they are installed here."""
    from packaging.requirements import Requirement

    found: set[tuple[str, str]] = set()
    wanted = [(name, "") for name in names]
    while wanted:
        name, extra = wanted.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for text in importlib.metadata.requires(name) or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                # An extra of a package, such as that of `bleach[css]`, needs packages of its own.
                wanted += [(needed.name.lower(), more) for more in ("", *needed.extras)]
    return "".join(
        f"{name}=={importlib.metadata.version(name)}\n" for name in sorted({n for n, _ in found})
    )


@pytest.mark.slow
def test_a_bundle_is_graded_in_the_environment_of_its_lock(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle", SQUARES.tests)
    (folder / "requirements.txt").write_text(closure("ipython", "otter-grader"))
    target = tmp_path / "env"
    done = CliRunner().invoke(command, ["build", str(folder), "--out", str(target)])
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    python = target / "bin" / "python"
    assert f"--python {python}" in done.output
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True
    )
    assert f"ipython=={importlib.metadata.version('ipython')}" in listed.stdout
    assert "tensorflow" not in listed.stdout
    path = notebook(tmp_path / "a.ipynb", SQUARES.notebooks["right"])
    found = grade(open_bundle(folder, tmp_path), path, Settings(python=python))
    assert (found.score, found.warnings) == (6, ())
    again = CliRunner().invoke(command, ["build", str(folder), "--out", str(target)])
    assert "It is there already." in again.output
