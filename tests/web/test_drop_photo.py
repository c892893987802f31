"""The drop-a-photo demo in a real browser, on a page of its own, from a folder."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from course import exports, inference
from tests.web.demos import assert_readable, model_of, on_a_phone, written

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

MODEL = model_of(exports.EYES)
SIDE, CELL, MARGIN = 150, 8, 15  # pixels of a picture, of a place of the map, beside all places


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("site"), "drop-photo", MODEL)


@pytest.fixture
def page(browser: Any, path: Path) -> Iterator[Any]:
    with on_a_phone(browser, path) as opened:
        yield opened


@pytest.fixture
def loaded(page: Any) -> Any:
    page.get_by_role("button", name="Load the model").click()
    page.get_by_role("button", name="Choose a photo").wait_for()
    return page


def answer(page: Any) -> str:
    """What the demo says once it has looked."""
    page.wait_for_function(
        "!['Looking …', 'No photo yet.'].includes("
        "document.querySelector('.drop-photo-answer').textContent)"
    )
    return str(page.locator(".drop-photo-answer").inner_text())


def file(picture: np.ndarray[Any, Any], kind: str = "PNG") -> dict[str, Any]:
    """A picture as the browser gets it from a folder."""
    written = io.BytesIO()
    Image.fromarray(picture).save(written, kind)
    mime = f"image/{kind.lower()}"
    return {"name": f"photo.{kind.lower()}", "mimeType": mime, "buffer": written.getvalue()}


def samples() -> np.ndarray[Any, Any]:
    """The test pictures of the model's file, `(4, 150, 150, 3)` uint8."""
    files = [base64.b64decode(text) for text in exports.read(MODEL)["samples"]["png"]]
    return np.stack([np.asarray(Image.open(io.BytesIO(one))) for one in files])


def looked(page: Any, picture: np.ndarray[Any, Any]) -> dict[str, Any]:
    """What the script computes of a picture of the network's size."""
    script = """([name, values]) => {
      const steps = courseDropPhoto.decode(window.courseModels[name]);
      const found = courseDropPhoto.look(steps, values);
      return { ...found, heat: Array.from(found.heat) };
    }"""
    return dict(page.evaluate(script, [exports.EYES.name, picture.reshape(-1).tolist()]))


def drop(page: Any, given: dict[str, Any] | None = None) -> bool:
    """Drop a file on the frame, or what is none; says whether the page keeps it to itself."""
    script = """(file) => {
      const transfer = new DataTransfer();
      const read = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      if (file) transfer.items.add(new File([read(file.text)], file.name, { type: file.type }));
      const frame = document.querySelector("section.drop-photo");
      const happens = (type) => frame.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      return [happens("dragover"), happens("drop")].every((through) => !through);
    }"""
    file = given and {
        "name": given["name"],
        "type": given["mimeType"],
        "text": base64.b64encode(given["buffer"]).decode(),
    }
    return bool(page.evaluate(script, file))


def test_nothing_of_the_model_is_loaded_before_the_reader_asks(page: Any) -> None:
    assert page.evaluate("window.courseModels === undefined")
    assert page.locator("canvas").count() == 0


def test_the_button_says_how_large_the_model_is(page: Any) -> None:
    megabytes = f"{MODEL.stat().st_size / 1e6:.1f} MB"
    assert megabytes in page.get_by_role("button").inner_text()


def test_the_page_computes_the_probabilities_that_keras_computed(loaded: Any) -> None:
    computed = [looked(loaded, picture)["dog"] for picture in samples()]
    expected = np.ravel(exports.read(MODEL)["samples"]["probabilities"])
    np.testing.assert_allclose(computed, expected, atol=exports.TOLERANCE)


def test_the_mean_of_the_pooled_map_is_the_logit(loaded: Any) -> None:
    steps = exports.steps_in(exports.read(MODEL))
    (weights, bias) = next(step for step in steps if step.kind == "dense").arrays
    last_pool = [step.kind for step in steps].index("global-mean") - 1
    for picture in samples()[:2]:
        maps = inference.predict(steps[:last_pool], picture[np.newaxis].astype(np.float32))
        found = looked(loaded, picture)
        side = found["side"]
        heat = np.reshape(found["heat"], (side, side))
        np.testing.assert_allclose(heat, (maps[0] @ weights)[..., 0], atol=1e-3)
        pooled = inference.predict(steps[last_pool : last_pool + 1], maps)
        logit = float((pooled[0] @ weights).mean() + bias[0])
        assert found["dog"] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)


def test_a_place_of_the_map_lies_over_the_middle_of_what_it_sees(loaded: Any) -> None:
    script = """() => {
      const heat = new Float32Array(15 * 15);
      heat[15 * 3 + 5] = 1;
      const rows = [];
      for (let row = 0; row < 150; row++) for (let column = 0; column < 150; column++)
        rows.push(courseDropPhoto.at(heat, 15, row, column));
      return rows;
    }"""
    laid = np.reshape(loaded.evaluate(script), (SIDE, SIDE))
    places = np.arange(SIDE) + 0.5
    rows, columns = laid.sum(1) @ places / laid.sum(), laid.sum(0) @ places / laid.sum()
    assert (rows, columns) == pytest.approx((MARGIN + CELL * 3.5, MARGIN + CELL * 5.5))


def test_a_test_photo_is_shown_with_its_label(loaded: Any) -> None:
    loaded.get_by_role("button", name="Show a test photo").click()
    content = exports.read(MODEL)["samples"]
    dog = content["probabilities"][0][0]
    name = "dog" if dog > 0.5 else "cat"
    said = answer(loaded)
    assert f"The network says {name}, with probability {100 * max(dog, 1 - dog):.1f}%" in said
    assert f"The test set says {('cat', 'dog')[content['labels'][0]]}." in said


def test_a_photo_from_a_file_is_read_as_the_test_photo_that_it_is(loaded: Any) -> None:
    loaded.locator("input[type=file]").set_input_files(file(samples()[2]))
    dog = exports.read(MODEL)["samples"]["probabilities"][2][0]
    assert f"{100 * max(dog, 1 - dog):.1f}%" in answer(loaded)
    assert "test set" not in answer(loaded)


def test_a_large_photo_is_made_small_as_a_whole(loaded: Any) -> None:
    halves = np.zeros((900, 1400, 3), np.uint8)
    halves[:, 700:] = 255
    loaded.locator("input[type=file]").set_input_files(file(halves, "JPEG"))
    answer(loaded)
    script = """() => Array.from(document.querySelector('.drop-photo-views canvas')
      .getContext('2d').getImageData(0, 0, 150, 150).data)"""
    shown = np.reshape(loaded.evaluate(script), (SIDE, SIDE, 4))
    assert shown[:, :73, :3].max() < 20
    assert shown[:, 77:, :3].min() > 235


def test_a_photo_can_be_dropped(loaded: Any) -> None:
    assert drop(loaded, file(samples()[1]))
    dog = exports.read(MODEL)["samples"]["probabilities"][1][0]
    assert f"{100 * max(dog, 1 - dog):.1f}%" in answer(loaded)
    assert not loaded.locator("section.is-over").count()


def test_a_photo_dropped_before_the_model_is_there_does_not_leave_the_page(page: Any) -> None:
    assert drop(page)
    assert "Load the model first" in page.locator("section.drop-photo").inner_text()


def test_a_second_click_loads_nothing_twice(page: Any) -> None:
    page.evaluate("document.querySelector('.drop-photo button').click()")
    page.evaluate("document.querySelector('.drop-photo button').click()")
    page.get_by_role("button", name="Choose a photo").wait_for()
    assert page.locator("script[src*=pets-eyes]").count() == 1


def test_a_model_that_cannot_be_read_is_reported_and_can_be_tried_again(
    browser: Any, path: Path
) -> None:
    model = path.parent / "_static" / MODEL.name
    whole = model.read_text(encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    model.write_text("window.courseModels = {};", encoding="utf-8")
    try:
        page.get_by_role("button", name="Load the model").click()
        page.get_by_text("could not be loaded").wait_for()
    finally:
        model.write_text(whole, encoding="utf-8")
    page.get_by_role("button", name="Load the model").click()
    page.get_by_role("button", name="Choose a photo").wait_for()
    page.close()


def test_a_slow_file_that_fails_says_nothing_of_the_next(loaded: Any) -> None:
    slow = {"name": "slow.png", "mimeType": "image/png", "buffer": b"no picture"}
    loaded.evaluate(
        """() => {
      const whole = window.createImageBitmap;
      window.createImageBitmap = (file) => (file.name !== "slow.png" ? whole(file)
        : new Promise((_, reject) => { window.fail = reject; }));
    }"""
    )
    drop(loaded, slow)
    drop(loaded, file(samples()[1]))
    loaded.get_by_text("The network says").wait_for()
    loaded.evaluate("window.fail(new Error('broken'))")
    loaded.evaluate("new Promise(setTimeout)")  # until all that waited for it has run
    assert answer(loaded).startswith("The network says")


def test_text_that_is_dropped_is_no_photo(loaded: Any) -> None:
    assert drop(loaded)
    assert answer(loaded).startswith("That was no file.")


def test_a_file_that_is_no_picture_is_named(loaded: Any) -> None:
    wrong = {"name": "essay.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    loaded.get_by_role("button", name="Show a test photo").click()
    loaded.get_by_text("The test set says").wait_for()
    loaded.locator("input[type=file]").set_input_files(wrong)
    loaded.get_by_text("essay.txt could not be read as a picture.").wait_for()
    blank = """() => [...document.querySelectorAll(".drop-photo canvas")].every((canvas) =>
      canvas.getContext("2d").getImageData(0, 0, 150, 150).data.every((value) => value === 0))"""
    assert loaded.evaluate(blank)
    assert loaded.locator(".drop-photo-where").inner_text() == ""
    loaded.get_by_role("button", name="Show a test photo").click()
    loaded.get_by_text("The test set says").wait_for()


def test_where_the_map_is_strongest_is_said_in_words(loaded: Any) -> None:
    script = """() => {
      const heat = new Float32Array(9 * 9).fill(-0.1);
      heat[9 * 1 + 7] = 2;
      heat[9 * 8 + 0] = -3;
      const { strongest } = courseDropPhoto;
      const none = new Float32Array(9 * 9);
      return [strongest(heat, 9, 1), strongest(heat, 9, -1), strongest(none, 9, 1)];
    }"""
    assert loaded.evaluate(script) == [[0, 2], [2, 0], None]
    loaded.get_by_role("button", name="Show a test photo").click()
    answer(loaded)
    said = loaded.locator(".drop-photo-where").inner_text()
    assert "for cat" in said
    assert "for dog" in said
    assert loaded.get_by_role("img", name=said).count() == 1


def test_all_of_it_works_with_the_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Choose a photo").wait_for()
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "Choose a photo"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Show a test photo"
    page.keyboard.press("Space")
    assert "The network says" in answer(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_the_phone_page_does_not_scroll_sideways(
    loaded: Any, theme: str
) -> None:
    loaded.get_by_role("button", name="Show a test photo").click()
    answer(loaded)
    assert_readable(loaded, theme)
