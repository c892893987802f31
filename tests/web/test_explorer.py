"""The explorer of chapter 2, in a real browser and from a folder, against NumPy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "web" / "static"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page that holds nothing but the chapter's own block of HTML, laid out as on the site."""
    text = (ROOT / "book" / "02-convolution.md").read_text(encoding="utf-8")
    block = re.search(r"<link [^>]*explorer\.css.*?</script>", text, re.DOTALL)
    assert block, "book/02-convolution.md embeds no explorer"
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(STATIC, folder / "_static")
    (folder / "book").mkdir()
    page = folder / "book" / "page.html"
    page.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorer</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>'
        f"<h1>Convolution</h1><h2>Try it</h2>{block[0]}</main></body></html>",
        encoding="utf-8",
    )
    return page.as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The explorer, freshly opened; a script error fails the test."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(address)
    yield page
    page.close()
    assert errors == []


def choose(page: Any, **settings: str | int) -> None:
    """Set select boxes by their visible names: `choose(page, Filter="blur", Padding=1)`."""
    for name, value in settings.items():
        page.get_by_role("combobox", name=name.replace("_", " "), exact=True).select_option(
            str(value)
        )


def numbers(page: Any, grid: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The exact values behind the squares of a grid, padding left out."""
    rows = page.get_by_role("grid", name=grid).evaluate(
        "grid => [...grid.children].map(row => [...row.children]"
        ".filter(cell => !cell.classList.contains('is-padding'))"
        ".map(cell => Number(cell.dataset.value))).filter(row => row.length)"
    )
    return np.array(rows, dtype=float)


def write_weights(page: Any, weights: np.ndarray[Any, Any]) -> None:
    for (row, column), weight in np.ndenumerate(weights):
        page.get_by_label(f"weight in row {row + 1}, column {column + 1}").fill(str(weight))


def expected(
    picture: np.ndarray[Any, Any],
    weights: np.ndarray[Any, Any],
    padding: int = 0,
    stride: int = 1,
    dilation: int = 1,
) -> np.ndarray[Any, Any]:
    """Cross-correlation by NumPy's own sliding windows."""
    spread = np.zeros([dilation * (side - 1) + 1 for side in weights.shape])
    spread[::dilation, ::dilation] = weights
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(picture, padding), spread.shape)
    return np.asarray((windows[::stride, ::stride] * spread).sum(axis=(2, 3)))


def test_it_opens_with_the_worked_example_of_the_chapter(page: Any) -> None:
    assert numbers(page, "Output").tolist() == [[3, 6], [0, 2]]


@pytest.mark.parametrize(
    ("size", "padding", "stride", "dilation"),
    [
        (3, 0, 1, 1),
        (3, 1, 1, 1),
        (3, 2, 2, 1),
        (3, 2, 1, 2),
        (3, 4, 3, 3),
        (5, 0, 1, 1),
        (5, 4, 2, 2),
    ],
)
def test_random_weights_give_the_numbers_that_numpy_gives(
    page: Any, size: int, padding: int, stride: int, dilation: int
) -> None:
    weights = np.random.default_rng(size + dilation).normal(size=(size, size)).round(2)
    choose(page, Picture="digit", Filter_size=size, Padding=padding)
    choose(page, Stride=stride, Dilation=dilation)
    write_weights(page, weights)
    page.get_by_label("Bias").fill("-1.5")
    picture = numbers(page, "Input")
    assert picture.shape == (10, 10)
    truth = expected(picture, weights, padding, stride, dilation) - 1.5
    np.testing.assert_allclose(numbers(page, "Output"), truth, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("blur", np.full((3, 3), 1 / 9)),
        ("blur5", np.full((5, 5), 1 / 25)),
        ("sobelX", np.outer([1, 2, 1], [-1, 0, 1])),
        ("sobelY", np.outer([-1, 0, 1], [1, 2, 1])),
    ],
)
def test_a_ready_made_filter_has_its_textbook_weights(
    page: Any, name: str, weights: np.ndarray[Any, Any]
) -> None:
    choose(page, Picture="digit", Filter=name)
    truth = expected(numbers(page, "Input"), weights)
    np.testing.assert_allclose(numbers(page, "Output"), truth, rtol=0, atol=1e-9)


def test_turning_the_filter_makes_the_mathematicians_convolution(page: Any) -> None:
    choose(page, Picture="dot")
    page.get_by_role("button", name="Turn the filter").click()
    weights = np.array([[1, 0, -1], [2, 1, 0], [0, -1, 1]])
    assert numbers(page, "Output")[1:4, 1:4].tolist() == (9 * weights).tolist()


def test_the_products_of_a_position_are_shown_and_add_up(page: Any) -> None:
    choose(page, Picture="digit", Filter="sobelX", Padding=1)
    for _ in range(13):
        page.get_by_role("button", name="Next").click()
    cells = page.locator("#convolution-explorer td").all_inner_texts()
    assert len(cells) == 9
    total = 0.0
    for cell in cells:
        value, weight, product = map(float, re.findall(r"-?\d+(?:\.\d+)?", cell.replace("−", "-")))
        assert product == pytest.approx(value * weight)
        total += product
    assert total == numbers(page, "Output")[1, 3]
    words = f"At row 2, column 4 the 9 products add up to {total:g}".replace("-", "−")
    assert words in page.locator(".explorer-sum").inner_text()


def test_the_picture_can_be_drawn_with_the_keyboard_alone(page: Any) -> None:
    choose(page, Picture="blank", Filter="same")
    page.get_by_role("gridcell", name="row 1, column 1: 0, under the window").focus()
    for key in ("ArrowRight", "ArrowDown", "7", "ArrowDown", "Space"):
        page.keyboard.press(key)
    drawn = np.zeros((8, 8))
    drawn[1, 1], drawn[2, 1] = 7, 9
    assert numbers(page, "Input").tolist() == drawn.tolist()
    assert numbers(page, "Output").tolist() == drawn[1:7, 1:7].tolist()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "row 3, column 2: 9"
    )


def test_a_drag_of_the_mouse_draws_a_line_and_a_click_rubs_out(page: Any) -> None:
    choose(page, Picture="blank")
    cells = page.get_by_role("grid", name="Input").get_by_role("gridcell")
    cells.nth(0).hover()
    page.mouse.down()
    cells.nth(1).hover()
    cells.nth(2).hover()
    page.mouse.up()
    assert numbers(page, "Input")[0].tolist() == [9, 9, 9, 0, 0, 0, 0, 0]
    cells.nth(1).click()
    assert numbers(page, "Input")[0].tolist() == [9, 0, 9, 0, 0, 0, 0, 0]


def test_a_tap_of_a_finger_draws_one_square(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(address)
    choose(page, Picture="blank")
    page.get_by_role("grid", name="Input").get_by_role("gridcell").nth(3).tap()
    assert numbers(page, "Input")[0].tolist() == [0, 0, 0, 9, 0, 0, 0, 0]
    context.close()


def test_arrow_keys_walk_through_the_output(page: Any) -> None:
    page.get_by_role("grid", name="Output").get_by_role("gridcell").nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # there is nothing further right
    assert page.locator(".explorer-sum").inner_text().startswith("At row 2, column 2 ")


def test_a_filter_that_does_not_fit_is_explained_and_can_be_mended(page: Any) -> None:
    choose(page, Dilation=3)
    assert "does not fit" in page.locator(".explorer-size").inner_text()
    assert page.get_by_role("grid", name="Output").count() == 0
    choose(page, Padding=2)
    assert numbers(page, "Output").shape == (2, 2)


def test_an_emptied_weight_keeps_its_last_number(page: Any) -> None:
    field = page.get_by_label("weight in row 1, column 1")
    field.fill("")
    field.blur()
    assert field.input_value() == "1"
    assert numbers(page, "Output").tolist() == [[3, 6], [0, 2]]


def test_nothing_scrolls_sideways_on_a_phone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(address)
    choose(page, Picture="digit", Filter="blur5", Padding=4)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


def test_without_javascript_the_page_says_what_is_missing(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert "needs JavaScript" in page.locator("#convolution-explorer").inner_text()
    context.close()


def test_it_asks_for_nothing_but_its_own_two_files(browser: Any, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    choose(page, Picture="digit", Filter="emboss")
    assert sorted(Path(url).name for url in asked) == ["explorer.css", "explorer.js", "page.html"]
    assert all(url.startswith("file:") for url in asked)
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not fetched; `make site` fetches it")
@pytest.mark.parametrize("picture", ["worked", "digit"])
def test_axe_finds_no_fault(page: Any, picture: str) -> None:
    choose(page, Picture=picture, Filter="sobelX")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({preload: false}).then(result => result.violations)")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
