"""Pairs of submissions with the same code: a hint for a teacher, never a verdict."""

from autograder.similar.comparison import Pair, code, rank
from autograder.similar.pages import write

__all__ = ["Pair", "code", "rank", "write"]
