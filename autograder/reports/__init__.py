"""Pages that explain grades: one for each student, one for the teacher, one with both's detail."""

from autograder.reports.pages import (
    page_name,
    render,
    student_page,
    summary_page,
    teacher_page,
)

__all__ = ["page_name", "render", "student_page", "summary_page", "teacher_page"]
