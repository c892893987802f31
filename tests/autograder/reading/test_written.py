import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from autograder.errors import BundleError
from autograder.reading import WrittenQuestion, answers, questions

JUDGE = WrittenQuestion("q3", "Judge it", 5.0, ((2.0, "names numbers"), (3.0, "gives a reason")))
REPORT = WrittenQuestion("q9", "Report", 4.0)


def markdown(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def part(heading: str, *written: str, end: bool = True) -> list[dict[str, object]]:
    cells = [markdown(f"<!-- BEGIN QUESTION -->\n\n## {heading}\n\nWrite.")]
    cells += map(markdown, written)
    return [*cells, markdown("<!-- END QUESTION -->")] if end else cells


def said(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [cell["source"] for cell in found if not cell["source"].startswith("<!--")]


def test_an_answer_is_found_by_its_heading_whatever_stands_around_it() -> None:
    cells = [
        markdown("before"),
        *part("12. Report", "R"),
        markdown("between"),
        *part("3. Judge it", "J"),
    ]
    found = answers({"cells": cells}, (JUDGE, REPORT))
    assert [(one.question, said(one.cells)) for one in found] == [(JUDGE, ["J"]), (REPORT, ["R"])]


def test_a_changed_heading_takes_the_question_left_over() -> None:
    found = answers({"cells": [*part("My thoughts", "J"), *part("Report", "R")]}, (JUDGE, REPORT))
    assert [(one.question, said(one.cells)) for one in found] == [(JUDGE, ["J"]), (REPORT, ["R"])]


def test_a_deleted_end_ends_at_the_next_part() -> None:
    cells = [*part("3. Judge it", "J", end=False), *part("Report", "R")]
    found = answers({"cells": cells}, (JUDGE, REPORT))
    assert [said(one.cells) for one in found] == [["J"], ["R"]]


def test_a_duplicated_part_is_shown_and_does_not_pass_for_another_question() -> None:
    cells = [*part("Judge it", "first"), *part("Judge it", "second")]
    found = answers({"cells": cells}, (JUDGE, REPORT))
    assert [(one.question, said(one.cells)) for one in found] == [
        (JUDGE, ["first"]),
        (REPORT, []),
        (None, ["second"]),
    ]


def test_a_deleted_part_is_an_answer_without_cells() -> None:
    assert [one.cells for one in answers({"cells": []}, (JUDGE,))] == [()]


def test_written_questions_are_read_from_the_zip_and_from_the_folder(tmp_path: Path) -> None:
    text = """
    [[questions]]
    name = "q1"
    title = "Count"
    points = 1
    [[questions]]
    name = "q3"
    title = "Judge it"
    points = 5
    manual = true
    rubric = [{ points = 2, for = "names numbers" }, { points = 3, for = "gives a reason" }]
    """
    (tmp_path / "exercise.toml").write_text(text)
    with ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.write(tmp_path / "exercise.toml", "exercise.toml")
    assert questions(tmp_path) == questions(tmp_path / "bundle.zip") == (JUDGE,)


def test_the_folder_that_otter_writes_stands_for_the_zip_in_it(tmp_path: Path) -> None:
    (tmp_path / "autograder").mkdir()
    with ZipFile(tmp_path / "autograder" / "hw-autograder_1.zip", "w") as archive:
        asked = 'name = "q3"\ntitle = "Judge it"\npoints = 5\nmanual = true'
        archive.writestr("exercise.toml", f"[[questions]]\n{asked}")
    assert [one.name for one in questions(tmp_path)] == ["q3"]


def test_an_assignment_of_somebody_else_has_no_written_questions_by_name(tmp_path: Path) -> None:
    assert questions(tmp_path) == ()


@pytest.mark.parametrize("content", ["[[questions]]\nmanual = true", "points ="])
def test_a_damaged_exercise_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "exercise.toml").write_text(content)
    with pytest.raises(BundleError, match="Make the bundle anew"):
        questions(tmp_path)


def test_a_missing_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read as a bundle"):
        questions(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# a", "a"),
        ("###  12) Judge it  ##  ", "Judge it"),
        ("## 3. Judge it\r", "Judge it"),
        ("#Report", "Report"),
        ("## 2026", "2026"),
        ("## 3.", "3."),
        ("####\n# Report", "Report"),
        ("text # a\n ## b", ""),
    ],
)
def test_the_title_of_a_part(heading: str, title: str) -> None:
    asked = WrittenQuestion("q1", "another", 1.0), WrittenQuestion("q2", title or "b", 1.0)
    found = answers({"cells": [markdown(f"<!-- BEGIN QUESTION -->\n{heading}")]}, asked)
    assert [one.question for one in found if one.cells] == [asked[1] if title else asked[0]]


@pytest.mark.parametrize("between", [" " * 20_000, "#" * 20_000, " #" * 20_000, "1." * 20_000])
def test_a_heading_takes_no_long_time(between: str) -> None:
    began = time.process_time()
    answers({"cells": [markdown(f"<!-- BEGIN QUESTION -->\n# a{between}b")]}, (JUDGE,))
    assert time.process_time() - began < 2
