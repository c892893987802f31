"""`python -m course`: the command line, also where the package is not installed."""

from course.commands import main

main()
