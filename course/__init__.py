"""An executable course on convolutional networks: data sets, runs, chapter outputs, the site.

What a chapter imports is small: `course.data`, `course.plots`, `course.profiles`, `course.results`
and `course.runs`. The rest builds the site and never runs in a reader's notebook.
"""

__version__ = "0.1.0"
