"""The draw-a-digit demo in a real browser, on a page of its own, from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course import exports, inference
from tests.web.demos import assert_readable, model_of, on_a_phone, written

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

MODEL = model_of(exports.DIGITS)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("site"), "draw-digit", MODEL)


@pytest.fixture
def page(browser: Any, path: Path) -> Iterator[Any]:
    with on_a_phone(browser, path) as opened:
        yield opened


@pytest.fixture
def loaded(page: Any) -> Any:
    page.get_by_role("button", name="Load the model").click()
    page.get_by_role("application").wait_for()
    return page


def answer(page: Any) -> str:
    return str(page.locator(".draw-digit-answer").inner_text())


def shown(page: Any) -> list[float]:
    shares = page.locator(".draw-digit-share").all_inner_texts()
    return [float(share.rstrip("%")) / 100 for share in shares]


def draw_seven(page: Any) -> None:
    box = page.get_by_role("application").bounding_box()
    points = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=12)
    page.mouse.up()


def test_nothing_of_the_model_is_loaded_before_the_reader_asks(page: Any) -> None:
    assert page.evaluate("window.courseModels === undefined")
    assert page.get_by_role("application").count() == 0


def test_the_button_says_how_large_the_model_is(page: Any) -> None:
    megabytes = f"{MODEL.stat().st_size / 1e6:.1f} MB"
    assert megabytes in page.get_by_role("button").inner_text()


def test_the_page_computes_the_probabilities_that_keras_computed(loaded: Any) -> None:
    script = """(name) => {
      const content = window.courseModels[name];
      const steps = courseDrawDigit.decode(content);
      const pixels = Uint8Array.from(atob(content.samples.pixels), (c) => c.charCodeAt(0));
      return content.samples.labels.map((_, i) => courseDrawDigit.predict(
        steps, Array.from(pixels.slice(784 * i, 784 * (i + 1)), (v) => v / 255)));
    }"""
    computed = np.array(loaded.evaluate(script, exports.DIGITS.name))
    content = exports.read(MODEL)
    np.testing.assert_allclose(
        computed, content["samples"]["probabilities"], atol=exports.TOLERANCE
    )


def test_the_page_agrees_with_numpy_on_any_picture(loaded: Any) -> None:
    rng = np.random.default_rng(0)
    pictures = rng.random((3, 28, 28), dtype=np.float32) * (rng.random((3, 28, 28)) < 0.2)
    script = """([name, pictures]) => pictures.map((pixels) => courseDrawDigit.predict(
      courseDrawDigit.decode(window.courseModels[name]), pixels))"""
    computed = loaded.evaluate(script, [exports.DIGITS.name, pictures.reshape(3, -1).tolist()])
    expected = inference.predict(exports.steps_in(exports.read(MODEL)), pictures)
    np.testing.assert_allclose(np.array(computed), expected, atol=1e-5)


def test_a_test_digit_is_shown_with_its_label_and_ten_probabilities(loaded: Any) -> None:
    loaded.get_by_role("button", name="Show a test digit").click()
    content = exports.read(MODEL)
    best = int(np.argmax(content["samples"]["probabilities"][0]))
    assert f"reads a {best}" in answer(loaded)
    assert f"The test set says {content['samples']['labels'][0]}" in answer(loaded)
    assert sum(shown(loaded)) == pytest.approx(1, abs=0.01)


def test_a_seven_drawn_with_the_mouse_is_read_as_a_seven(loaded: Any) -> None:
    draw_seven(loaded)
    assert "reads a 7" in answer(loaded)


def test_a_one_drawn_with_the_keyboard_is_read_as_a_one(loaded: Any) -> None:
    assert loaded.evaluate("document.activeElement.tagName") == "CANVAS"
    for _ in range(8):
        loaded.keyboard.press("ArrowUp")
    for _ in range(16):
        loaded.keyboard.press("Shift+ArrowDown")
    assert "reads a 1" in answer(loaded)
    assert loaded.locator(".draw-digit-place").inner_text() == "row 23, column 15, painted"


def test_the_space_bar_paints_and_delete_clears(loaded: Any) -> None:
    loaded.keyboard.press("Space")
    assert "reads a" in answer(loaded)
    loaded.keyboard.press("Delete")
    assert answer(loaded) == "Nothing is drawn yet."


def test_clear_removes_the_drawing_and_the_probabilities(loaded: Any) -> None:
    draw_seven(loaded)
    loaded.get_by_role("button", name="Clear").click()
    assert answer(loaded) == "Nothing is drawn yet."
    assert set(loaded.locator(".draw-digit-share").all_inner_texts()) == {"–"}


@pytest.mark.parametrize(("left", "top", "size"), [(10, 30, 60), (150, 20, 120), (0, 0, 280)])
def test_a_drawing_is_scaled_to_twenty_pixels_and_centred(
    loaded: Any, left: int, top: int, size: int
) -> None:
    script = """([left, top, size]) => {
      const ink = new Float32Array(280 * 280);
      for (let y = top; y < top + size; y++)
        for (let x = left; x < left + size / 2; x++) ink[y * 280 + x] = 1;
      return Array.from(courseDrawDigit.normalise(ink, 280));
    }"""
    pixels = np.array(loaded.evaluate(script, [left, top, size])).reshape(28, 28)
    wanted = np.zeros((28, 28))
    wanted[4:24, 9:19] = 1
    np.testing.assert_allclose(pixels, wanted, atol=1e-5)


def test_an_uneven_drawing_has_its_centre_of_mass_in_the_middle(loaded: Any) -> None:
    script = """() => {
      const ink = new Float32Array(280 * 280);
      for (let y = 40; y < 240; y++) for (let x = 40; x < (y < 100 ? 200 : 70); x++)
        ink[y * 280 + x] = 1;
      return Array.from(courseDrawDigit.normalise(ink, 280));
    }"""
    pixels = np.array(loaded.evaluate(script)).reshape(28, 28)
    places = np.arange(28) + 0.5
    centre = (pixels.sum(1) @ places / pixels.sum(), pixels.sum(0) @ places / pixels.sum())
    assert centre == pytest.approx((14, 14), abs=0.51)


def test_an_empty_drawing_has_no_picture(loaded: Any) -> None:
    assert loaded.evaluate("courseDrawDigit.normalise(new Float32Array(100), 10)") is None


def test_a_missing_model_is_reported_and_can_be_tried_again(browser: Any, path: Path) -> None:
    away = path.parent / "_static" / "away.js"
    model = path.parent / "_static" / MODEL.name
    page = browser.new_page()
    page.goto(path.as_uri())
    model.rename(away)
    try:
        page.get_by_role("button", name="Load the model").click()
        page.get_by_text("could not be loaded").wait_for()
    finally:
        away.rename(model)
    page.get_by_role("button", name="Load the model").click()
    page.get_by_role("application").wait_for()
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_the_phone_page_does_not_scroll_sideways(
    loaded: Any, theme: str
) -> None:
    draw_seven(loaded)
    assert_readable(loaded, theme)
