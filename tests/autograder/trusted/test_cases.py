"""What a student reads of a case that failed."""

from __future__ import annotations

import pytest
from otter.test_files.exception_test import ExceptionTestFile

from autograder.trusted.cases import in_words

TESTS = """
OK_FORMAT = False
from otter.test_files import test_case
name, points = "q1", 1

@test_case()
def test_said(x):
    assert x == 2, "x is 1.\\nWhat is one more?"

@test_case()
def test_unsaid(x):
    assert x == 2

@test_case()
def test_broken(x):
    x.shape
"""


@pytest.fixture(scope="module")
def messages() -> list[str]:
    file = ExceptionTestFile.from_string(TESTS, path="q1.py")
    file.run({"x": 1})
    return [str(result.message) for result in file.test_case_results]


def test_a_student_reads_the_authors_sentence_and_no_traceback(messages: list[str]) -> None:
    assert in_words(messages[0]).split() == "x is 1. What is one more?".split()


def test_without_a_sentence_the_code_of_the_test_stays(messages: list[str]) -> None:
    assert "assert x == 2" in in_words(messages[1])


def test_another_error_is_shown_whole(messages: list[str]) -> None:
    assert "AttributeError" in in_words(messages[2])
    assert "x.shape" in in_words(messages[2])


def test_a_students_own_text_is_not_cut() -> None:
    assert in_words("AssertionError: printed by a notebook") == (
        "AssertionError: printed by a notebook"
    )
