"""The command line `autograder`."""
