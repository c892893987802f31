"""What is raised where a test asks something that cannot be known on this side."""

from __future__ import annotations


class NeedsTeacher(BaseException):
    """A test asked what cannot be known here. No test catches it by `except Exception`.

    Attributes:
        about: what could not be carried, or "".
    """

    def __init__(self, text: str, about: str = "") -> None:
        super().__init__(text)
        self.about = about
