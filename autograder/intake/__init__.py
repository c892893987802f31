"""From what was handed in to submissions: recognised, bounded, and nothing executed.

`discover` looks at paths and gives one `Upload` per student; `Upload.read` gives the submission
or raises `Rejected` with a sentence for that student. One bad upload says nothing about the rest.
"""

from autograder.intake.limits import Limits
from autograder.intake.uploads import Submission, Upload, class_within, discover, order

__all__ = ["Limits", "Submission", "Upload", "class_within", "discover", "order"]
