"""The questions of a chapter are read, and every fault in them is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course import quizzes
from course.errors import QuizError
from course.quizzes import Question, Text

BOOK = Path(__file__).parents[2] / "book"
GOOD = """\
# Whose questions these are.
- question: |
    How large is $5 \\times 5$, padded?

  answers:
    - right: 28 × 28
      because: Nothing is cut off.
    - wrong: 1,400
      because: |
        That is a number
        of parameters.
- question: What adds up?
  kind: multiple
  answers:
    - right: "a: b"
      because: Yes.
    - right: yes
      because: Yes again.
    - wrong: no
      because: No.
- question: How many?
  kind: numeric
  within: 0.5
  answers:
    - right: 1400
      because: Count.
    - wrong: 0.25
      because: Too few.
  otherwise: Try again.
"""
Read = Callable[[str], list[Question]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a text as the questions of a chapter."""

    def run(text: str) -> list[Question]:
        path = quizzes.file_of(tmp_path, "03-pooling")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return quizzes.read(path)

    return run


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def test_questions_are_read_with_their_lines_and_nothing_is_taken_for_another_type(
    read: Read,
) -> None:
    single, multiple, numeric = read(GOOD)
    assert single.kind == "single"
    assert single.text == Text("How large is $5 \\times 5$, padded?", 3)
    assert [a.name for a in single.answers] == ["a", "b"]
    assert [a.right for a in single.answers] == [True, False]
    assert single.answers[1].text == Text("1,400", 8)
    assert single.answers[1].because == Text("That is a number\nof parameters.", 10)
    assert [a.text.text for a in multiple.answers] == ["a: b", "yes", "no"]
    assert [a.right for a in multiple.answers] == [True, True, False]
    assert [a.name for a in numeric.answers] == ["1,400", "0.25"]
    assert numeric.within == 0.5
    assert numeric.otherwise == Text("Try again.", 29)
    assert [text.line for text in numeric.texts()] == [21, 25, 26, 27, 28, 29]


ANSWER = "    - wrong: 1,400\n      because: |\n        That is a number\n        of parameters.\n"
SECOND = GOOD[GOOD.index("- question: What") : GOOD.index("- question: How many")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": no list of questions. Begin each with `- question: |`."),
        ("a: 1\n", ":1: no list of questions."),
        (GOOD.replace(SECOND, ""), ": 2 questions. A chapter has 3 to 5."),
        (SECOND, ": one question. A chapter has 3 to 5."),
        (SECOND * 6, ": 6 questions. A chapter has 3 to 5."),
        (changed("What adds up?", "`What` adds up?"), ":12: no YAML: found character '`' that"),
        (changed("What adds up?", "What: how?"), ":12: no YAML: mapping values are not allowed"),
        (changed("What adds up?", "*What* adds up?"), ":12: no YAML:"),
        (changed("What adds up?", "C # or D?"), ":12: question 2: YAML takes '# or D?' for a com"),
        (changed(SECOND, "- x\n"), ":12: question 2: keys are expected here"),
        (changed("What adds up?", "[a, b]"), ":12: question 2: a text is expected here. Put the"),
        (changed("What adds up?", ""), ":12: question 2: no `question:`. Ask it:"),
        (changed("question: What adds up?\n  ", ""), ":12: question 2: no `question:`. Ask it:"),
        (changed("  kind: mul", "  sort: mul"), ":13: question 2: unknown key `sort`. Use `answer"),
        (changed("  kind: multiple", "  kind: many"), ":13: question 2: kind 'many' is unknown. "),
        (
            changed("  kind: multiple", "  kind: single\n  kind: single"),
            ":14: question 2: `kind:` stands there twice. Remove one.",
        ),
        (changed("  kind: multiple\n", ""), "question 2: 2 right answers (a and b). Mark one with"),
        (
            changed("- wrong: 0.25", "- right: 0.25"),
            "question 3: 2 right answers (1,400 and 0.25). Mark one with `right:`.",
        ),
        (
            changed("- right: 28 × 28", "- wrong: 28 × 28"),
            ":6: question 1: no right answer. Mark it with `right:`.",
        ),
        (
            changed("- wrong: 1,400", "- right: 1,400"),
            ":6: question 1: 2 right answers (a and b). Mark one with `right:`, or write `kind:",
        ),
        (changed("- wrong: no\n", "- right: no\n"), ":15: question 2: no wrong answer. Add one"),
        (changed("      because: No.\n", ""), ":19: question 2, answer c: no explanation. Say why"),
        (
            changed("because: No.", "because: ''"),
            ":20: question 2, answer c: no explanation. Say w",
        ),
        (
            changed("      because: Count.\n", ""),
            ":25: question 3, answer a: no explanation. Say why it is right: `because: |`.",
        ),
        (
            changed("- wrong: no\n", "- wrong:\n"),
            ":19: question 2, answer c: no `wrong:`. Write the answer",
        ),
        (
            changed("- wrong: no\n      because", "- because"),
            ":19: question 2, answer c: neither `right:` nor `wrong:`. Write one of them",
        ),
        (
            changed("- wrong: no\n", "- wrong: no\n      right: yes\n"),
            ":19: question 2, answer c: both `right:` and `wrong:`. Write one of them",
        ),
        (
            changed("- wrong: no\n", "- wrong: no\n      explanation: x\n"),
            ":20: question 2, answer c: unknown key `explanation`. Use `because`, `right` or",
        ),
        (changed("- wrong: no\n", "- wrong: yes\n"), "the answer 'yes' stands there twice."),
        (changed(ANSWER, ""), ":6: question 1: one answer. Give 2 to 6 of them."),
        (changed(ANSWER, ANSWER * 6), ":6: question 1: 7 answers. Give 2 to 6 of them."),
        (
            changed(GOOD[GOOD.index("  answers") : GOOD.index("- question: What")], "  answers:\n"),
            "question 1: no answers. List them under `answers:`, each with `- right:`",
        ),
        (changed("  otherwise: Try again.\n", ""), "question 3: no `otherwise:`. Say what helps"),
        (changed("right: 1400", "right: many"), "question 3, answer a: 'many' is no number. Write"),
        (changed("right: 1400", "right: .nan"), "question 3, answer a: '.nan' is no number."),
        (changed("within: 0.5", "within: near"), "question 3: 'near' is no number."),
        (changed("within: 0.5", "within: -1"), "question 3: `within:` is negative."),
        (
            changed("  kind: multiple", "  kind: multiple\n  within: 1"),
            ":14: question 2: `within:` is for `kind: numeric`. Remove it.",
        ),
        (
            changed("  kind: multiple", "  kind: multiple\n  otherwise: x"),
            ":14: question 2: `otherwise:` is for `kind: numeric`. Remove it.",
        ),
        ("- &a [*a]\n", ":1: question 1: keys are expected here"),
        ("\x00", ": no YAML: "),
    ],
)
def test_a_fault_is_named_with_file_line_and_question_and_the_next_step(
    read: Read, text: str, message: str
) -> None:
    with pytest.raises(QuizError) as fault:
        read(text)
    assert str(fault.value).startswith("book/quizzes/03-pooling.yml:")
    assert message in str(fault.value)


def test_a_missing_file_and_one_in_another_encoding_are_named(read: Read, tmp_path: Path) -> None:
    with pytest.raises(QuizError, match=r"^book/quizzes/09-none\.yml: missing\. Write it"):
        quizzes.read(quizzes.file_of(tmp_path, "09-none"))
    read(GOOD)
    quizzes.file_of(tmp_path, "03-pooling").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(QuizError, match=r"not in UTF-8 .* Save it so"):
        quizzes.read(quizzes.file_of(tmp_path, "03-pooling"))


@pytest.mark.parametrize("path", sorted((BOOK / "quizzes").iterdir()), ids=lambda path: path.name)
def test_the_questions_of_a_chapter_are_complete_and_its_page_shows_them(path: Path) -> None:
    assert len(quizzes.read(path)) in quizzes.QUESTIONS
    assert "```{quiz}\n```\n" in (BOOK / f"{path.stem}.md").read_text(encoding="utf-8")
