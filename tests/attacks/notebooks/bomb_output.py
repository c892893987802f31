"""Prints eighty megabytes.

class: bombs
wins: output
"""
# %%
import os
for _ in range(80):
    os.write(2, b"x" * (1 << 20))
