"""The tables of scores, read back as a spreadsheet or a platform would."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import scores
from autograder.errors import GraderError
from autograder.records import Grade, Member, Question, Status


def grade(
    submission: str = "a.ipynb",
    student: str = "Ada",
    status: Status = "graded",
    points: tuple[float, ...] = (1.0, 0.5),
    identifier: str = "",
    manual: bool = False,
) -> Grade:
    questions = tuple(
        Question(f"q{place}", reached, 2.0, manual=manual)
        for place, reached in enumerate(points, start=1)
    )
    provenance = {scores.IDENTIFIER: identifier} if identifier else {}
    return Grade(submission, student, status, questions, seconds=1.234, provenance=provenance)


def lines(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_row_holds_the_score_of_each_question_between_the_fixed_columns(tmp_path: Path) -> None:
    scores.write(tmp_path / "scores.csv", [grade()])
    assert lines(tmp_path / "scores.csv") == [
        ["submission", "student", "score", "possible", "q1", "q2", "status", "seconds"],
        ["a.ipynb", "Ada", "1.5", "4", "1", "0.5", "graded", "1.23"],
    ]


def test_a_written_answer_has_no_points_before_it_is_marked() -> None:
    written = Question("q2", 0.0, 5.0, manual=True)
    rows = scores.table([Grade("a", "", "graded", (Question("q1", 1, 1), written))])
    assert rows[1] == ["a", "", "1", "6", "1", "", "graded", "0"]


def test_an_import_says_once_how_many_have_written_answers_to_mark() -> None:
    found = [grade(name, identifier=name, manual=True) for name in "123"]
    _, left = scores.canvas(found, "Photos")
    assert [one.submission for one in left] == ["3 submissions"]
    assert "still to be marked" in left[0].reason
    assert "scores.csv" in left[0].reason


def test_a_rejected_submission_has_a_row_without_a_score(tmp_path: Path) -> None:
    scores.write(tmp_path / "s.csv", [grade(), grade("b.ipynb", status="rejected", points=())])
    assert lines(tmp_path / "s.csv")[2] == ["b.ipynb", "Ada", "", "", "", "", "rejected", "1.23"]


def test_questions_that_only_some_submissions_have_get_a_column_each() -> None:
    late = Grade("b.ipynb", "", "graded", (Question("extra", 1, 1),))
    rows = scores.table([grade(), late])
    assert rows[0][4:7] == ["q1", "q2", "extra"]
    assert rows[2][4:7] == ["", "", "1"]


def test_a_question_called_like_a_fixed_column_gets_a_heading_of_its_own() -> None:
    rows = scores.table([Grade("a", "", "graded", (Question("status", 1, 1),))])
    assert rows[0][4:6] == ["status (question)", "status"]


@pytest.mark.parametrize("begin", scores.FORMULA)
def test_a_name_that_could_be_a_formula_is_text_in_the_table(begin: str) -> None:
    for name in (f"{begin}HYPERLINK(1)", f"  {begin}=1"):
        assert scores.table([grade(student=name)])[1][1].startswith("'")


@given(st.text(), st.text())
def test_every_name_is_one_cell_that_is_no_formula(submission: str, student: str) -> None:
    rows = scores.table([grade(submission, student)])
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    (_, row) = csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    assert len(row) == 8
    assert not row[0].lstrip().startswith(("=", "+", "-", "@"))
    assert not row[1].lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("mark", [";", "|", "\t", "\n", "\r", "\r\n"])
@pytest.mark.parametrize("blank", ["", " ", '"', ' " ', "\xa0"])
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝"])
def test_a_formula_behind_another_programs_separator_is_text(
    mark: str, blank: str, begin: str
) -> None:
    assert scores.safe(f"a{mark}{blank}{begin}1+1.ipynb") == f"a{mark}'{blank}{begin}1+1.ipynb"


@given(st.text(st.sampled_from(";|,\t\r\n\"' =+-@x")), st.text())
def test_no_program_finds_a_formula_whichever_sign_it_parts_cells_at(
    submission: str, student: str
) -> None:
    for name in (submission, student):
        rows = scores.table([grade(name, name)])
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\r\n").writerows(rows)
        for mark in ";|\t":
            for line in buffer.getvalue().replace("\r", "\n").split("\n"):
                for cell in line.split(mark):
                    assert not cell.lstrip(' \t"').startswith(("=", "+", "-", "@"))


def test_honest_names_stay_as_they_are() -> None:
    for name in ("a-b (1).ipynb", "Lee, Ada; Neil, Ben", "x=1|y.ipynb", "Zoë O'Neil", "e+f"):
        assert scores.safe(name) == name


def test_the_file_is_marked_as_utf_8_and_its_lines_end_as_rfc_4180_says(tmp_path: Path) -> None:
    scores.write(tmp_path / "s.csv", [grade(student='Zoë "Z", née\nÖz')])
    raw = (tmp_path / "s.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert '"Zoë ""Z"", née\nÖz"'.encode() in raw
    assert raw.count(b"\r\n") == 2
    assert scores.read(tmp_path / "s.csv")[0]["student"] == 'Zoë "Z", née\nÖz'


def test_points_are_written_in_their_shortest_form() -> None:
    written = [scores.number(value) for value in (0.1 + 0.2, 2.0, 1 / 3, float("nan"))]
    assert written == ["0.3", "2", "0.333333", ""]


def test_canvas_gets_the_numbers_of_its_students_and_the_points_possible() -> None:
    rows, left = scores.canvas([grade(identifier="4711")], "Photos")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Photos"]
    assert rows[1] == ["Points Possible", "", "", "", "", "4"]
    assert rows[2] == ["Ada", "4711", "", "", "", "1.5"]
    assert not left


def test_canvas_gets_the_points_possible_where_no_grade_is_certain_yet() -> None:
    rows, left = scores.canvas([grade(status="needs a teacher", identifier="1")], "Photos")
    assert rows[1:] == [["Points Possible", "", "", "", "", "4"]]
    assert [item.submission for item in left] == ["a.ipynb"]


def test_canvas_gets_no_points_possible_that_nobody_knows() -> None:
    rejected = Grade("hw.ipynb", "Ada", "rejected", reason="No notebook.")
    rows, left = scores.canvas([rejected], "Photos")
    assert rows[1:] == [["Points Possible", "", "", "", "", ""]]
    assert left[1].submission == "Points Possible"
    assert "not known" in left[1].reason


def test_moodle_gets_its_participants_below_the_headings_that_it_asks_for() -> None:
    rows, _ = scores.moodle([grade(identifier="12")])
    assert rows == [
        ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"],
        ["Participant 12", "Ada", "1.5", "4", "-"],
    ]


def test_an_import_leaves_out_what_is_not_certain_and_says_why(tmp_path: Path) -> None:
    uncertain = [
        grade("a", status="needs a teacher", identifier="1"),
        grade("b", identifier="2", manual=True),
        grade("c"),
        grade("d", identifier="4"),
    ]
    left = scores.write(tmp_path / "c.csv", uncertain, "moodle")
    assert [item.submission for item in left] == ["a", "c", "1 submission"]
    assert all(item.reason for item in left)
    assert len(lines(tmp_path / "c.csv")) == 2


@pytest.mark.parametrize("layout", ["moodle", "canvas"])
@pytest.mark.parametrize("number", ["99", "099"])
def test_an_import_leaves_out_all_of_one_number_and_names_them(
    layout: scores.Format, number: str, tmp_path: Path
) -> None:
    both = [
        grade("a", "Ada", identifier=number),
        grade("b", "Ben", identifier="99"),
        grade("c", "Cy", identifier="12"),
        grade("d", "Di", identifier="0"),
        grade("e", "Eve"),
    ]
    left = scores.write(tmp_path / "c.csv", both, layout)
    assert [item.submission for item in left] == ["a", "b", "e"]
    assert f"number {number} is also that of b" in left[0].reason
    assert "number 99 is also that of a" in left[1].reason
    text = (tmp_path / "c.csv").read_text()
    assert "99" not in text
    assert "Cy" in text


def together(submission: str, *members: tuple[str, str]) -> Grade:
    people = tuple(Member(*member) for member in members)
    names = ", ".join(member.name for member in people)
    provenance = {scores.IDENTIFIER: members[0][1]}
    questions = (Question("q1", 1.5, 4.0),)
    return Grade(submission, names, "graded", questions, provenance=provenance, members=people)


def test_each_member_of_a_group_gets_the_points_of_the_group() -> None:
    pair = together("submission_1/hw.ipynb", ("A One", "11"), ("B Two", "12"))
    rows, left = scores.canvas([pair], "Photos")
    # The numbers are the school's: Canvas's own would be another student's.
    assert rows[2:] == [
        ["A One", "", "11", "", "", "1.5"],
        ["B Two", "", "12", "", "", "1.5"],
    ]
    rows, more = scores.moodle([pair])
    # Moodle's own would be, too, and it has no column for the school's.
    assert rows[1:] == []
    assert [one.submission for one in more] == [
        f"{pair.submission}, {who}" for who in ("A One", "B Two")
    ]
    assert not left
    assert len(scores.table([pair])) == 2


def test_a_member_without_a_number_is_named_as_left_out() -> None:
    rows, left = scores.canvas([together("s", ("A One", "11"), ("B Two", ""))], "Photos")
    assert [row[0] for row in rows[2:]] == ["A One"]
    assert [(one.submission, one.reason) for one in left] == [
        ("s, B Two", "Gradescope lists no student number")
    ]


def test_a_member_who_handed_in_twice_is_left_out_and_the_others_are_not() -> None:
    both = [together("s", ("A One", "11"), ("B Two", "12")), together("t", ("B Two", "012"))]
    rows, left = scores.canvas(both, "Photos")
    assert [row[0] for row in rows[2:]] == ["A One"]
    assert [one.submission for one in left] == ["s, B Two", "t"]
    assert "is also that of t" in left[0].reason


def test_the_members_are_kept_with_the_grade() -> None:
    pair = together("s", ("A One", "11"), ("B Two", "12"))
    assert Grade.from_json(pair.to_json()) == pair


def test_a_number_counts_twice_whatever_became_of_the_other_submission(tmp_path: Path) -> None:
    both = [grade("a", identifier="99"), grade("b", status="needs a teacher", identifier="99")]
    left = scores.write(tmp_path / "c.csv", both, "moodle")
    assert [item.submission for item in left] == ["a", "b"]
    assert len(lines(tmp_path / "c.csv")) == 1


def test_a_write_that_fails_leaves_the_old_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.csv"
    scores.write(path, [grade()])
    before = path.read_bytes()

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GraderError, match="No space left"):
        scores.write(path, [grade("b.ipynb")])
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["s.csv"]


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"missing\.csv"):
        scores.read(tmp_path / "missing.csv")
