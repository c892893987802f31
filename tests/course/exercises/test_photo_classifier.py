"""What is particular to the exercise with photos: packing them, augmenting, photos held back."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import runpy
import shutil
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autograder.held_back.plan import HeldBack, read
from course.exercises import assign, heldout, plan, secret
from course.exercises.faults import ExerciseError

ROOT = Path(__file__).parents[3]
NAME = "e3-photo-classifier"
PLANNED = plan.read(ROOT / "solutions" / NAME)
RNG = np.random.default_rng(0)
Function = Callable[[np.ndarray], Any]


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


def test_without_photos_the_starter_set_is_taken_and_nothing_is_handed_in(
    packing: Callable[[], None],
) -> None:
    packing()

    assert list(Path("photos").iterdir()) == []
    counts = [len(list(folder.iterdir())) for folder in sorted(Path("starter").iterdir())]
    assert counts == [40] * 4


def test_the_starter_set_is_small_and_its_photos_differ_in_shape() -> None:
    path = PLANNED.folder / "data/starter.zip"
    assert path.stat().st_size < 1_500_000
    with zipfile.ZipFile(path) as archive:
        photos = [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]
        assert {photo.size for photo in photos} == {(96, 72), (72, 96)}


def test_the_last_cell_hands_in_the_folder_that_is_held_back() -> None:
    assert PLANNED.held_back == plan.HeldBack("photos", 0.2, 4)
    text = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "grader.export(pdf=False, ignore_log=True, files=['photos'])" in text


def test_the_bundle_says_from_which_seed_a_grader_chooses(tmp_path: Path) -> None:
    seed = secret.held_back("the secret of the tests", NAME)
    table = tomllib.loads(assign.seeded(PLANNED, seed).decode())["held_back"]
    assert read(table) == HeldBack("photos", 0.2, 4, seed)
    # A committed seed would be one that students can look up.
    copied = shutil.copytree(PLANNED.folder, tmp_path / NAME)
    (copied / plan.FILE).write_bytes(assign.seeded(PLANNED, seed))
    with pytest.raises(ExerciseError, match="unknown key seed"):
        plan.read(copied)


def test_a_seed_tells_neither_the_secret_nor_another_seed() -> None:
    seeds = {secret.held_back(text, name) for text in ("a", "b") for name in ("x", "y")}
    assert len(seeds) == 4
    assert int(secret.held_back("a", "x"), 16) != secret.seed("a", "x")


def test_a_table_that_cannot_take_the_seed_is_named(tmp_path: Path) -> None:
    copied = shutil.copytree(PLANNED.folder, tmp_path / NAME)
    text = (copied / plan.FILE).read_text(encoding="utf-8")
    inline = 'held_back = { folder = "photos", share = 0.2, at_least = 4 }\n'
    text = re.sub(r"\[held_back\]\n(?:\w+ = .*\n)+", "", text)
    (copied / plan.FILE).write_text(inline + text, encoding="utf-8")
    with pytest.raises(ExerciseError, match="a line of its own"):
        assign.seeded(plan.read(copied), "0" * 64)


def public(question: str) -> dict[str, Callable[..., None]]:
    """The public tests of a question by their names."""
    path = ROOT / "exercises" / NAME / "tests" / f"{question}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in tree.body:
        node.decorator_list = []  # type: ignore[attr-defined]
    names: dict[str, Any] = {}
    exec(compile(tree, str(path), "exec"), names)
    return {node.name: names[node.name] for node in tree.body}  # type: ignore[attr-defined]


def values(augment: Function) -> dict[str, Any]:
    hills = np.cumsum(np.cumsum(RNG.normal(size=(12, 32, 32, 3)), axis=1), axis=2)
    low, high = hills.min(axis=(1, 2, 3), keepdims=True), hills.max(axis=(1, 2, 3), keepdims=True)
    pictures = ((hills - low) / (high - low) * 255).astype(np.uint8)
    return {"augment": augment, "scale": lambda x: x.astype("float32") / 255, "x_train": pictures}


def complaints(question: str, given: dict[str, Any]) -> list[str]:
    found = []
    for case in public(question).values():
        names = case.__code__.co_varnames[: case.__code__.co_argcount]
        try:
            case(**{name: given[name] for name in names})
        except AssertionError as error:
            found.append(str(error))
    return found


def mirrored(x: np.ndarray) -> np.ndarray:
    return np.where(RNG.random(len(x))[:, None, None, None] < 0.5, x[:, :, ::-1], x)


def brighter(x: np.ndarray) -> np.ndarray:
    return np.clip(x + RNG.uniform(-0.2, 0.2, (len(x), 1, 1, 1)), 0, 1)


def shifted(x: np.ndarray) -> np.ndarray:
    return np.stack([np.roll(picture, RNG.integers(-4, 5, 2), (0, 1)) for picture in x])


def noisy(x: np.ndarray) -> np.ndarray:
    return x + RNG.normal(0, 0.03, x.shape)


def in_place(x: np.ndarray) -> np.ndarray:
    x += 0.1
    return shifted(x)


@pytest.mark.parametrize("augment", [mirrored, brighter, shifted, noisy])
def test_every_way_to_augment_is_accepted(augment: Function) -> None:
    for _ in range(20):
        assert complaints("q5", values(augment)) == []


@pytest.mark.parametrize(
    ("augment", "said"),
    [
        (lambda x: x, "augment changed 0 of 24 pictures"),
        (lambda x: x[:, :, ::-1], "the same answer three times"),
        (lambda x: shifted(x)[:, :16], "made shape"),
        (lambda x: shifted(x) * 255, "keep the range that scale gives"),
        (lambda x: shifted(x) / 255, "nearly of one colour"),
        (lambda x: RNG.random(x.shape), "little is left"),
        (in_place, "Work on a copy"),
        (lambda x: None, "did you forget return"),
        (..., "augment is still missing"),
    ],
)
def test_a_slip_in_augmenting_is_named(augment: Function, said: str) -> None:
    found = complaints("q5", values(augment))
    assert any(re.search(said, text) for text in found), found


def test_augmented_validation_pictures_are_noticed_in_any_order() -> None:
    case = public("q7")["test_validation_is_not_augmented"]
    given = values(shifted)
    scale, x_val = given["scale"], given["x_train"]
    for right in (scale(x_val), scale(x_val)[::-1], x_val):
        case(right, scale, x_val)
    with pytest.raises(AssertionError, match="Were they augmented"):
        case(shifted(scale(x_val)) + 0.1, scale, x_val)


def test_a_network_that_augments_when_it_is_asked_is_noticed() -> None:
    case = public("q7")["test_same_question_same_answer"]
    x_train = values(shifted)["x_train"]
    weights = np.random.default_rng(1).normal(0, 1, (32 * 32 * 3, 3))

    def predict(x: np.ndarray) -> np.ndarray:
        logits = (x.reshape(len(x), -1) / 255 - 0.5) @ weights / 3
        return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    case(predict, x_train)
    with pytest.raises(AssertionError, match="two answers to the same question"):
        case(lambda x: predict(brighter(shifted(x) / 255) * 255), x_train)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what only the grader has."""
    folder = tmp_path_factory.mktemp("hidden")
    heldout.make(PLANNED, folder, "the secret of the tests")
    return folder


def asked(folder: Path, inside: Path) -> tuple[np.ndarray, np.ndarray]:
    def resize(photo: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(photo).resize((24, 24)))

    test = (np.full((5, 24, 24, 3), 7), np.zeros((5, 1), int))
    with contextlib.chdir(inside):
        pictures, numbers = runpy.run_path(str(folder / "unseen.py"))["unseen"](resize, *test)
    return pictures, numbers


def test_fresh_photos_of_the_letters_are_asked_where_nothing_was_handed_in(hidden: Path) -> None:
    pictures, numbers = asked(hidden, hidden)
    assert pictures.shape == (100, 24, 24, 3)
    assert np.bincount(numbers).tolist() == [25] * 4


def test_photos_held_back_are_asked_and_changed_a_little(hidden: Path, tmp_path: Path) -> None:
    colours = {"cup": (200, 20, 20), "glass": (20, 20, 200)}
    for folder, colour in colours.items():
        (tmp_path / "held-back" / folder).mkdir(parents=True)
        Image.new("RGB", (50, 30), colour).save(tmp_path / "held-back" / folder / "1.png")
    pictures, numbers = asked(hidden, tmp_path)
    assert numbers.tolist() == [0, 1]
    means = pictures.mean(axis=(1, 2))
    assert 180 < means[0, 0] < 220
    assert means[0, 0] != 200
    assert means[1, 2] > 180


def test_the_test_part_is_asked_where_nothing_is_held_back(hidden: Path, tmp_path: Path) -> None:
    (tmp_path / "photos" / "cup").mkdir(parents=True)
    (tmp_path / "photos" / "cup" / "001.jpg").write_bytes(b"")
    pictures, numbers = asked(hidden, tmp_path)
    assert (pictures == 7).all()
    assert numbers.shape == (5,)
