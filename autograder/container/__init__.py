"""What passes between the grader and a program in a container.

Descriptors do not pass into a container. Its input and output carry what the program's channels
would, in frames; what it prints goes to the container's error output. The modules run on both
sides, inside with the standard library alone.
"""
