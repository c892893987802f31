"""Marks submitted notebooks: bundles, intake, sandbox, values, checks, batch and reports.

The package imports neither `course` nor TensorFlow nor Sphinx: the grader's own environment
stays small, and nothing it needs can be reached from a student's notebook.
"""
