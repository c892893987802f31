"""Runs chapters, keeps their outputs and says when these no longer belong to the text."""
