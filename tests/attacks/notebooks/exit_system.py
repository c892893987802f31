"""Raises SystemExit from a comparison, in the tests' process.

class: forged results
wins: crash
"""
# %%
import os
class Leave:
    shape = (5,)
    def __array__(self, dtype=None, copy=None):
        os._exit(1)
answer = Leave()
