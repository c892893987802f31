"""Measurements of what the course promises. `make bench` prints them; no test asserts a time."""
