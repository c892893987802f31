"""Files of a submission that its notebook does not see: the tests ask about them instead.

The choice is made here from what a confined process (`autograder.photos`) says of each picture;
no byte of a picture is decoded in the grader's own process.
"""
