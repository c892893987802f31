import json

import pytest
from otter.run.run_autograder.autograder_config import AutograderConfig
from otter.test_files import GradingResults, abstract_test
from otter.test_files.exception_test import ExceptionTestFile

from autograder.records import Case, Grade, Question, Scale
from autograder.reports.pages import student_page


def test_a_grade_survives_the_way_through_json() -> None:
    case = Case("q1 - 1", None, True, 2.0, "Look at the shape.", "AssertionError: (3,) ≠ (4,)")
    question = Question("q1", 0.5, 2.0, (case,), reason="a Lambda layer", values={"x": "3"})
    grade = Grade(
        "ü.ipynb",
        "Ü",
        "needs a teacher",
        (question,),
        "",
        1.5,
        ("slow",),
        {"sandbox": "bubblewrap"},
    )
    assert Grade.from_json(grade.to_json()) == grade
    assert (grade.score, grade.possible) == (0.5, 2.0)


@pytest.mark.parametrize("points", [None, 0, 5, 100, 12.5])
@pytest.mark.parametrize("threshold", [None, 0, 0.5, 0.75, 1])
@pytest.mark.parametrize("passed", [(), (True, True), (True, False), (False, False)])
def test_points_of_the_whole_are_otters(
    points: float | None, threshold: float | None, passed: tuple[bool, ...]
) -> None:
    files = [ExceptionTestFile(f"q{n}", "", [], False) for n, _ in enumerate(passed)]
    questions = []
    for (file, right), worth in zip(zip(files, passed, strict=True), (3, 1), strict=False):
        file.test_cases = [abstract_test.TestCase("case", None, False, worth, None, None)]
        file.test_case_results = [abstract_test.TestCaseResult(file.test_cases[0], "", right)]
        questions.append(Question(file.name, float(file.score), float(file.possible)))
    results = GradingResults(files)
    config = AutograderConfig({"points_possible": points, "score_threshold": threshold})
    expected = results.to_gradescope_dict(config).get("score", results.total)
    scale = None if points is threshold is None else Scale(points, threshold)
    grade = Grade("a.ipynb", "", "graded", tuple(questions), scale=scale)
    assert grade.score == expected
    assert grade.possible == (points or results.possible)
    assert Grade.from_json(grade.to_json()) == grade
    assert json.loads(grade.to_json())["score"] == expected


def test_written_answers_are_added_to_the_points_of_the_whole() -> None:
    questions = (Question("q1", 1, 2), Question("q2", 0, 3, manual=True))
    grade = Grade("a.ipynb", "", "graded", questions, scale=Scale(10, None))
    assert (grade.score, grade.possible) == (5, 13)


def test_a_threshold_waits_for_a_teacher() -> None:
    case = Case("q2 - 1", None, False, 1, "")
    questions = (Question("q1", 1, 2), Question("q2", 0, 2, (case,)))
    grade = Grade("a.ipynb", "", "needs a teacher", questions, scale=Scale(10, 0.5))
    assert (grade.score, grade.possible) == (0, 10)
    assert "1 of 4 points. From 50 %" in grade.scaled
    assert "has to decide on some of them first" in grade.scaled
    assert "has to decide on some of them first" in student_page(grade, "title")
