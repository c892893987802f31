"""Otter's own grading of a notebook, in a sandbox of its own: a second look at lost points.

It runs the tests as `otter run` does, in the notebook's process, where code of the notebook can
read and change them. So its points are never a grade: where they are more than ours, a teacher
decides.
"""

# In the record of a grade, under `RECORD`: nothing was lost; Otter said nothing of what was lost;
# it could not be asked this time, which the next run of the batch tries again.
RECORD = "second look"
NOT_NEEDED, NO_ANSWER, NOT_DONE = "not needed", "no answer", "not done"
