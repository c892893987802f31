from html.parser import HTMLParser

from autograder.reading import Answer, WrittenQuestion, page

QUESTION = WrittenQuestion("q3", "Judge <it>", 5.0, ((5.0, "gives a reason & a number"),))
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://elsewhere.invalid/seen.png)",
    "[x](javascript:alert(1))",
    "</main></html><iframe src=//elsewhere.invalid></iframe>",
    '![" onload="x](attachment:a.png)',
]
DATA = {
    "text/html": "<script>alert(1)</script>",
    "image/svg+xml": "<svg onload='alert(1)'/>",
    "image/png": '" onerror="alert(1)',
    "application/javascript": "alert(1)",
    "text/plain": "<b>plain</b>",
}


class Elements(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def markdown(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(text: str, *outputs: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": list(outputs)}


def made(*cells: dict[str, object]) -> str:
    return page("a.ipynb", "Ada", {"cells": list(cells)}, (Answer(QUESTION, cells),))


def test_nothing_of_a_notebook_becomes_markup() -> None:
    cells = [markdown(text) for text in HOSTILE]
    cells += [code(text, {"output_type": "stream", "text": text}) for text in HOSTILE]
    cells.append(code("1", {"output_type": "display_data", "data": DATA}))
    cells.append(code("1", {"output_type": "error", "traceback": HOSTILE}))
    found = Elements(made(*cells)).found
    assert not {tag for tag, _ in found} & {"script", "iframe", "svg", "object", "form", "link"}
    for tag, attributes in found:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert tag != "img" or str(attributes["src"]).startswith("data:image/")
        assert "javascript:" not in str(attributes.get("href"))


def test_the_policy_of_the_page_lets_nothing_run_and_nothing_be_fetched() -> None:
    found = Elements(made(markdown("x"))).found
    (policy,) = [at["content"] for tag, at in found if at.get("http-equiv")]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_pictures_of_the_notebook_are_shown_where_they_stand() -> None:
    pasted = {
        **markdown("![a cat](attachment:cat.png)"),
        "attachments": {"cat.png": {"image/png": "iVBO"}},
    }
    plotted = code(
        "plot", {"output_type": "display_data", "data": {"image/jpeg": ["/9j/\n", "4AAQ"]}}
    )
    images = [at for tag, at in Elements(made(pasted, plotted)).found if tag == "img"]
    assert {(at["src"], at["alt"]) for at in images} == {
        ("data:image/png;base64,iVBO", "a cat"),
        ("data:image/jpeg;base64,/9j/4AAQ", "output of the cell above"),
    }


def test_question_points_and_rubric_stand_beside_the_answer() -> None:
    text = made(markdown("## Judge"), markdown("It is *good*."))
    for expected in (
        "Judge &lt;it&gt; (5 points)",
        "<em>good</em>",
        "gives a reason &amp; a number",
    ):
        assert expected in text


def test_an_untouched_answer_and_a_deleted_one_are_told_apart() -> None:
    blank = made(
        markdown("## Judge"), markdown("_Type your answer here, replacing this text._"), code("...")
    )
    assert "Nothing was written here." in blank
    assert "Nothing was written here." not in made(markdown("## Judge"), markdown("Good."))
    assert "its cells were deleted" in page("a.ipynb", "", {"cells": []}, (Answer(QUESTION),))


def test_what_is_not_of_the_format_is_left_out() -> None:
    odd: dict[str, object] = {
        "cell_type": "code",
        "source": ["a", 3],
        "outputs": ["x", {"data": 1}],
    }
    assert "<main>" in made(odd, {"cell_type": 7, "source": None}, markdown("end"))


def test_a_million_printed_lines_do_not_make_the_page_unreadable() -> None:
    text = made(code("p", {"output_type": "stream", "text": "line\n" * 1_000_000}))
    assert len(text) < 200_000
    assert "characters are left out" in text
