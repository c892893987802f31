"""What a teacher gets wrong is named with exercise, cell and line, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import Command

from course.exercises import plan
from course.exercises.faults import ExerciseError

from .conftest import NAME, line_of

Edit = Callable[..., None]
Complaint = Callable[[], str]
SOLUTION = "    return numbers.sum() / numbers.size  # SOLUTION\n"


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("numbers.sum() /", "numbers.sum(( /", "numbers.sum((", "syntax error"),
        ("name: q1", "name: q9", "# BEGIN QUESTION", "question 'q9' is not in exercise.toml"),
        ("name: q1\n", "name: q1\npoints: [1, 2]\n", "# BEGIN QUESTION", "take `points` out"),
        ("name: q2\nmanual: true\npoints: 2", "manual: true\nname: q2\npoints: 3", "", "points: 3"),
        ("points: 1\n", "points: 0\n", "points: 0", "a number above 0"),
        ("points: 1\n", "point: 1\n", "point: 1", "unknown setting point"),
        ("hidden: true\n", "hidden: maybe\n", "hidden: maybe", "true or false"),
        ("The mean of other", 'The "mean" of other', "failure_message", 'no " and no'),
        ("is wrong. Does", "is \\n wrong. Does", "failure_message", "no \\"),
        ("## 1. ", "```{code-cell} python\n1 + 1\n```\n\n## 1. ", "1 + 1", "outside its markers"),
        (SOLUTION, SOLUTION.replace("  # SOL", "  # sol"), "# sol", "this is no marker"),
        (SOLUTION, "    # BEGIN SOLUTION\n" + SOLUTION, "    # BEGIN SOLUTION", "without # END"),
        (SOLUTION, SOLUTION.replace("  # SOLUTION", ""), "def mean", "`mean` stands outside"),
        ("_numbers(mean)", "_numbers(average)", "numbers(average)", "not handed over"),
        ("def test_two", "@staticmethod\ndef test_two", "def test_two", "takes no decorator"),
        ("```{raw-cell}\n# END TESTS\n```\n", "", "# END QUESTION", "open is tests"),
    ],
)
def test_a_fault_is_named_with_its_cell_and_line(
    root: Path, edit: Edit, complaint: Complaint, old: str, new: str, at: str, said: str
) -> None:
    edit(old, new)

    told = complaint()

    assert said in told
    line = line_of(root, at) if at else line_of(root, "manual: true") - 1
    assert f"{NAME}: master.md:{line} (cell " in told


def test_the_master_of_the_scaffold_has_no_fault(complaint: Complaint) -> None:
    assert complaint() == ""


def test_a_second_function_of_a_test_would_be_dropped(
    root: Path, edit: Edit, complaint: Complaint
) -> None:
    edit("def test_two_numbers", "def close(a, b):\n    return a == b\n\n\ndef test_two_numbers")

    told = complaint()

    assert "only a call of it may stand" in told
    assert f"master.md:{line_of(root, 'def test_two_numbers')} (cell 9)" in told


def test_two_tests_of_one_name_would_become_one(edit: Edit, complaint: Complaint) -> None:
    edit("test_hidden_numbers", "test_two_numbers")

    assert "q1 keeps 1 of 2 tests; rename functions" in complaint()


def test_points_that_do_not_add_up_are_named(root: Path, edit: Edit, complaint: Complaint) -> None:
    edit("points = 3", "points = 4", plan.FILE)

    told = complaint()

    assert "the tests of q1 give 3 points; exercise.toml plans 4" in told
    assert "(cell 9)" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("schema = 1\n", "schema = 1\nquestions = [1]\n", "write each question as a table"),
        ("[limits]\n", "held_back = 3\n[limits]\n", "write a table, .held_back."),
        (
            "[limits]\n",
            '[held_back]\nfolder = "my photos"\nshare = 1.2\nat_least = 0\n[limits]\n',
            "(?s)one name in small letters.*between 0 and 1.*files of each class",
        ),
        ("rubric = [\n", "rubric = 3\nother = [\n", "write each line of the rubric"),
        ("[limits]\nseconds = 60", "[limits]\nseconds = true", "a whole number above 0"),
    ],
)
def test_a_plan_with_another_kind_of_value_is_refused_with_what_to_write(
    root: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit(old, new, plan.FILE)
    if "questions = [1]" in new:
        path = root / plan.SOLUTIONS / NAME / plan.FILE
        path.write_text(path.read_text().split("[[questions]]")[0])
    with pytest.raises(ExerciseError, match=said):
        plan.read(root / plan.SOLUTIONS / NAME)


def test_a_marker_where_it_has_no_effect_is_named(
    root: Path, edit: Edit, complaint: Complaint
) -> None:
    edit("import numpy as np\n\nmeasured", "# BEGIN SOLUTION\nimport numpy as np\n\nmeasured")

    assert (
        f"master.md:{line_of(root, '# BEGIN SOLUTION')} (cell 2): a marker outside" in complaint()
    )


def test_an_answer_in_the_given_code_is_named(root: Path, edit: Edit, complaint: Complaint) -> None:
    edit("skiprows=1)\n", "skiprows=1)\nmean = np.mean\n")

    assert f"master.md:{line_of(root, 'mean = np.mean')} (cell 2): the answer `mean`" in complaint()


def test_a_solution_that_a_text_repeats_is_named(
    root: Path, edit: Edit, complaint: Complaint
) -> None:
    edit("points: 1\n", "points: 1\nsuccess_message: It is numbers.sum() / numbers.size here\n")
    edit("    return numbers.sum() / numbers.size", "    numbers.sum() / numbers.size")

    told = complaint()

    assert "this line of the solution stands in a student's file" in told
    assert f"master.md:{line_of(root, '# SOLUTION')} " in told


def test_a_hidden_test_that_a_public_one_repeats_is_named(
    edit: Edit, complaint: Complaint, root: Path
) -> None:
    edit("Fill in every", 'Look: `numbers = np.load("hidden.npz")["numbers"]`. Fill in every')
    # The author shows this on purpose, so it is no leak; a copy among the data is one.
    assert complaint() == ""
    data = root / plan.SOLUTIONS / NAME / "data" / "measured.csv"
    edit('Look: `numbers = np.load("hidden.npz")["numbers"]`. ', "")
    data.write_text(data.read_text() + 'numbers = np.load("hidden.npz")["numbers"]\n')
    assert "a line of a hidden test stands in a student's file" in complaint()


def test_a_generator_that_raises_is_named_with_its_line(
    root: Path, edit: Edit, complaint: Complaint
) -> None:
    edit("rng.normal(5, 2, 50)", "rng.normal(5, -2, 50)", "held_out.py")

    told = complaint()

    assert (
        f"{NAME}: held_out.py:{line_of(root, 'rng.normal', 'held_out.py')}: raised ValueErr" in told
    )


def test_held_out_rows_among_the_students_data_are_named(
    root: Path, edit: Edit, complaint: Complaint
) -> None:
    made = "np.savez(folder / 'hidden.npz', numbers=rng.normal(5, 2, (50, 2)))\n"
    edit('np.savez(folder / "hidden.npz", numbers=rng.normal(5, 2, 50))', made, "held_out.py")
    assert complaint() == ""
    edit(
        made,
        made + '    (folder / "copy.csv").write_text("a,b\\n3.1,2.9\\n7,8\\n")\n',
        "held_out.py",
    )
    data = root / plan.SOLUTIONS / NAME / "data" / "measured.csv"
    data.write_text("a,b\n3.1,2.90\n1,2\n")

    assert "1 held-out rows of copy.csv are among the students' data" in complaint()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"data/measured.csv"', '"data/gone.csv"', "there is no file data/gone.csv"),
        (
            '"data/measured.csv"',
            '"../t1-mean/../../pyproject.toml"',
            "in the folder of the exercise",
        ),
        ("schema = 1", "schema = 7", "write `schema = 1`"),
        ("seconds = 60", "seconds = 0", "a whole number above 0"),
        ("[limits]", "[limit]", "unknown key limit; limits?"),
        ('mean = "function"', 'mean = "module"', "mean is one of"),
        ("{ points = 1, for", "{ points = 2, for", "the rubric adds up to 4 points, not to 2"),
        ('title = "Say what it tells"', "title = 3", "title is missing"),
        ('"q2"', '"q1"', "there are two questions q1"),
        ("points = 3", "points = -3", "a number above 0"),
        ("points = 3", "points = ", "is no TOML"),
    ],
)
def test_a_fault_of_the_plan_is_named_with_its_line(
    root: Path, edit: Edit, complaint: Complaint, old: str, new: str, said: str
) -> None:
    edit(old, new, plan.FILE)

    told = complaint()

    assert said in told
    assert f"{NAME}: exercise.toml:" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "numbers.sum() / numbers.size",
            "numbers.total()",
            "fails this public test: AttributeError",
        ),
        ('"data/measured.csv"', '"data/gone.csv"', "raises FileNotFoundError: data/gone.csv"),
        pytest.param(
            "numbers.sum() / numbers.size",
            "numbers.max()",
            "fails this public test: AssertionError",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            'np.load("hidden.npz")',
            'np.load("gone.npz")',
            "fails this hidden test: FileNotFound",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            'assert callable(mean), "mean is',
            'return  # assert callable(mean), "mean is',
            "the blank notebook passes this test and gets 1 points",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_shows_only_when_the_notebook_runs_is_named_and_nothing_is_written(
    root: Path, edit: Edit, course: Command, old: str, new: str, said: str
) -> None:
    edit(old, new)

    result = course("exercises")

    assert result.status == 1
    assert said in result.err
    assert f"{NAME}: master.md:" in result.err
    assert "(cell " in result.err
    assert not (root / "exercises").exists()
    assert not (root / "_build").exists()
