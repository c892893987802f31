"""Takes shared memory that belongs to no file.

class: bombs
wins: memory
"""
# %%
import mmap
shared = mmap.mmap(-1, 1500 << 20)
for place in range(0, 1500 << 20, 4096):
    shared[place] = 1
