"""What a warm room is: an interpreter that has imported its libraries and forks for a submission.

Runs inside the sandbox with the standard library and what its side of the grader needs. The
interpreter that waits knows no test, no notebook and no setting of the grader: whatever belongs to
a submission comes on a descriptor that only the fork reads.
"""
