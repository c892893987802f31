"""What is particular to the exercise with photos: its questions, and photos held back."""

from __future__ import annotations

import ast
import contextlib
import io
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
from PIL import Image, ImageOps

from autograder.held_back.plan import HeldBack, read
from course.exercises import assign, heldout, plan, secret
from course.exercises.faults import ExerciseError

ROOT = Path(__file__).parents[3]
NAME = "e3-photo-classifier"
PLANNED = plan.read(ROOT / "solutions" / NAME)
RNG = np.random.default_rng(0)
Function = Callable[[np.ndarray], Any]


def test_the_starter_set_is_small_and_its_photos_differ_in_shape() -> None:
    path = PLANNED.folder / "data/starter.zip"
    assert path.stat().st_size < 1_500_000
    with zipfile.ZipFile(path) as archive:
        photos = [Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()]
        assert {photo.size for photo in photos} == {(96, 72), (72, 96)}


def test_the_last_cell_hands_in_the_folder_that_is_held_back() -> None:
    assert PLANNED.held_back == plan.HeldBack("photos", 0.2, 4)
    text = (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "grader.export(NOTEBOOK or None, pdf=False, ignore_log=True, files=['photos'])" in text


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


def seldom(x: np.ndarray) -> np.ndarray:
    return np.where(RNG.random(len(x))[:, None, None, None] < 0.3, x[:, :, ::-1], x)


def all_or_none(x: np.ndarray) -> np.ndarray:
    return x[:, :, ::-1].copy() if RNG.random() < 0.5 else x


@pytest.mark.parametrize("augment", [mirrored, brighter, shifted, noisy, seldom, all_or_none])
def test_every_way_to_augment_is_accepted(augment: Function) -> None:
    for _ in range(20):
        assert complaints("q5", values(augment)) == []


@pytest.mark.parametrize(
    ("augment", "said"),
    [
        (lambda x: x, "augment changed 0 of 160 pictures"),
        (lambda x: x, "augment changes nothing yet"),
        (lambda x: x[:, :, ::-1], "the same answer twenty times"),
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


def starter() -> tuple[list[np.ndarray], np.ndarray]:
    """Photos of the starter set, and the class of each."""
    with zipfile.ZipFile(PLANNED.folder / "data/starter.zip") as archive:
        names = sorted(archive.namelist())
        photos = [np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in names]
    _, classes = np.unique([name.split("/")[1] for name in names], return_inverse=True)
    return photos, classes


def find_scenes(photos: list[np.ndarray]) -> np.ndarray:
    """What the cell of the notebook finds that its students are given."""
    text = (PLANNED.folder / "master.md").read_text(encoding="utf-8")
    cell = re.search(r"ALIKE = [\s\S]*?return numbers\n", text)
    assert cell is not None
    names: dict[str, Any] = {"np": np, "Image": Image}
    exec(cell.group(), names)
    return np.asarray(names["find_scenes"](photos))


def dealt(groups: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The part of each photo: the groups of every class are dealt out, 70, 15 and 15 of 100."""
    parts = np.zeros(len(groups), int)
    for number in np.unique(classes):
        mine = rng.permutation(np.unique(groups[classes == number]))
        for part, share in ((1, 0.7), (2, 0.85)):
            late = np.isin(groups, mine[round(share * len(mine)) :])
            parts[late & (classes == number)] = part
    return parts


def framed(colour: int | None) -> Callable[[np.ndarray, int], np.ndarray]:
    def resize(photo: np.ndarray, size: int) -> np.ndarray:
        whole = tuple(photo.mean(axis=(0, 1)).astype(int)) if colour is None else (colour,) * 3
        return np.asarray(ImageOps.pad(Image.fromarray(photo), (size, size), color=whole))

    return resize


def cut(photo: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(ImageOps.fit(Image.fromarray(photo), (size, size)))


def stretched(photo: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(Image.fromarray(photo).resize((size, size)))


@pytest.mark.parametrize("size", [24, 40, 64])
@pytest.mark.parametrize(
    "resize",
    [stretched, cut, framed(0), framed(255), framed(None)],
    ids=["stretched", "cut", "framed in black", "framed in white", "framed in its mean"],
)
def test_scenes_dealt_out_are_right_and_photos_are_not(
    resize: Callable[[np.ndarray, int], np.ndarray], size: int
) -> None:
    photos, classes = starter()
    images = np.stack([resize(photo, size) for photo in photos])
    case = public("q3")["test_near_duplicates_stay_together"]

    def judge(parts: np.ndarray) -> None:
        case(*(values[parts == part] for part in range(3) for values in (images, classes)))

    rng = np.random.default_rng(0)
    scenes = find_scenes(photos)
    for _ in range(10):
        judge(dealt(scenes, classes, rng))
        with pytest.raises(AssertionError, match="have a near-duplicate in"):
            judge(dealt(np.arange(len(photos)), classes, rng))


def test_every_right_way_to_scale_is_accepted() -> None:
    case = public("q4")["test_range"]
    # A pale table with something dark on it: black lies five standard deviations from the mean.
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal(220, 25, (30, 32, 32, 3)), 0, 255).astype(np.uint8)
    images[:, 12:16, 12:16] //= 5
    mean, deviation = images.mean(), images.std()
    assert mean / deviation > 4
    places = images.mean(axis=0), images.std(axis=0)
    for scale in (
        lambda x: x / 255,
        lambda x: x / 127.5 - 1,
        lambda x: (x - mean) / deviation,
        lambda x: (x - places[0]) / places[1],
        lambda x: (
            (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
        ),
    ):
        case(scale, 32, images)
    for scale, said in (
        (lambda x: x, "from 0 on the average"),
        (lambda x: x / 10, "from 0 on the average"),
        (lambda x: x - mean, "from 0 on the average"),
        (lambda x: x // 255, "makes different values equal"),
        (lambda x: 1 - x / 255, "changes their order"),
        (lambda x: np.clip(x / 255, 0, 0.5), "makes different values equal"),
    ):
        with pytest.raises(AssertionError, match=said):
            case(scale, 32, images)
        with pytest.raises(AssertionError, match=said):
            case(scale, 32, None)


@pytest.mark.parametrize(
    ("question", "case", "given", "said"),
    [
        ("q1", "test_counts", {"labels": ["mug", "cup"], "counts": [1, 1]}, "First make labels"),
        ("q1", "test_counts", {"labels": [], "counts": []}, "First make labels"),
        ("q1", "test_labels", {"labels": []}, "labels is empty"),
        ("q2", "test_resize", {"SIZE": float("nan"), "resize": stretched}, "SIZE is no number"),
        ("q2", "test_images", {"SIZE": 8, "images": [], "labels": []}, "labels is empty"),
        ("q2", "test_images", {"SIZE": "a", "images": [], "labels": [0]}, "SIZE is no number"),
        ("q3", "test_shapes", {"SIZE": float("nan"), "labels": [0]}, "SIZE is no number"),
        ("q3", "test_shapes", {"SIZE": 24, "labels": []}, "labels is empty"),
        ("q3", "test_pictures_and_labels", {"images": 0, "labels": ["mug"]}, "holds no numbers"),
        ("q4", "test_range", {"SIZE": float("nan"), "scale": np.abs}, "SIZE is no number"),
        ("q6", "test_parameters", {"parameters": {}.keys}, r"you forgot the \(\)"),
        ("q6", "test_parameters", {"parameters": float("nan")}, "parameters is nan"),
        ("q6", "test_parameters", {"parameters": "many"}, "is one number"),
        ("q8", "test_accuracy_is_measured", {"test_accuracy": "90 %"}, "is no number"),
    ],
)
def test_a_slip_is_named(question: str, case: str, given: dict[str, Any], said: str) -> None:
    function = public(question)[case]
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    with pytest.raises(AssertionError, match=said):
        function(**{name: given.get(name) for name in names})


def test_a_loss_that_rises_in_the_end_has_been_lower() -> None:
    case = public("q7")["test_history"]
    case({"loss": [1.0, 0.5, 1.2], "val_loss": [1.0, 1.1, 1.2]})
    with pytest.raises(AssertionError, match="nothing was learnt"):
        case({"loss": [1.0, 1.5, 1.2], "val_loss": [1.0, 0.5, 0.2]})
    with pytest.raises(AssertionError, match="has 1 numbers"):
        case({"loss": [1.0], "val_loss": [1.0]})


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
        return np.asarray(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))

    case(predict, x_train)
    with pytest.raises(AssertionError, match="two answers to the same question"):
        case(lambda x: predict(brighter(shifted(x) / 255) * 255), x_train)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what only the grader has."""
    folder = tmp_path_factory.mktemp("hidden")
    heldout.make(PLANNED, folder, "the secret of the tests")
    return folder


def asked(
    folder: Path, inside: Path, classes: tuple[int, ...] = (0, 1, 0, 0, 1)
) -> tuple[np.ndarray, np.ndarray]:
    def resize(photo: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(photo).resize((24, 24)))

    test = (np.full((5, 24, 24, 3), 7), np.array(classes)[:, np.newaxis])
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
    assert numbers.tolist() == [0, 1, 0, 0, 1]


@pytest.mark.parametrize("classes", [(0, 0, 0, 0, 0), (0, 1)])
def test_a_test_part_of_one_class_or_another_length_proves_nothing(
    classes: tuple[int, ...], hidden: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos" / "cup").mkdir(parents=True)
    (tmp_path / "photos" / "cup" / "001.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="two classes or more"):
        asked(hidden, tmp_path, classes)
