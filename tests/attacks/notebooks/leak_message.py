"""Puts the hidden input into the text of an exception.

class: leaks
wins: leak
"""
# %%
import sys
def guess(door):
    frame = sys._getframe(1)
    if "secret" in frame.f_locals:
        raise ValueError(str(frame.f_locals["secret"]))
    return 4
