"""`python -m autograder`: the command line, also where the package is not installed."""

from autograder.commands import main

main()
