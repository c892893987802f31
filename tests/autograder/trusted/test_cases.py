"""What a student reads of a case that failed."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from otter.test_files.exception_test import ExceptionTestFile

from autograder.trusted import cases, doubts
from autograder.trusted import student as reached
from autograder.trusted.absent import Absent
from autograder.trusted.cases import in_words
from autograder.trusted.standins import Function
from autograder.values.wire import Channel
from tests.autograder.bundles import exceptions

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


@pytest.mark.parametrize(
    ("body", "passed"),
    [
        ("while True: pass", None),
        ("while True: function()", None),
        ("while True: function(0.05)", False),
        ("assert function(0.05) is None", True),
    ],
)
def test_who_took_the_time_of_a_case_decides(
    body: str, passed: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(ref: int, arguments: tuple[float, ...], *_: object) -> None:
        student.calls += 1
        time.sleep(*arguments or (0.0001,))

    path = tmp_path / "q1.py"
    path.write_text(exceptions("q1", f"@test_case()\ndef t(function):\n    {body}\n"))
    monkeypatch.setattr(cases, "GRACE", 0.0)
    generators = SimpleNamespace(diverged=lambda: False, moved=False)
    around = SimpleNamespace(begin=lambda: None, missing="", generators=generators)
    monkeypatch.setattr(reached, "Surroundings", lambda: around)
    student = reached.Student(Channel(-1, -1), frozenset())
    monkeypatch.setattr(student, "sent", sent)
    looked: list[int] = []
    monkeypatch.setattr(student, "lost", lambda _, asked: looked.append(asked))
    question = cases.Question(path, False, ["function"], frozenset())
    function = type.__call__(Function, student, {"ref": 1, "name": "function"})
    question.look_at({"function": function}, student.shared)
    ended = question.case(0, student, 0.4)
    # Once, whatever came of it: the notebook's process must not learn that.
    assert looked == [0]
    assert ended["passed"] is passed, ended
    assert bool(ended["doubt"]) is (passed is None)


@pytest.mark.parametrize("part", ["\n", "\t\n", " ", "AssertionError: \n"])
def test_a_long_message_is_read_once(part: str) -> None:
    said = part * (2_000_000 // len(part)) + "x"
    assert in_words(f"Error at line 1{said}").endswith("x")
    assert doubts.NO_FILE.search(said) is None
    absent = Absent()
    absent.names.add("x")
    assert absent.named(said) == ""
    assert absent.named(f"{said}\n\tModuleNotFoundError: No module named 'x'") == "x"
