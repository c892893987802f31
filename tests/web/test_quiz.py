"""The questions at the end of a chapter, in a real browser and from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from quiz_site import WEB, Site

pytestmark = pytest.mark.browser

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 375, "height": 740}
SINGLE, MULTIPLE, NUMERIC = 0, 1, 2
QUIZ = """\
- question: What comes `out`?
  answers:
    - wrong: |
        Nothing at all, although this answer is so long that it fills two lines on a phone
      because: Something *always* does.
    - right: |
        All of `x`
      because: Look at `x`.
    - wrong: Half of it
      because: |
        Not half:

        - all of it.
- question: Which of these learn?
  kind: multiple
  answers:
    - right: Dense layers
      because: They have weights.
    - wrong: Pooling layers
      because: They have none.
    - right: Filters
      because: They have weights, too.
- question: How many?
  kind: numeric
  answers:
    - right: 1400
      because: Count them.
    - wrong: 0.5
      because: That is a half.
    - wrong: -3
      because: That is negative.
  otherwise: Think of the bias.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with a quiz that looks as on the site."""
    site = Site(tmp_path_factory.mktemp("quiz") / "site", look=True)
    site.write("page", QUIZ)
    assert site.build() == ""
    return (site.root / "_build" / "html" / "book" / "page.html").as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page, freshly opened; a script error or a request to another host fails the test."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith("file:") else errors.append(asked.url),
    )
    page.goto(address)
    yield page
    page.close()
    assert errors == []


def question(page: Any, number: int) -> Any:
    return page.locator(".quiz-question").nth(number)


def check(page: Any, number: int) -> str:
    """Press the button of a question; what is said then."""
    question(page, number).get_by_role("button").click()
    return said(page, number)


def said(page: Any, number: int) -> str:
    return str(question(page, number).get_by_role("status").inner_text())


def choose(page: Any, number: int, *letters: str) -> None:
    for letter in letters:
        question(page, number).locator("label", has_text=f"{letter}) ").click()


def focused(page: Any) -> str:
    """The name of what has the focus."""
    return str(
        page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.labels?.[0] ?? at).textContent.trim(); }"
        )
    )


def test_a_wrong_answer_is_explained_and_another_try_finds_the_right_one(page: Any) -> None:
    assert said(page, SINGLE) == ""
    choose(page, SINGLE, "a")
    assert said(page, SINGLE) == ""
    assert check(page, SINGLE) == "a is not right. Something always does."
    choose(page, SINGLE, "b")
    assert check(page, SINGLE) == "b is right. Look at x."
    tried = (
        question(page, SINGLE)
        .locator("label")
        .evaluate_all("labels => labels.map(label => label.classList.value)")
    )
    assert tried == ["quiz-answer is-wrong", "quiz-answer is-right", "quiz-answer"]


def test_without_an_answer_the_button_says_what_is_missing(page: Any) -> None:
    assert check(page, SINGLE) == "Choose an answer first."
    assert check(page, MULTIPLE) == "Tick at least one answer first."
    assert check(page, NUMERIC) == "Type a number first, in digits."
    choose(page, SINGLE, "a")
    check(page, SINGLE)
    assert question(page, MULTIPLE).get_by_role("status").get_attribute("class") == "quiz-verdict"


def test_of_several_answers_each_ticked_one_is_explained_and_missing_ones_are_counted(
    page: Any,
) -> None:
    choose(page, MULTIPLE, "b")
    assert check(page, MULTIPLE).split("\n\n") == [
        "b is not right. They have none.",
        "2 other answers are right as well.",
    ]
    choose(page, MULTIPLE, "a", "c")
    assert check(page, MULTIPLE).split("\n\n") == [
        "a is right. They have weights.",
        "b is not right. They have none.",
        "c is right. They have weights, too.",
        "You have found all that are right.",
    ]
    verdict = question(page, MULTIPLE).get_by_role("status")
    assert "is-wrong" in verdict.get_attribute("class")
    choose(page, MULTIPLE, "b", "c")
    assert check(page, MULTIPLE).endswith("Another answer is right as well.")
    assert "is-wrong" in verdict.get_attribute("class")
    choose(page, MULTIPLE, "c")
    assert check(page, MULTIPLE).endswith("You have found all that are right.")
    assert "is-right" in verdict.get_attribute("class")
    unticked = question(page, MULTIPLE).locator("label").nth(1)
    assert unticked.get_attribute("class") == "quiz-answer"


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("1400", "1,400 is right. Count them."),
        ("1,400", "1,400 is right. Count them."),
        ("1 400", "1,400 is right. Count them."),
        ("1400.0", "1,400 is right. Count them."),
        ("1.4", "1.4 is not right. Think of the bias."),
        ("0.5", "0.5 is not right. That is a half."),
        ("0,5", "0.5 is not right. That is a half."),
        (".5", "0.5 is not right. That is a half."),
        ("−3", "-3 is not right. That is negative."),
        ("14", "14 is not right. Think of the bias."),
        ("many", "Type a number first, in digits."),
        ("1e3", "Type a number first, in digits."),
        ("<b>", "Type a number first, in digits."),
    ],
)
def test_a_number_is_read_as_people_write_it(page: Any, typed: str, verdict: str) -> None:
    question(page, NUMERIC).get_by_role("textbox").fill(typed)
    assert check(page, NUMERIC) == verdict


def test_a_number_that_was_checked_loses_its_mark_when_it_changes(page: Any) -> None:
    field = question(page, NUMERIC).get_by_role("textbox")
    field.fill("1400")
    field.press("Enter")
    assert field.get_attribute("class") == "is-right"
    field.press("5")
    assert field.get_attribute("class") == ""


def test_the_keyboard_alone_reaches_chooses_checks_and_unfolds(page: Any) -> None:
    page.locator("h1").click()
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page).startswith("a) Nothing"):
            break
    row = question(page, SINGLE).locator("label").first
    outline = "box => getComputedStyle(box).outlineStyle + getComputedStyle(box).outlineWidth"
    assert row.evaluate(outline) == "solid3px"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert focused(page) == "Check question 1"
    assert question(page, SINGLE).get_by_role("button").evaluate(outline) == "solid3px"
    page.keyboard.press("Enter")
    assert said(page, SINGLE).startswith("a is not right.")
    assert focused(page) == "Check question 1"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert said(page, SINGLE).startswith("b is right.")
    assert focused(page) == "b) All of x"
    for _ in range(2):
        page.keyboard.press("Tab")
    assert focused(page) == "Answers to question 1, explained"
    page.keyboard.press("Enter")
    assert question(page, SINGLE).locator(".quiz-because").nth(2).is_visible()
    for name in ("a) Dense layers", "b) Pooling layers", "c) Filters", "Check question 2"):
        page.keyboard.press("Tab")
        assert focused(page) == name
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "Your number"
    page.keyboard.type("1400")
    page.keyboard.press("Enter")
    assert said(page, NUMERIC) == "1,400 is right. Count them."


def test_a_screen_reader_meets_groups_answers_buttons_and_what_is_said(page: Any) -> None:
    first = page.get_by_role("group", name="1. What comes out?")
    names = ("a) Nothing at all, although", "b) All of x", "c) Half of it")
    for name in names:
        assert first.get_by_role("radio", name=name).count() == 1
    assert first.get_by_role("button", name="Check question 1", exact=True).count() == 1
    second = page.get_by_role("group", name="2. Which of these learn?")
    assert second.get_by_role("checkbox").count() == 3
    third = page.get_by_role("group", name="3. How many?")
    assert third.get_by_role("textbox", name="Your number", exact=True).count() == 1
    choose(page, SINGLE, "c")
    check(page, SINGLE)
    snapshot = first.aria_snapshot()
    assert '- radio "c) Half of it" [checked]' in snapshot
    spoken = snapshot[snapshot.index("- status:") :]
    assert "c is not right." in spoken
    assert "all of it." in spoken
    # The marks are for the eye: words say the same.
    assert "✗" not in snapshot


def test_without_javascript_the_explanations_can_be_unfolded(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not question(page, SINGLE).locator("button").is_visible()
    because = question(page, SINGLE).locator(".quiz-because")
    assert not because.first.is_visible()
    question(page, SINGLE).locator("summary").click()
    assert because.all_inner_texts() == [
        "a is not right. Something always does.",
        "b is right. Look at x.",
        "c is not right. Not half:\n\nall of it.",
    ]
    assert because.first.is_visible()
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=str)
def test_nothing_scrolls_sideways_and_every_row_is_large_enough_for_a_finger(
    browser: Any, address: str, viewport: dict[str, int]
) -> None:
    page = browser.new_page(viewport=viewport)
    page.goto(address)
    everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    targets = page.locator(
        ".quiz :is(label.quiz-answer, button, summary, label > input[type=text])"
    )
    for box in targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"):
        assert box["height"] >= 24
    for part in page.locator(".quiz *").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().toJSON())"
    ):
        assert part["right"] <= viewport["width"]
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not fetched; `make test-all` fetches it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("checked", [False, True])
def test_axe_finds_no_fault_in_a_quiz(
    browser: Any, address: str, scheme: Any, checked: bool
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)
    assert page.locator("html").get_attribute("data-theme") == scheme
    if checked:
        everything(page)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run('.quiz', {preload: false}).then(result => result.violations)")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    page.close()


def everything(page: Any) -> None:
    """Bring a quiz into a state in which all that it can show is seen."""
    choose(page, SINGLE, "a")
    check(page, SINGLE)
    choose(page, SINGLE, "b")
    check(page, SINGLE)
    choose(page, MULTIPLE, "a", "b")
    check(page, MULTIPLE)
    question(page, NUMERIC).get_by_role("textbox").fill("7")
    check(page, NUMERIC)
    for summary in page.locator(".quiz summary").all():
        summary.click()


def test_the_script_needs_no_other_file() -> None:
    text = (WEB / "static" / "quiz.js").read_text(encoding="utf-8")
    for word in ("fetch(", "import ", "XMLHttpRequest", "innerHTML", "eval(", "http"):
        assert word not in text
    assert Path(WEB / "static" / "quiz.css").read_text(encoding="utf-8").count("url(") == 0
