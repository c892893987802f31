"""Loops forever inside the conversion to an array.

class: endless loops
wins: hang
"""
# %%
class Slow:
    shape = (5,)
    def __array__(self, dtype=None, copy=None):
        while True:
            pass
answer = Slow()
