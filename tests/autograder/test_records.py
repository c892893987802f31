from autograder.records import Case, Grade, Question


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
