"""Warm rooms: interpreters that have imported their libraries fork once for each submission.

Where that is not possible or not safe, `NotWarm` says why, and the grader takes a cold room.
"""

from autograder.warm.pool import Pool, shared
from autograder.warm.template import NotWarm, Template

__all__ = ["NotWarm", "Pool", "Template", "shared"]
