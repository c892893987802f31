"""What stops the grader, told in words a teacher can act on."""

from __future__ import annotations

# For the student, where what was handed in leads to an error that nobody has foreseen.
UNREAD = (
    "What you handed in could not be read: the grader met an error. Your teacher has been told."
)


class GraderError(Exception):
    """Names the thing that is wrong and the next step; commands print it and exit with 1."""


class BundleError(GraderError):
    """An assignment is missing, damaged or of a kind that cannot be graded."""


class Rejected(GraderError):
    """A submission that is not graded; the message is for the student."""


class SandboxError(GraderError):
    """No sandbox can be had, or it did not start."""
