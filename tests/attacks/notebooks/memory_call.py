"""Answers a test with a gigabyte.

class: bombs
wins: memory
"""
# %%
def guess(door):
    return bytearray(b"x" * (1 << 30)) and 4 if door == "hall" else list(range(30_000_000))
