"""Otter's own grading of a notebook, in a sandbox of its own: a second look at lost points.

It runs the tests as `otter run` does, in the notebook's process, where code of the notebook can
read and change them. So its points are never a grade: where they are more than ours, a teacher
decides.
"""
