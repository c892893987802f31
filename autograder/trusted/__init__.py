"""The process that holds the tests: it runs them on copies of values, and no student code.

It is confined like the student's process: it can read its tests, ask the student's process, and
write its results to one pipe.
"""
