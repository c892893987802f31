"""The cell of the exercise with photos that packs them, as a student runs it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course.exercises import plan

ROOT = Path(__file__).parents[3]
NAME = "e3-photo-classifier"
PLANNED = plan.read(ROOT / "solutions" / NAME)


@pytest.fixture
def packing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Runs the student's cells up to the one that packs photos, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    starter = PLANNED.folder / "data/starter.zip"
    (tmp_path / "data/starter.zip").write_bytes(starter.read_bytes())
    text = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    cell = next(source for source in sources if source.startswith("def pack("))

    def run() -> None:
        from PIL import ImageOps

        names = {"Path": Path, "Image": Image, "ImageOps": ImageOps, "np": np, "zipfile": zipfile}
        exec(compile(cell, "<pack>", "exec"), names)

    return run


def photo_with_notes(path: Path) -> None:
    """A JPEG as a telephone writes it: lying on its side, with place, time and device."""
    pixels = np.zeros((60, 500, 3), np.uint8)
    pixels[:, 250:] = 255
    notes = Image.Exif()
    notes[0x0112] = 6  # To be turned by a quarter.
    notes[0x010F], notes[0x0132] = "A maker of telephones", "2026:01:02 03:04:05"
    notes.get_ifd(0x8825).update({1: "N", 2: (46.0, 57.0, 3.0), 3: "E", 4: (7.0, 26.0, 40.0)})
    path.parent.mkdir(parents=True)
    Image.fromarray(pixels).save(path, exif=notes, comment=b"taken at home")


def test_a_packed_photo_has_nothing_but_its_pixels(packing: Callable[[], None]) -> None:
    photo_with_notes(Path("originals/mug/at my house 2026-01-02.jpg"))
    assert b"telephones" in Path("originals/mug/at my house 2026-01-02.jpg").read_bytes()

    packing()

    assert [p.as_posix() for p in Path("photos").rglob("*.*")] == ["photos/mug/001.jpg"]
    content = Path("photos/mug/001.jpg").read_bytes()
    assert not any(word in content for word in (b"Exif", b"telephones", b"2026", b"home"))
    made = Image.open(io.BytesIO(content))
    assert not made.getexif()
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Turned upright before its note was dropped: the bright half is below now.
    assert made.size == (38, 320)
    grey = np.asarray(made.convert("L"), dtype=float)
    assert grey[:140].mean() < 20
    assert grey[-140:].mean() > 235


def test_what_is_no_picture_is_left_out_with_a_word(
    packing: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    photo_with_notes(Path("originals/mug/a.jpg"))
    Path("originals/mug/list.txt").write_text("no picture")

    packing()

    assert "list.txt was left out" in capsys.readouterr().out
    assert len(list(Path("photos").rglob("*.jpg"))) == 1


def test_a_photo_put_into_photos_by_hand_is_packed_and_keeps_nothing(
    packing: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.zeros((60, 80, 3), np.uint8)
    Path("photos/cup").mkdir(parents=True)
    Image.fromarray(pixels).save("photos/cup/001.jpg")
    before = Path("photos/cup/001.jpg").read_bytes()
    # Numbers for names do not help: a camera wrote these. The last one lies beside the classes.
    for name in ("mug/001.jpg", "mug box/IMG_7.JPG", "glass/x.jpeg"):
        photo_with_notes(Path("photos") / name)
    Image.fromarray(pixels).save("photos/glass/y.png")
    Path("photos/glass/list.txt").write_text("no picture")
    Image.fromarray(pixels).save("photos/z.jpg")

    packing()

    made = {p.relative_to("photos").as_posix() for p in Path("photos").rglob("*") if p.is_file()}
    assert made == {
        *("cup/001.jpg", "mug/001.jpg", "mug box/001.jpg"),
        *("glass/001.jpg", "glass/002.jpg"),
    }
    assert Path("photos/cup/001.jpg").read_bytes() == before
    assert all(b"telephones" not in p.read_bytes() for p in Path("photos").rglob("*.jpg"))
    # Nothing is lost, and a second run has nothing to do.
    assert b"telephones" in Path("originals/mug/001.jpg").read_bytes()
    said = capsys.readouterr().out
    assert "photos/z.jpg was not packed by this cell. It is now originals/z.jpg." in said
    packing()
    assert capsys.readouterr().out == "photos from photos\n"


def test_a_photo_with_a_taken_name_takes_no_place(packing: Callable[[], None]) -> None:
    photo_with_notes(Path("originals/mug/a.jpg"))
    photo_with_notes(Path("photos/mug/a.jpg"))

    packing()

    names = sorted(p.as_posix() for p in Path().glob("*/mug/*"))
    assert names == [
        *("originals/mug/a.jpg", "originals/mug/other a.jpg"),
        *("photos/mug/001.jpg", "photos/mug/002.jpg"),
    ]


def test_a_photo_with_too_many_pixels_is_left_out_with_a_word(
    packing: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo_with_notes(Path("originals/mug/a.jpg"))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)

    packing()

    assert "a.jpg was left out: it has too many pixels" in capsys.readouterr().out


def test_without_photos_the_starter_set_is_taken_and_nothing_is_handed_in(
    packing: Callable[[], None],
) -> None:
    packing()

    assert list(Path("photos").iterdir()) == []
    counts = [len(list(folder.iterdir())) for folder in sorted(Path("starter").iterdir())]
    assert counts == [40] * 4
