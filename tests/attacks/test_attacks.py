"""Every attack wins against an open grader, and gets nothing from ours."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import session
from autograder.assignment import Assignment, open_bundle
from autograder.grading import grade
from autograder.records import Grade
from autograder.reports import student_page
from autograder.sandbox import process, watch
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import FIRST_USER, USERS
from autograder.settings import MODES, Settings
from autograder.warm import shared
from tests.attacks.vault import ATTACKS, HONEST, SECRETS, VAULTS, Attack
from tests.attacks.witnesses import Scene
from tests.autograder.bundles import notebook
from tests.autograder.sandbox.real_docker import IMAGE, running, there

pytestmark = pytest.mark.attacks
NAMES = [attack.name for attack in ATTACKS]


@pytest.fixture(scope="module")
def assignments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assignment]:
    folder = tmp_path_factory.mktemp("vaults")
    return {
        name: open_bundle(attacked.write(folder / name), folder / f"{name} opened")
        for name, attacked in VAULTS.items()
    }


@pytest.fixture
def assignment(assignments: dict[str, Assignment], attack: Attack) -> Assignment:
    return assignments[attack.vault]


@pytest.fixture(scope="module", autouse=True)
def secret_in_the_environment() -> Iterator[None]:
    """Before any interpreter of a warm room is started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SECRET", SECRETS[0])
        shared().close()
        yield
    shared().close()


@pytest.fixture
def scene(tmp_path: Path, assignment: Assignment) -> Iterator[Scene]:
    scene = Scene(tmp_path, assignment.folder, f"7{secrets.randbelow(10**8):08}")
    yield scene
    scene.close()


def shown(found: Grade) -> str:
    """Everything of a grade that is not for the teacher alone."""
    questions = [
        dataclasses.replace(
            question,
            cases=tuple(dataclasses.replace(case, detail="") for case in question.cases),
            doubt="",
        )
        for question in found.questions
    ]
    return dataclasses.replace(found, questions=tuple(questions)).to_json()


def living(users: range) -> list[str]:
    """Processes of these users that are not dead yet."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "status").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if lines and int(lines["Uid"].split()[0]) in users and "Z" not in lines["State"]:
            found.append(entry.name)
    return found


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_it_wins_against_an_open_grader(attack: Attack, scene: Scene) -> None:
    assert attack.wins in scene.open_grader(attack)


@pytest.mark.parametrize(
    ("vault", "wins", "takes"),
    [
        ("numbers", "hang", set()),
        ("numbers", "leak", set()),
        # TensorFlow itself needs as much as counts as a success; no attack on this vault is for it.
        ("network", "score", {"memory"}),
    ],
)
def test_an_honest_notebook_wins_nothing_there(
    vault: str, wins: str, takes: set[str], assignments: dict[str, Assignment], tmp_path: Path
) -> None:
    """Or a crash of the open grader itself, or its slowness, would count as an attack's success."""
    scene = Scene(tmp_path, assignments[vault].folder, f"7{secrets.randbelow(10**8):08}")
    honest = Attack("honest", "It answers what it can.", "none", wins, (), vault)
    try:
        assert scene.open_grader(honest) <= takes
    finally:
        scene.close()


def left_in_templates() -> list[int]:
    """Processes in the templates' rooms beside bubblewrap's first and the one that waits."""
    templates = shared().templates.values()
    return [number for item in templates for number in watch.descendants(item.first)[2:]]


def bounded(attack: Attack, limits: Limits, patch: pytest.MonkeyPatch) -> Limits:
    """Limits for an attack: one that hangs is waited for as long as they allow, in each mode."""
    if attack.wins != "hang":
        return limits
    patch.setattr(session, "START", 10.0)
    patch.setattr(session, "GRACE", 4.0)
    return dataclasses.replace(limits, seconds=4, cell_seconds=2, case_seconds=2)


def has_nothing(found: Grade, scene: Scene) -> None:
    """Honest points, nothing of what is hidden, and nothing outside."""
    assert found.status in ("graded", "needs a teacher"), found.reason
    assert found.score <= HONEST, found.to_json()
    assert not scene.marked()
    assert not scene.connected.is_set()
    assert not scene.survivors()
    assert not [secret for secret in SECRETS if secret in shown(found)]
    page = student_page(found, "Vault")
    assert page == student_page(dataclasses.replace(found, seconds=found.seconds + 100), "Vault")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_it_gets_nothing_from_ours(
    attack: Attack,
    mode: str,
    scene: Scene,
    assignment: Assignment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Users of this test alone, so that what it leaves behind can be told from others' processes.
    first = FIRST_USER + secrets.randbelow(USERS)
    users = range(first, first + 100)
    monkeypatch.setattr(process, "FIRST_USER", first)
    monkeypatch.setattr(process, "USERS", len(users))
    path = notebook(scene.folder / "answers.ipynb", attack.notebook(scene.places))
    limits = bounded(attack, assignment.limits, monkeypatch)
    found = grade(assignment, path, Settings(mode=mode, limits=limits))
    assert found.provenance["mode"] == mode, found.provenance
    has_nothing(found, scene)
    assert not living(users)
    assert not left_in_templates()


@pytest.mark.docker
@there
@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_it_gets_nothing_from_a_container(
    attack: Attack, scene: Scene, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebook(scene.folder / "answers.ipynb", attack.notebook(scene.places))
    limits = bounded(attack, assignment.limits, monkeypatch)
    found = grade(assignment, path, Settings(sandbox="docker", image=IMAGE, limits=limits))
    assert found.provenance["sandbox"] == "docker"
    has_nothing(found, scene)
    assert not running()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", VAULTS)
def test_an_honest_notebook_gets_its_points_after_them(
    name: str, mode: str, assignments: dict[str, Assignment], tmp_path: Path
) -> None:
    path = notebook(tmp_path / "honest.ipynb", [VAULTS[name].first, VAULTS[name].last])
    found = grade(assignments[name], path, Settings(mode=mode))
    assert (found.status, found.score, found.possible) == ("graded", HONEST, VAULTS[name].possible)
    assert found.provenance["mode"] == mode, found.provenance


def test_a_network_that_was_told_the_coins_passes_where_the_attacks_do_not(
    assignments: dict[str, Assignment], tmp_path: Path
) -> None:
    attacked = assignments["network"]
    secret = json.loads((attacked.folder / "files" / "coins.json").read_text(encoding="utf-8"))
    told = f"known = {secret}\nknown = dict(zip(map(tuple, known['x']), known['y']))\n"
    told += "def predict(x):\n    return np.array([known.get(tuple(row), 0) for row in x.tolist()])"
    cells = [VAULTS["network"].first, told, VAULTS["network"].last]
    found = grade(attacked, notebook(tmp_path / "told.ipynb", cells), Settings(mode="warm"))
    cases = {case.name: case for question in found.questions for case in question.cases}
    assert (found.status, found.score) == ("graded", HONEST + 4)
    # The notebook's file is nothing that the tests could load.
    assert "model.keras" in cases["q2 - 2"].detail


def test_there_are_many_of_many_classes() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.kind for attack in ATTACKS}) >= 15
    assert len({attack.about for attack in ATTACKS}) == len(ATTACKS)
