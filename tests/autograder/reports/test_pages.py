"""The pages of students and teachers, as text."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import OTHER_FILE, Case, Grade, Question, Status
from autograder.reports import page_name, student_page, summary_page, teacher_page
from autograder.reports.statistics import summary

SECRET = "hidden input 90210"
EVIL = "<script>alert(1)</script><img src=//evil.example onerror=alert(1)>\"'&{{7*7}}"


MEMORY = "The notebook was ended: it ran into its limit over q1 secret name."


def grade(name: str = "hw.ipynb", status: Status = "graded", **more: object) -> Grade:
    cases = (
        Case("q1 - 1", True, False, 1, "Well done.", ""),
        Case("q1 - 2", False, False, 1, "Look at the shape.", "AssertionError (3,)"),
        Case("q1 secret name", False, True, 1, "", SECRET),
        Case("q1 - 4", None, True, 1, "", SECRET),
    )
    questions = (Question("q1", 1, 4, cases), Question("q2", 0, 2, (), manual=True))
    values = {
        "questions": questions,
        "seconds": 2.5,
        "warnings": ("cell 3: TimeLimit: 60 s", MEMORY),
    }
    return Grade(name, "Ada", status, **{**values, **more})  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Counts elements, and collects attributes that load or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.active: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.active += [k for k, _ in attrs if k.startswith("on") or k in ("src", "srcset")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_student_sees_points_messages_and_what_to_do_next() -> None:
    text = Tags(student_page(grade(), "Photos")).text
    for shown in (
        "1 of 4 points so far; 2 points for written answers are still to be marked",
        "q2: 2 points, still to be marked",
        "q1: 1 of 4 points",
        "Look at the shape.",
        'grader.check("q1")',
        "Hidden test 3",
        "not shown",
        "Your teacher reads this answer",
    ):
        assert shown in text


def test_the_summary_says_that_written_answers_are_still_to_be_marked() -> None:
    text = Tags(summary_page([grade()], "Photos")).text
    said = "of 4 points so far; 2 points for written answers are still to be marked."
    assert said in text
    assert "so far" not in summary_page([grade(questions=(Question("q1", 1, 4),))], "Photos")


def test_a_student_sees_nothing_of_a_hidden_test_but_the_authors_message() -> None:
    page = student_page(grade(), "Photos")
    assert SECRET not in page
    assert "secret name" not in page
    assert "AssertionError" not in page
    assert "ran into its limit" not in page


def test_a_student_sees_which_cells_ended_in_an_error_and_no_other_warning() -> None:
    text = Tags(student_page(grade(), "Photos")).text
    assert "cell 3: TimeLimit" in text
    lost = "cell 0: WireError: it ended"
    assert "ended in an error" not in student_page(grade(warnings=(lost, MEMORY)), "Photos")


def test_a_student_sees_no_time_that_could_tell_what_a_hidden_test_asked() -> None:
    quick, slow = grade(seconds=2.5), grade(seconds=99.5)
    assert student_page(quick, "Photos") == student_page(slow, "Photos")
    assert "second" not in student_page(slow, "Photos")


def test_the_teacher_sees_what_each_test_saw_the_warnings_and_the_time() -> None:
    page = teacher_page(grade(provenance={"seed": "42"}), "Photos")
    told = (SECRET, "secret name", "AssertionError (3,)", "ran into its limit", "42", "2.5 seconds")
    for shown in told:
        assert shown in page


def test_a_grade_without_a_sandbox_is_shown_as_one_to_everybody() -> None:
    loose = grade(provenance={"sandbox": "none"})
    for page in (student_page(loose, "P"), teacher_page(loose, "P"), summary_page([loose], "P")):
        assert re.search(r'class="alarm" role="alert">[^<]*without a sandbox', page)
    assert "without a sandbox" not in student_page(grade(provenance={"sandbox": "bwrap"}), "P")


@pytest.mark.parametrize("status", ["rejected", "failed", "needs a teacher"])
def test_a_student_whose_work_is_not_graded_learns_why(status: Status) -> None:
    page = student_page(grade(status=status, questions=(), reason="Hand in one."), "P")
    assert "Hand in one." in page


def evil(text: str) -> Grade:
    case = Case(text, False, False, 1, text, text)
    question = Question(text, 0, 1, (case,), reason=text)
    # The keys of the provenance are the grader's own; what stands under them may be anything.
    return Grade(text, text, "failed", (question,), text, 1, (text,), {"seed": text})


@given(st.text(min_size=1) | st.just(EVIL))
def test_nothing_of_a_students_text_becomes_markup(text: str) -> None:
    for make in (student_page, teacher_page):
        found, honest = Tags(make(evil(text), text)), Tags(make(evil("x"), "x"))
        assert found.names == honest.names
        assert not found.active


def test_markup_and_templates_in_names_stay_text_in_the_summary() -> None:
    found = Tags(summary_page([evil(EVIL)], EVIL))
    assert not {"script", "img"} & set(found.names)
    assert "{{7*7}}" in found.text
    assert not found.active


def test_a_page_may_load_nothing_and_run_nothing() -> None:
    for page in (student_page(grade(), "P"), summary_page([grade()], "P")):
        assert "default-src 'none'" in page.replace("&#39;", "'")
        assert "<script" not in page
        assert "http" not in page.replace("http-equiv", "")


def test_invisible_characters_are_shown_as_their_numbers() -> None:
    assert r"\u{202e}" in student_page(grade("a\u202ebpyni.ipynb"), "P")


def test_an_endless_message_is_cut() -> None:
    page = teacher_page(evil("x" * 1_000_000), "P")
    assert len(page) < 200_000


def test_pages_have_safe_names_of_their_own() -> None:
    names = [
        page_name(name) for name in ("a/b.ipynb", "a_b.ipynb", "../x", "ü" * 300, "\ud800", "")
    ]
    assert len(set(names)) == len(names)
    assert all(len(name.encode()) < 200 and "/" not in name for name in names)


@pytest.mark.parametrize(
    ("student", "shown"),
    [
        ("Jürgen von der Groß_1234568", "Jürgen_von_der_Groß_1234568_assignsubm"),
        # Four bytes a letter, as many as a file system takes.
        ("\U00020000" * 50, "\U00020000" * 19),
    ],
)
def test_a_long_name_is_cut_behind_the_student(student: str, shown: str) -> None:
    name = page_name(f"{student}_assignsubmission_file_/Lösung zu Blatt 3, zweiter Versuch.ipynb")
    assert name.startswith(shown)
    assert ".ipynb-" in name
    assert len(name.encode()) <= 120 + 33


def test_no_page_has_a_name_that_others_can_be_made_to_share() -> None:
    name = page_name("hw.ipynb")
    assert re.fullmatch(r"hw\.ipynb-[0-9a-f]{32}", name)
    assert page_name("a\udc80") != page_name("a?")
    # What a file system takes, with the ending of the file.
    assert len(page_name("\U00020000" * 300).encode()) < 200


def test_the_summary_counts_the_class() -> None:
    full = Grade("a", "", "graded", (Question("q", 2, 2, (Case("t", True, False, 2, ""),)),))
    half = Grade("b", "", "graded", (Question("q", 1, 2, (Case("t", False, False, 2, ""),)),))
    none = Grade("c", "", "rejected", reason="no notebook", seconds=9)
    found = summary([full, half, none])
    assert dict(found.statuses) == {"graded": 2, "rejected": 1}
    assert (found.mean, found.median, found.so_far) == (1.5, 1.5, 2)
    assert [item.count for item in found.distribution] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    (rate,) = found.rates
    assert (rate.full, rate.mean, rate.weakest, rate.failures) == (0.5, 0.75, "t", 1)
    assert found.slowest[0] is none
    assert [(look.reason, look.grades) for look in found.looks] == [("no notebook", (none,))]


def test_the_summary_says_why_a_hidden_test_is_undecided_once_for_all_submissions() -> None:
    said = "A hidden test could not decide; your teacher looks at it."
    doubt = "a test gives a function something that cannot be sent"
    asked = Question("q3", 0, 2, (Case("t", None, True, 2, said),), reason=said, doubt=doubt)
    written = Question("q4", 0, 2, manual=True, reason="a written answer")
    left = [Grade(name, "", "needs a teacher", (asked, written)) for name in ("a", "b")]
    (look,) = summary(left).looks
    assert (look.reason, look.grades) == (f"q3: {doubt}", tuple(left))
    page = summary_page(left, "P")
    assert page.count(doubt) == 1
    assert said not in page
    assert doubt not in student_page(left[0], "P")


def test_what_is_not_decided_counts_in_no_rate() -> None:
    open_case = Case("t", None, True, 2, "")
    left = Grade("a", "", "needs a teacher", (Question("q", 0, 2, (open_case,), reason="?"),))
    full = Grade("b", "", "graded", (Question("q", 2, 2, (Case("t", True, True, 2, ""),)),))
    (rate,) = summary([left, full]).rates
    assert (rate.full, rate.mean, rate.undecided, rate.count) == (1, 1, 1, 2)
    (rate,) = summary([left]).rates
    assert (rate.full, rate.mean, rate.undecided) == (None, None, 1)
    assert Tags(summary_page([left], "P")).text.count("–") > summary_page([full], "P").count("–")


def test_the_summary_names_failures_warnings_and_links_to_the_teachers_pages() -> None:
    bad = Grade("c.ipynb", "", "failed", reason="the kernel died")
    page = summary_page([grade(), bad], "Photos")
    for shown in ("the kernel died", "ran into its limit", f"teacher/{page_name('c.ipynb')}.html"):
        assert shown in page


def test_a_class_of_nobody_has_a_summary() -> None:
    assert "0 submissions" in summary_page([], "P")


def test_a_notebook_that_checks_no_question_is_named_to_student_and_teacher() -> None:
    shown = OTHER_FILE.replace("'", "&#39;")
    found = grade(warnings=(OTHER_FILE,))
    assert shown in student_page(found, "Homework")
    assert shown in teacher_page(found, "Homework")
    assert [look.grades for look in summary([found, grade()]).looks] == [(found,)]
    to_look_at = summary_page([found], "Homework").split("<caption>Warnings")[0]
    assert shown in to_look_at
