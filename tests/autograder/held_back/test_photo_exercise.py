"""Exercise E3 with photos of a student's own, from the upload to the grade."""

from __future__ import annotations

import runpy
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from autograder.commands import group
from autograder.records import Grade
from course.exercises import build, plan

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PLANNED = plan.read(ROOT / "solutions" / "e3-photo-classifier")
PHOTOS, DOUBLES = 40, 12


def shoot(folder: Path) -> None:
    """Photos of four letters, as the starter set has them, but of other scenes: some two times."""
    letters = runpy.run_path(str(PLANNED.folder / "letters.py"))
    rng = np.random.default_rng(7)
    for letter in letters["CLASSES"]:
        place = folder / "photos" / f"letter {letter}"
        place.mkdir(parents=True)
        scenes = [letters["scene"](letter, rng) for _ in range(PHOTOS - DOUBLES)]
        for number, before in enumerate(scenes + scenes[:DOUBLES], 1):
            photo = Image.fromarray(letters["shoot"](before, rng))
            photo.save(place / f"{number:03}.jpg", quality=90)


def test_a_right_solution_gets_full_points_for_photos_that_it_never_saw(tmp_path: Path) -> None:
    (tmp_path / "assign").mkdir()
    _, made = build.assigned(ROOT, PLANNED, "the secret of this test", tmp_path / "assign")
    bundle = tmp_path / "e3.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, content in made.bundle.items():
            archive.writestr(name, content)
    shoot(tmp_path / "group 7")
    upload = tmp_path / "group 7.zip"
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("our photos.ipynb", made.solution)
        for path in sorted((tmp_path / "group 7").rglob("*.jpg")):
            archive.write(path, path.relative_to(tmp_path / "group 7").as_posix())
    out = tmp_path / "out"
    asked = ["grade", str(upload), "--assignment", str(bundle), "--out", str(out)]
    told = CliRunner().invoke(group, asked)
    assert "1 graded" in told.output, told.output
    (kept,) = (out / "grades").glob("*.json")
    found = Grade.from_json(kept.read_text(encoding="utf-8"))
    lost = {
        q.name: [c.detail for c in q.cases if not c.passed]
        for q in found.questions
        if not q.manual and q.score < q.possible
    }
    assert lost == {}
    held = found.provenance["held back"].split(", ")
    assert [item.split(" of ")[1] for item in held] == [str(PHOTOS)] * 4
    assert all(8 <= int(item.split()[2]) <= 12 for item in held)
    # What the notebook had is what was left, and the record says so.
    left = 4 * PHOTOS - len(found.provenance["held-back files"].split(", "))
    first, _, third, *_ = found.questions
    assert first.values["labels"].startswith(f"array ({left},) int64, from 0 to 3")
    assert "x_train" in third.values
