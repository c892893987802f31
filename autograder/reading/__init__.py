"""What a teacher reads: the written answers of a submission beside the rubric, as one page."""

from autograder.reading.page import page
from autograder.reading.written import Answer, WrittenQuestion, answers, questions

__all__ = ["Answer", "WrittenQuestion", "answers", "page", "questions"]
