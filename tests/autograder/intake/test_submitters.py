"""Whom the metadata of a Gradescope download names, whatever else stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake.submitters import submitters
from autograder.records import Member


def listed(lines: str) -> list[tuple[str, str]]:
    members = submitters(f"submission_1:\n{lines}").get("1", ())
    return [(member.name, member.number) for member in members]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ada Lee", "Ada Lee"),
        ("Ben O'Neil", "Ben O'Neil"),
        ("'O''Neil, Ben'", "O'Neil, Ben"),
        ('"Zo\\xEB \\"Z\\" \\u00D6z\\\\"', 'Zoë "Z" Öz\\'),
        ('"\\uD800\\U00110000\\U0001F600"', "\ufffd\ufffd\U0001f600"),
        ("'name: Eve'", "name: Eve"),
        ("", ""),
        ("~", ""),
        ("null", ""),
        ("'null'", "null"),
        ('"', '"'),
    ],
)
def test_names_are_read_in_whichever_quotes(written: str, name: str) -> None:
    assert listed(f"  :submitters:\n  - :name: {written}\n    :sid: '7'\n") == [(name, "7")]


@pytest.mark.parametrize("dash", ["  - ", "    - ", "  -   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lists_may_be_set_in(dash: str, end: str) -> None:
    more = " " * len(dash)
    lines = f"  :submitters:\n{dash}:name: Ada\n{more}:sid: 7\n  :results:\n    name: q1\n"
    assert listed(lines.replace("\n", end)) == [("Ada", "7")]


def test_each_member_of_a_group_has_the_number_that_stands_with_the_name() -> None:
    people = (
        "  - :name: A\n    :email: a@x\n  - :sid: 12\n    :name: B\n  - :name: C\n    :sid: 13\n"
    )
    assert listed(f"  :submitters:\n{people}") == [("A", ""), ("B", "12"), ("C", "13")]


def test_keys_deeper_than_a_person_say_nothing_of_the_person() -> None:
    lines = "  :submitters:\n  - :name: Ada\n    :more:\n      :name: q1\n      :sid: 9\n"
    assert listed(lines) == [("Ada", "")]


def test_a_submission_without_people_has_no_names() -> None:
    assert listed("  :submitters: []\n  :results:\n    tests:\n    - name: q1\n") == []
    assert submitters("submission_1:\nother:\n  :submitters:\n  - :name: Eve\n") == {}


def test_a_line_ends_where_it_does_in_yaml() -> None:
    shown = "  :submitters:\n  - :name: Ada\n    :sid: 7\n  :results:\n    output: a\u2028{}\n"
    forged = shown.format("submission_2:\x85  :submitters:\x0b  - :name: Eve")
    assert submitters(f"submission_1:\n{forged}") == {"1": (Member("Ada", "7"),)}


def test_a_long_line_takes_no_longer_than_it_is() -> None:
    printed = f"    output: 'x{' ' * 2_000_000}y'\n    {' ' * 2_000_000}y: -\n"
    lines = f"  :submitters:\n  - :name: Ada\n  :results:\n{printed}"
    assert listed(lines) == [("Ada", "")]


@given(st.text(), st.text())
def test_any_text_is_read(before: str, behind: str) -> None:
    found = submitters(f"{before}\nsubmission_1:\n  :submitters:\n  - :name: Ada\n{behind}")
    assert found["1"][0].name.startswith("Ada")
