"""Grades a class: resumes, caches, and lets no submission stop the others."""

from autograder.batch.batch import Batch, grade_all
from autograder.batch.changes import Change, compare, replaced
from autograder.batch.store import Store

__all__ = ["Batch", "Change", "Store", "compare", "grade_all", "replaced"]
