"""A notebook that looks everywhere for the pictures that are held back, and learns none of them."""

from __future__ import annotations

import secrets
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import open_bundle
from autograder.grading import grade
from autograder.settings import Settings
from tests.attacks.vault import LAST_OF_TWO, Attack
from tests.attacks.witnesses import Scene
from tests.autograder.bundles import bundle, exceptions, notebook
from tests.autograder.held_back.drawn import EXERCISE, scene
from tests.autograder.sandbox.real_docker import IMAGE, needed

pytestmark = pytest.mark.attacks
CLASSES = ("cup", "glass")
EACH, HONEST = 20, 2.0
# The class of a picture is a toss of a coin: only who has seen the file knows it.
TESTS = {
    "q1": exceptions(
        "q1",
        "@test_case(points=1)\ndef test_five(answer):\n    import numpy as np\n"
        "    assert np.shape(answer) == (5,)\n",
        "@test_case(points=1)\ndef test_whole(guess):\n    assert isinstance(guess('hall'), int)\n",
    ),
    "q2": exceptions(
        "q2",
        "@test_case(points=7, hidden=True)\ndef test_all_right(env):\n"
        "    from pathlib import Path\n    import numpy as np\n    from PIL import Image\n"
        "    held = sorted(Path('held-back').glob('*/*'))\n    assert len(held) == 8\n"
        "    for path in held:\n        photo = np.asarray(Image.open(path).convert('RGB'))\n"
        "        assert env['recognise'](photo) == path.parent.name\n",
    ),
}
LIMITS = "[limits]\nseconds = 60\ncell_seconds = 50\nmemory_mb = 1000\n"
SEARCH = r"""
import io, os, time
import numpy as np
from PIL import Image

def look(picture):
    small = np.asarray(picture.convert("L").resize((12, 12)), float).ravel()
    small = small - small.mean()
    return small / (np.linalg.norm(small) + 1e-9)

known, tried, end = [], set(), time.time() + 15

def remember(path, content):
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        known.append((look(picture), os.path.basename(os.path.dirname(path))))
    except Exception:
        pass

def search(top):
    for folder, below, files in os.walk(top, followlinks=True):
        # Among the files of /proc are some whose reading never ends.
        below[:] = [n for n in below if n not in ("lib", "lib64", "proc", "sys", "usr")]
        real = os.path.realpath(folder)
        if real in tried or time.time() > end:
            below[:] = []
            continue
        tried.add(real)
        for name in files:
            if time.time() > end:
                return
            path = os.path.join(folder, name)
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 1 << 20:
                    with open(path, "rb") as file:
                        remember(path, file.read())
            except OSError:
                pass

for top in (".", "..", "/tmp", "/dev/shm", "/files", "/tests", "/photos", "/home", "/grader",
            "/held-back", "__OUTSIDE__", "__BUNDLE__"):
    search(top)
for process in os.listdir("/proc"):
    if process.isdigit() and time.time() < end:
        for what in ("root/photos", "root/files", "root/tests", "cwd", "fd"):
            search(f"/proc/{process}/{what}")
"""
RECOGNISE = """
def recognise(photo):
    global end
    end = time.time() + 1
    tried.clear()
    search(".")
    seen = look(Image.fromarray(photo))
    best = max(known, key=lambda item: item[0] @ seen, default=(seen * 0, "none"))
    return best[1] if best[0] @ seen > 0.9 else "none"
"""
ATTACK = Attack("held_back", "", "held-back files", "score", (SEARCH, RECOGNISE))


def pictures(place: Path) -> None:
    """Pictures that nothing but their folder tells apart."""
    rng = np.random.default_rng(0)
    for name in CLASSES:
        (place / name).mkdir(parents=True)
        for number in range(EACH):
            scene(rng).save(place / name / f"{number:03}.jpg")


def test_it_wins_where_they_lie_beside_the_notebook(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "open-bundle", TESTS, exercise=LIMITS + EXERCISE)
    pictures(folder / "files" / "all")
    for name in CLASSES:
        held = folder / "files" / "held-back" / name
        held.mkdir(parents=True)
        for number in range(4):
            (folder / "files" / "all" / name / f"{number:03}.jpg").rename(held / f"{number}.jpg")
    scene_ = Scene(tmp_path, folder, f"7{secrets.randbelow(10**8):08}")
    try:
        assert ATTACK.wins in scene_.open_grader(ATTACK)
    finally:
        scene_.close()


CONTAINED = Settings(sandbox="docker", image=IMAGE)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(Settings(mode="cold"), id="cold"),
        pytest.param(Settings(mode="warm"), id="warm"),
        pytest.param(CONTAINED, id="contained", marks=needed),
    ],
)
def test_it_finds_none_of_them_in_ours(settings: Settings, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle", TESTS, exercise=LIMITS + EXERCISE)
    assignment = open_bundle(folder, tmp_path)
    pictures(tmp_path / "in" / "photos")
    # What lies where the grader works is named to the attack, whose rooms do not have it.
    places = {"OUTSIDE": str(tmp_path), "BUNDLE": str(folder)}
    cells = [*ATTACK.notebook(places)[:-1], LAST_OF_TWO]
    path = notebook(tmp_path / "in" / "a.ipynb", cells)
    found = grade(assignment, path, settings, beside=path.parent)
    assert found.status == "graded", found.to_json()
    assert found.warnings == ()
    assert found.score == HONEST, found.to_json()
    # It was asked about a picture and did not know it.
    detail = found.questions[1].cases[0].detail
    assert "recognise(array (47, 63, 3) uint8" in detail
    assert "→ 'none'" in detail
