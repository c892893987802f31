import time
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reading import Answer, WrittenQuestion, page
from autograder.reading.cells import CELL, PAGE, PASTED
from tests.autograder.intake.mutated import json_values

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


def quick(*cells: dict[str, Any]) -> str:
    """The page, which is there in a few seconds of the processor's."""
    began = time.process_time()
    text = made(*cells)
    assert time.process_time() - began < 20
    return text


TABLE = f"|{'a|' * 1000}\n|{'-|' * 1000}\n" + "a\n" * 2000


@pytest.mark.parametrize(
    "source",
    ["[a]: b\n" * 2000, "[a]: b\n" * 20_000, "[a]: b\r" * 2000, "> [a]: b\n" * 1500, TABLE],
    ids=["references", "many", "returns", "quoted", "table"],
)
def test_a_cell_that_takes_long_to_lay_out_is_plain_text(source: str) -> None:
    text = quick(markdown(source))
    assert "This cell, or what stands before it, is too long to be laid out." in text
    assert source in text or "&gt;" in text


@pytest.mark.parametrize(
    "unit",
    ["> ", "[", "![", "![a][", "[a](", "*a ", "**a **b", "_*", "`", "`[", "- ", "- a\n", "<", "&",
     "|a|\n|-|\n", "\\", "a\n", "# ", "~~a ", "~~~\n", '"'],
)  # fmt: skip
def test_as_much_as_is_laid_out_takes_no_long_time(unit: str) -> None:
    source = unit * (CELL // len(unit) // 2)
    quick(markdown(source), markdown(source))


@pytest.mark.attacks
def test_a_page_has_a_bound_as_well() -> None:
    text = quick(*[code("'" + r"\N{" * 6000 + "!"), markdown("a " * 9000)] * 30)
    assert text.count('class="highlight"') + text.count("<p>a a") == PAGE // 18_000
    assert text.count("is too long to be laid out.") == 120 - PAGE // 18_000


def test_a_long_honest_cell_is_laid_out() -> None:
    table = "|a|b|c|\n|-|-|-|\n" + "|1|2|3|\n" * 300
    notes = "".join(f"[{n}]: https://example.org/{n}\n" for n in range(30))
    text = made(markdown("A *long* text. " * 1000), markdown(table), markdown(f"[x][1]\n\n{notes}"))
    assert "too long" not in text
    assert text.count("<td>1</td>") == 600
    assert 'href="https://example.org/1"' in text


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"image/png": " " * 400_000 + "!"}},
        {"output_type": "display_data", "data": {"image/png": "=" * 400_000 + "!"}},
        {"output_type": "stream", "text": "\x1b[0" * 200_000},
        {"output_type": "stream", "text": "\x1b[" + "0;" * 400_000},
    ],
    ids=["blanks", "signs", "colours", "colour"],
)
def test_no_output_takes_long(output: dict[str, object]) -> None:
    quick(code("1", output))


def test_blanks_in_an_answer_take_no_long_time() -> None:
    quick(markdown("## Judge"), markdown(" " * 400_000 + "x" + " " * 400_000))


def test_a_pasted_picture_is_not_shown_a_thousand_times() -> None:
    data = "A" * (PASTED // 11)
    cell = {**markdown("![x](attachment:a) " * 1000), "attachments": {"a": {"image/png": data}}}
    text = quick(cell)
    assert text.count("<img") == 10
    assert text.count("[picture: x]") == 1990


kinds = st.sampled_from(("stream", "display_data", "execute_result", "error")) | json_values
texts = st.lists(st.text(max_size=8), max_size=3) | json_values
held = st.dictionaries(
    st.sampled_from(("image/png", "image/jpeg", "text/plain", "text/html")), texts, max_size=3
)
outputs = json_values | st.fixed_dictionaries(
    {"output_type": kinds},
    optional={
        "text": texts,
        "data": held | json_values,
        "traceback": texts,
        "name": json_values,
        "ename": json_values,
        "metadata": json_values,
    },
)
sources = st.text(max_size=40) | st.just("![x](attachment:a)") | texts
mutants = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(("code", "markdown", "raw")) | json_values, "source": sources},
    optional={
        "outputs": st.lists(outputs, max_size=3) | json_values,
        "attachments": st.dictionaries(st.just("a"), held | json_values) | json_values,
        "metadata": json_values,
    },
)


@settings(max_examples=300)
@given(st.lists(mutants, max_size=4))
def test_whatever_a_cell_holds_there_is_a_page(cells: list[dict[str, Any]]) -> None:
    assert "</main>" in made(*cells)


@pytest.mark.parametrize("traceback", [5, True, {"a": 1}, "text", [5, ["a", 1]], None])
def test_a_traceback_that_is_none(traceback: object) -> None:
    assert "</main>" in made(code("1", {"output_type": "error", "traceback": traceback}))
