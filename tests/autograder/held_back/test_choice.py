"""Which pictures are held back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from autograder.held_back.choice import ALIKE, choose, divided, key, scenes
from autograder.held_back.plan import HeldBack
from autograder.photos.pictures import look
from tests.autograder.held_back.drawn import PLAN, again, scene

ROOT = Path(__file__).parents[3]
SEED, OTHER = key("one", b"x"), key("two", b"x")


def looks_of(pictures: list[Image.Image]) -> np.ndarray:
    return np.stack([look(picture) for picture in pictures])


def different(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return looks_of([scene(rng) for _ in range(count)])


def test_each_class_gives_its_share_and_at_least_what_is_asked() -> None:
    classes = ["cup"] * 20 + ["glass"] * 50
    found = choose(classes, different(70), PLAN, SEED)
    assert found is not None
    held = [classes[place] for place in found.taken]
    assert (held.count("cup"), held.count("glass")) == (4, 10)
    assert found.alike == ALIKE[0]


def test_the_same_seed_chooses_the_same_and_another_does_not() -> None:
    classes, looks = ["cup"] * 20 + ["glass"] * 20, different(40)
    assert choose(classes, looks, PLAN, SEED) == choose(classes, looks, PLAN, SEED)
    assert choose(classes, looks, PLAN, SEED) != choose(classes, looks, PLAN, OTHER)


def test_a_key_depends_on_the_secret_and_on_where_its_parts_end() -> None:
    keys = {key("a", b"xy"), key("b", b"xy"), key("a", b"x", b"y"), key("a", b"", b"xy")}
    assert len(keys) == 4


def test_every_picture_has_the_same_chance() -> None:
    classes, looks = ["cup"] * 10 + ["glass"] * 10, different(20)
    plan = HeldBack("photos", 0.3, 3, PLAN.seed)
    counts = np.zeros(20)
    for number in range(400):
        found = choose(classes, looks, plan, key("secret", str(number).encode()))
        assert found is not None
        counts[list(found.taken)] += 1
    # 120 are expected; four standard deviations of a binomial are 37.
    assert counts.min() > 83
    assert counts.max() < 157


def test_near_duplicates_are_held_back_together_or_left_together() -> None:
    rng = np.random.default_rng(1)
    pictures = []
    for _ in range(12):
        first = scene(rng)
        pictures += [first, again(first, rng)]
    classes = ["cup"] * 12 + ["glass"] * 12
    for number in range(20):
        found = choose(classes, looks_of(pictures), PLAN, key("secret", bytes([number])))
        assert found is not None
        assert {place ^ 1 for place in found.taken} == set(found.taken)


def test_a_near_duplicate_in_another_class_comes_along() -> None:
    rng = np.random.default_rng(2)
    cups = [scene(rng) for _ in range(10)]
    pictures = cups + [again(cup, rng) for cup in cups]
    found = choose(["cup"] * 10 + ["glass"] * 10, looks_of(pictures), PLAN, SEED)
    assert found is not None
    assert {(place + 10) % 20 for place in found.taken} == set(found.taken)


def test_pictures_that_are_joined_by_others_in_between_are_one_scene() -> None:
    angles = np.radians([0, 25, 50, 180])
    looks = np.zeros((4, 144))
    looks[:, 0], looks[:, 1] = np.cos(angles), np.sin(angles)
    assert scenes(looks, 0.87).tolist() == [0, 0, 0, 3]


def test_where_all_are_somewhat_alike_more_likeness_is_asked() -> None:
    rng = np.random.default_rng(3)
    common = scene(rng)
    pictures = [Image.blend(common, scene(rng), 0.3) for _ in range(40)]
    looks = looks_of(pictures)
    assert len(set(scenes(looks, ALIKE[0]).tolist())) < 8
    found = choose(["cup"] * 20 + ["glass"] * 20, looks, PLAN, SEED)
    assert found is not None
    assert found.alike > ALIKE[0]


def test_copies_of_one_picture_cannot_be_divided() -> None:
    rng = np.random.default_rng(4)
    cup = scene(rng)
    pictures = [cup] * 20 + [scene(rng) for _ in range(20)]
    assert choose(["cup"] * 20 + ["glass"] * 20, looks_of(pictures), PLAN, SEED) is None


def test_even_surfaces_are_alike() -> None:
    looks = looks_of([Image.new("RGB", (20, 20), (level, 0, 0)) for level in (0, 90, 200)])
    assert scenes(looks, 0.87).tolist() == [0, 0, 0]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12)), min_size=8, max_size=60),
    st.floats(0.05, 0.6),
    st.integers(1, 5),
)
def test_scenes_stay_whole_and_no_class_gives_too_much(
    found: list[tuple[str, int]], share: float, least: int
) -> None:
    classes = [name for name, _ in found]
    numbers = np.array([number for _, number in found])
    plan = HeldBack("photos", share, least, PLAN.seed)
    taken = divided(classes, numbers, plan, SEED)
    if taken is None:
        return
    inside = {found[place][1] for place in taken}
    assert set(taken) == {place for place, (_, number) in enumerate(found) if number in inside}
    for name in set(classes):
        held = sum(classes[place] == name for place in taken)
        assert plan.wanted(classes.count(name)) <= held <= plan.most(classes.count(name))


def test_near_duplicates_are_those_that_the_exercise_shows_its_students() -> None:
    text = (ROOT / "solutions" / "e3-photo-classifier" / "master.md").read_text(encoding="utf-8")
    cell = re.search(r"ALIKE = [\s\S]*?return numbers\n", text)
    assert cell is not None
    names = {"np": np, "Image": Image}
    exec(cell.group(), names)
    rng = np.random.default_rng(5)
    common = scene(rng)
    pictures = [Image.blend(common, scene(rng), 0.38) for _ in range(30)]
    pictures += [again(picture, rng) for picture in pictures[:10]]
    theirs = names["find_scenes"]([np.asarray(picture) for picture in pictures])  # type: ignore[operator]
    assert names["ALIKE"] == ALIKE[0]
    assert scenes(looks_of(pictures), ALIKE[0]).tolist() == theirs.tolist()
    assert 1 < len(set(theirs.tolist())) < 30
