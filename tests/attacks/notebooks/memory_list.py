"""Takes two gigabytes of memory.

class: bombs
wins: memory
"""
# %%
hoard = [bytearray(b"x" * (50 << 20)) for _ in range(40)]
