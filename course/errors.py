"""What goes wrong outside the code's own control, told in words a teacher can act on."""


class CourseError(Exception):
    """Names the thing that is wrong and the next step; commands print it and exit with 1."""


class DataError(CourseError):
    """A data set is missing, incomplete, altered or cannot be fetched."""


class RunError(CourseError):
    """A training run cannot be keyed, stored or found."""


class ChapterError(CourseError):
    """A chapter is unknown, unlisted, unreadable or raises when it is executed."""


class OutputsError(CourseError):
    """Committed outputs are missing, incomplete or altered."""


class SiteError(CourseError):
    """The site cannot be built or does not pass its checks."""
